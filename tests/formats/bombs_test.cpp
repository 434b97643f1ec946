// Small files that unpack to gigabytes: refused within bounded time and memory. They are made here.
#include "outcome.h"
#include "tests/support/sanitizer.h"

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using formats::Detail;
using formats_test::Outcome;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;
constexpr double kMostSeconds = 10;  // of the processor
constexpr double kMostMiB = 1536;

std::string gzip_member(std::string_view bytes, int level = Z_BEST_COMPRESSION) {
  z_stream stream{};
  constexpr int kGzip = 16;
  constexpr int kMemory = 9;
  if (::deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string packed(::deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = ::deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  ::deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate");
  return packed;
}

/// `head`, then `pattern` again and again up to about `length` bytes, then `tail`: as members, each packed once.
std::string gzip_bomb(std::string_view head, std::string_view pattern, std::uint64_t length,
                      std::string_view tail = "") {
  constexpr std::size_t kMember = std::size_t{4} << 20U;
  std::string repeated;
  while (repeated.size() + pattern.size() <= kMember) repeated += pattern;
  const std::string member = gzip_member(repeated);
  std::string bomb = gzip_member(head);
  for (std::uint64_t done = 0; done < length; done += repeated.size()) bomb += member;
  return bomb + gzip_member(tail);
}

/// The same of a single byte, in zstd's run-length blocks: four bytes for 128 KiB.
std::string zstd_bomb(std::string_view head, char byte, std::uint64_t length) {
  constexpr std::uint32_t kBlock = std::uint32_t{1} << 17U;
  constexpr std::string_view kFrame("\x28\xb5\x2f\xfd\x00\x38", 6);  // window of 128 KiB
  const auto block = [](std::uint32_t size, std::uint32_t type, std::uint32_t last) {
    const std::uint32_t header = size << 3U | type << 1U | last;
    return std::string{static_cast<char>(header), static_cast<char>(header >> 8U), static_cast<char>(header >> 16U)};
  };
  std::string bomb(kFrame);
  bomb += block(static_cast<std::uint32_t>(head.size()), 0, 0);
  bomb += head;
  for (std::uint64_t done = 0; done < length; done += kBlock) {
    bomb += block(kBlock, 1, done + kBlock >= length ? 1 : 0);
    bomb += byte;
  }
  return bomb;
}

struct Cost {
  std::string message;
  double seconds;
  double peak_mib;
};

std::string message_of(const std::string& path, Detail detail) {
  try {
    const Outcome outcome = formats_test::load_file(path, std::make_shared<snapshot::Symbols>(), detail);
    return outcome.snapshot ? "loads" : outcome.message;
  } catch (const std::bad_alloc&) {
    return "not enough memory";
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Loads in a process of its own, which may take 8 GiB and a minute before the system stops it.
Cost cost_of_loading(const std::string& bytes, Detail detail) {
  const formats_test::TemporaryFile file(bytes);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit memory{8 * kGiB, 8 * kGiB};
    const rlimit time{60, 60};
    static_cast<void>(::setrlimit(RLIMIT_AS, &memory));
    static_cast<void>(::setrlimit(RLIMIT_CPU, &time));
    const std::string message = message_of(file.path(), detail);
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
  const bool said = length > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  constexpr double kKibInMib = 1024;
  return {said ? std::string(text.data(), static_cast<std::size_t>(length)) : "ended without a word",
          seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / kKibInMib};
}

void check_bomb(const std::string& name, const std::string& bytes, const std::string& expected,
                Detail detail = Detail::totals) {
  CAPTURE(name);
  const Cost cost = cost_of_loading(bytes, detail);
  MESSAGE(name, ": ", bytes.size() / 1024, " KiB, ", cost.seconds, " s, ", cost.peak_mib, " MiB: ", cost.message);
  CHECK(cost.message == expected);
  CHECK(cost.seconds < kMostSeconds);
  CHECK(cost.peak_mib < kMostMiB);
}

const std::string kHead = "\x80\x04";

std::string with_number(std::string opcode, std::uint64_t number, std::size_t width) {
  for (std::size_t at = 0; at < width; ++at) opcode += static_cast<char>(number >> 8 * at);
  return opcode;
}

}  // namespace

// Not under ASan, which takes minutes and several times the memory for the same.
TEST_SUITE("formats.bombs" * doctest::skip(testing::kSanitized)) {
  TEST_CASE("zeros under a compression are no snapshot") {
    const std::string unknown = "not a snapshot of a known format (tms, tracemalloc, sites)";
    check_bomb("200 MiB of zeros, gzip", gzip_bomb("", std::string(1 << 20, '\0'), kGiB / 5), unknown);
    check_bomb("200 MiB of zeros, zstd", zstd_bomb(std::string(1, '\0'), '\0', kGiB / 5), unknown);
    check_bomb("2 GiB of zeros, gzip of gzip", gzip_member(gzip_bomb("", std::string(1 << 20, '\0'), 2 * kGiB)),
               unknown);
  }

  TEST_CASE("two gigabytes of one opcode meet a cap") {
    check_bomb("N", zstd_bomb(kHead, 'N', 2 * kGiB), "offset 33554434: more than 33554432 values on the stack");
    check_bomb("(", zstd_bomb(kHead, '(', 2 * kGiB), "offset 33554434: more than 33554432 marks on the stack");
    check_bomb(")", zstd_bomb(kHead, ')', 2 * kGiB), "offset 33554434: more than 33554432 values on the stack");
    check_bomb("]", zstd_bomb(kHead, ']', 2 * kGiB),
               "offset 4194306: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("}", zstd_bomb(kHead, '}', 2 * kGiB),
               "offset 4194306: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("N2", zstd_bomb(kHead + "N", '2', 2 * kGiB), "offset 33554434: more than 33554432 values on the stack");
    check_bomb("N 0x85", zstd_bomb(kHead + "N", '\x85', 2 * kGiB),
               "offset 4194307: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("N 0x94", zstd_bomb(kHead + "N", '\x94', 2 * kGiB),
               "offset 33554435: more than 33554432 values in the memo");
  }

  TEST_CASE("gigabytes of things that are dropped again meet a cap, or the end") {
    const std::string head = kHead + "X" + std::string("\x07\0\0\0", 4) + "_traces\x94" + "0";
    const std::string frame = std::string("h\0K\x01\x86", 5);
    const std::string pattern_of_frame = "]" + frame + "a0";
    check_bomb("]Na0", gzip_bomb(kHead, "]Na0", 2 * kGiB),
               "offset 16777218: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("}sN0", gzip_bomb(head, std::string("}h\0Ns0", 6), 2 * kGiB),
               "offset 25165840: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("objects",
               gzip_bomb(kHead + "ctracemalloc\n_Traces\n\x94",
                         std::string("h\0)\x81"
                                     "0",
                                     5),
                         2 * kGiB, "."),
               "offset 20971547: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("frames in lists", gzip_bomb(head, pattern_of_frame, 2 * kGiB),
               "offset 33554448: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("traces in lists",
               gzip_bomb(head + frame + "\x85\x94" + "0",
                         std::string("]K\x07h\x01\x86"
                                     "a0",
                                     8),
                         2 * kGiB),
               "offset 33554456: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("all of these at once",
               gzip_bomb(head +
                             "ctracemalloc\n_Traces\n\x94"
                             "0" +
                             frame +
                             "\x85\x94"
                             "0",
                         std::string("]K\x07h\x02\x86"
                                     "a0}h\0Ns0h\x01)\x81"
                                     "0N\x85"
                                     "0N\x94"
                                     "0",
                                     25),
                         2 * kGiB),
               "offset 26214447: more than 4194304 lists, dicts, objects and tuples that are not traces");
    check_bomb("N0", gzip_bomb(kHead, "N0", kGiB, "N."), "offset 1073741827: holds None, not a tracemalloc.Snapshot");
  }

  TEST_CASE("a gigabyte in one value is passed over") {
    check_bomb("bytes", zstd_bomb(with_number(kHead + "\x8e", 2 * kGiB - 1, 8), '.', 2 * kGiB),
               "offset 2147483658: holds a bytes object, not a tracemalloc.Snapshot");
    check_bomb("text", zstd_bomb(with_number(kHead + "\x8d", 2 * kGiB - 1, 8), '.', 2 * kGiB),
               "offset 2147483658: holds a str, not a tracemalloc.Snapshot");
    check_bomb("an int", zstd_bomb(with_number(kHead + "\x8b", kGiB - 1, 4), '.', kGiB),
               "offset 1073741830: holds an int, not a tracemalloc.Snapshot");
    check_bomb("a line", zstd_bomb(kHead + "V", 'x', 2 * kGiB), "offset 2: a line is longer than 1 MiB");
  }

  TEST_CASE("values that are all different meet a cap") {
    constexpr std::size_t kMega = std::size_t{1} << 20U;
    std::string texts = kHead;
    for (std::uint64_t number = 0; number < 300; ++number) {
      texts += with_number("X", kMega, 4) + std::to_string(1000 + number) + std::string(kMega - 4, 'x') + "0";
    }
    check_bomb("distinct strings", gzip_member(texts, Z_BEST_SPEED),
               "offset 267388412: more than 256 MiB of distinct strings");

    std::string frames = kHead + std::string(
                                     "X\x04\0\0\0a.py\x94"
                                     "0",
                                     11);
    for (std::uint64_t lineno = 0; lineno < (std::uint64_t{1} << 24U) + 1000; ++lineno) {
      frames += std::string("h\0", 2) + with_number("J", lineno, 4) +
                "\x86"
                "0";
    }
    check_bomb("distinct frames", gzip_member(frames, Z_BEST_SPEED),
               "offset 150994964: more than 16777216 distinct frames");
  }

  TEST_CASE("a high memo number takes no memory for those below it") {
    const std::string value = std::string("X\x04\0\0\0a.pyK\x01\x86", 12);
    const std::string tail = value + with_number("r", std::uint64_t{1} << 31U, 4) + "N.";
    check_bomb("memo number 2^31",
               gzip_bomb(with_number(kHead + "\x8e", 600 * (std::uint64_t{4} << 20U), 8), std::string(1 << 20, '\0'),
                         600 * (std::uint64_t{4} << 20U), tail),
               "offset 2516582423: memo number 2147483648 is past what the file can have put", Detail::traces);
  }
}
