// Small .tms files that unpack to much: refused, or loaded, within bounded time and memory. They are made here.
#include "outcome.h"
#include "tests/support/sanitizer.h"
#include "tests/support/tms_assembler.h"
#include "tms_bad_cases.h"

#include <doctest/doctest.h>

#include <snapshot/error.h>
#include <snapshot/file.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <string>

using testing::assemble;
using testing::columns;
using testing::FileParts;
using testing::varint;
using testing::varints;
using testing::zstd_frame;

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
constexpr double kMostSeconds = 20;  // of the processor
constexpr double kMostMiB = 2560;

struct Cost {
  std::string message;
  double seconds;
  double peak_mib;
};

std::string message_of(const std::string& path) {
  try {
    snapshot::SnapshotFile file = snapshot::SnapshotFile::open(path);
    static_cast<void>(file.load(std::make_shared<snapshot::Symbols>()));
    return "loads";
  } catch (const snapshot::Error& error) {
    return error.what();
  } catch (const std::bad_alloc&) {
    return "not enough memory";
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Loads in a process of its own, which may take 6 GiB and a minute before the system stops it.
Cost cost_of_loading(const std::string& bytes) {
  const formats_test::TemporaryFile file(bytes);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit memory{6144 * kMiB, 6144 * kMiB};
    const rlimit time{60, 60};
    static_cast<void>(::setrlimit(RLIMIT_AS, &memory));
    static_cast<void>(::setrlimit(RLIMIT_CPU, &time));
    const std::string message = message_of(file.path());
    static_cast<void>(!::write(ends[1], message.data(), message.size()));
    ::_exit(0);
  }
  ::close(ends[1]);
  std::array<char, 4096> text{};
  const ssize_t length = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  int status = 0;
  rusage usage{};
  REQUIRE(::wait4(child, &status, 0, &usage) == child);
  const std::string said = length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "no word";
  return {said, seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

void check_bomb(const std::string& name, const FileParts& parts, const std::string& expected) {
  CAPTURE(name);
  const std::string bytes = assemble(parts);
  const Cost cost = cost_of_loading(bytes);
  MESSAGE(name, ": ", bytes.size() / 1024, " KiB, ", cost.seconds, " s, ", cost.peak_mib, " MiB: ", cost.message);
  // Where in the file it is depends on how well zstd packs.
  const std::size_t colon = cost.message.starts_with("offset ") ? cost.message.find(": ") + 2 : 0;
  CHECK(cost.message.substr(colon) == expected);
  CHECK(cost.seconds < kMostSeconds);
  CHECK(cost.peak_mib < kMostMiB);
}

FileParts with(const std::string& type, std::string plain) {
  FileParts parts = tms_bad::sound();
  parts[type].stored.reset();
  parts.replace(type, std::move(plain));
  return parts;
}

/// What the column of a number repeated is.
std::string repeated(const std::string& pattern, std::uint64_t times) {
  std::string column;
  for (; times > 0; --times) column += pattern;
  return column;
}

/// Blocks of which nothing more is known, all of `size` bytes and of one total, in as many pages as they take.
FileParts equal_blocks(std::uint64_t blocks, std::uint64_t size, bool by_total) {
  constexpr std::uint64_t kPage = 16384;
  FileParts parts = tms_bad::sound();
  parts.replace("META", varint(blocks * size) + varint(blocks));
  parts.replace("TOTL",
                columns(varint(1), {varint(0), varint(0), varint(0), varint(blocks - 1), varint(size), varint(0)}));
  parts.replace("SIZE", columns("", {varint(0), "", ""}));
  std::string sizes;
  if (by_total) sizes = varint(size + 1) + std::string(kPage - 1, '\0');
  const std::string page = columns("", {"", std::string(kPage, '\0'), sizes, "", "", ""});
  const std::string frame = zstd_frame(page);
  std::string index = varints({blocks, 0, 4, 0, by_total ? 1U : 0U});
  std::string stored;
  for (std::uint64_t first = 0; first < blocks; first += kPage) {
    index += varint(frame.size());
    stored += frame;
  }
  parts.replace("BIDX", index);
  parts["BLKS"].stored = stored;
  parts["BLKS"].says_plain = blocks / kPage * page.size();
  return parts;
}

/// The same blocks, by turns of two types, or, but for the first, of one of them.
FileParts typed_blocks(std::uint64_t blocks, bool by_turns) {
  constexpr std::uint64_t kPage = 16384;
  FileParts parts = equal_blocks(blocks, 16, false);
  std::string pages;
  std::string places;
  const std::string page = by_turns ? repeated("\1\2", kPage / 2) : "\2" + std::string(kPage - 1, '\0');
  for (std::uint64_t first = 0; first < blocks; first += kPage) {
    pages += varint(kPage);
    places += page;
  }
  if (!by_turns) places.replace(0, 2, "\1\2");
  const std::uint64_t count = by_turns ? blocks / 2 : 1;
  parts.parts.push_back({"tYPE", columns(varint(2), {varints({0, 1, 0, 1}), "ab", varint(1), varints({1, 0}),
                                                     varint(count - 1), pages, places})});
  return parts;
}

}  // namespace

// Not under ASan, which takes minutes and several times the memory for the same.
TEST_SUITE("formats.tms" * doctest::skip(testing::kSanitized)) {
  TEST_CASE("64 MiB of zeros in any section are refused") {
    const std::string zeros(64 * kMiB, '\0');
    const auto behind = [](const std::string& type, std::size_t head) {
      return "section " + type + ", byte " + std::to_string(head) + ": " + std::to_string(64 * kMiB - head) +
             " bytes more than there should be";
    };
    check_bomb("META", with("META", zeros), "section META of 67108864 bytes");
    check_bomb("STRS", with("STRS", zeros), behind("STRS", 3));
    check_bomb("FRMS", with("FRMS", zeros), behind("FRMS", 5));
    check_bomb("TRCB", with("TRCB", zeros), behind("TRCB", 4));
    check_bomb("TOTL", with("TOTL", zeros), behind("TOTL", 7));
    check_bomb("SIZE", with("SIZE", zeros), behind("SIZE", 3));
    check_bomb("BIDX", with("BIDX", zeros), "section BIDX, byte 5: the pages leave 32 bytes of blocks over");
    FileParts parts = tms_bad::sound();
    parts["BLKS"].stored = zstd_frame(zeros);
    parts["BIDX"].plain = varints({4, 3, 4, 0, 0, parts["BLKS"].stored->size(), 0x100, 0x1008});
    check_bomb("BLKS", parts, "section BLKS: a frame of more than 280 bytes");
  }

  TEST_CASE("a section of gigabytes, and many that are gigabytes together, are refused") {
    FileParts parts = tms_bad::sound();
    parts.parts.push_back({"note", "", zstd_frame(std::string(80 * kMiB, '\0')), 80 * kMiB});
    check_bomb("80 MiB", parts, "section note: 2583 bytes cannot hold the 83886080 that they say");
    parts = tms_bad::sound();
    const std::string stored = zstd_frame(std::string(60 * kMiB, '\0'));
    for (int count = 0; count < 200; ++count) parts.parts.push_back({"note", "", stored, 60 * kMiB});
    check_bomb("200 times 60 MiB", parts, "section note: 3886 bytes cannot hold the 125829120 that they say");
  }

  TEST_CASE("facts of the process that are very many take bounded memory") {
    const std::string head = varint(104) + varint(4);
    const std::string none = "section BLKS, byte 16: 1 is more than 0 threads";
    check_bomb("arguments", with("META", head + repeated(std::string("\x04\0", 2), 8 * kMiB - 8)), none);
    check_bomb("modules", with("META", head + repeated(std::string("\x11\0\0\0\0", 5), 3 * kMiB)), none);
    check_bomb("metrics", with("META", head + repeated(std::string("\x12\0\0\0", 4), 4 * kMiB - 8)), none);
    check_bomb("more", with("META", head + repeated(std::string("\x04\0", 2), 8 * kMiB)),
               "section META of 16777218 bytes");
  }

  TEST_CASE("strings and tracebacks that share their fronts meet a cap") {
    constexpr std::uint64_t kRows = 30'000;
    std::string shape;
    for (std::uint64_t row = 0; row < kRows; ++row) shape += varint(row) + varint(1);
    check_bomb("strings", with("STRS", columns(varint(kRows), {shape, std::string(kRows, 'a')})),
               "section STRS, byte 76177: more than 268435456 bytes of strings");
    check_bomb("tracebacks",
               with("TRCB", columns(varint(kRows), {std::string(2 * kRows, '\0'), "", std::string(kRows, '\0')})),
               "section TRCB, byte 46350: more than 268435456 frames of tracebacks");
    const std::uint64_t frames = 60 * kMiB;
    check_bomb("a traceback that is long",
               with("TRCB", columns(varint(1), {varint(0) + varint(frames - 1), "", std::string(frames, '\0')})),
               "section TOTL, byte 9: total 1 names traceback 1, but there are 1");
  }

  TEST_CASE("rows that are very many take bounded memory") {
    constexpr std::uint64_t kFrames = 16 * kMiB;
    check_bomb("frames",
               with("FRMS", columns(varint(kFrames), {std::string(kFrames, '\0'), std::string(kFrames, '\1'), "", ""})),
               "loads");
    constexpr std::uint64_t kTotals = 8 * kMiB;
    const std::string zeros(kTotals, '\0');
    std::string domains;
    for (std::uint64_t domain = 0; domain < kTotals; ++domain) domains += varint(domain);
    check_bomb("totals", with("TOTL", columns(varint(kTotals), {zeros, zeros, domains, zeros, zeros, zeros})),
               "section SIZE, byte 8: the sizes of total 1 do not add up to it");
    constexpr std::uint64_t kSizes = 31 * kMiB;
    FileParts parts =
        with("TOTL", columns(varint(3), {varints({0, 1, 1}), varints({0, 0, 0}), varints({0, 0, 2}),
                                         varints({0, kSizes + kMiB, 0}), varints({16, 0, 8}), varints({0, 0, 0})}));
    parts["SIZE"].plain =
        columns("", {varints({0, kSizes, 0}), std::string(kSizes + 1, '\0'), std::string(kSizes, '\0')});
    check_bomb("sizes", parts, "section SIZE, byte 32505872: the sizes of total 1 do not add up to it");
  }

  TEST_CASE("blocks that are very many take bounded memory, or are refused") {
    constexpr std::uint64_t kLarge = std::uint64_t{1} << 32U;
    check_bomb("2^26 blocks", equal_blocks(64 * kMiB, 16, false), "loads");
    check_bomb("2^26 blocks of two types", typed_blocks(64 * kMiB, false), "loads");
    check_bomb("2^26 blocks of two types by turns", typed_blocks(64 * kMiB, true), "loads");
    check_bomb("2^25 blocks of 4 GiB", equal_blocks(32 * kMiB, kLarge, false), "loads");
    check_bomb("2^25 blocks of 4 GiB, by their total", equal_blocks(32 * kMiB, kLarge, true), "loads");
    check_bomb("2^31 blocks", equal_blocks(2048 * kMiB, 16, false),
               "section BLKS: 3407872 bytes cannot hold the 2147483648 blocks that the index says");
  }
}
