// Damaged files load or are refused: any other exception fails the test, and under ASan a read past the end does.
#include "folder.h"
#include "outcome.h"
#include "tests/support/sanitizer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>

using formats::Detail;
using formats_test::Outcome;
using formats_test::SharedSymbols;

namespace {

// Files up to this length are cut at every byte, longer ones at so many places.
constexpr std::size_t kEveryByte = testing::kSanitized ? 3500 : 20000;
constexpr std::size_t kCuts = 300;

constexpr std::array<std::size_t, 4> kChunks{1, 7, 61, 4093};

/// The same dump without the length that protocol 4 puts in front, by which any mapped prefix is refused at once.
std::string without_frame(std::string bytes) {
  constexpr std::size_t kHeader = 2;
  constexpr std::size_t kFrame = 9;
  if (bytes.size() > kHeader + kFrame && bytes[kHeader] == '\x95') bytes.erase(kHeader, kFrame);
  return bytes;
}

std::set<std::size_t> places_to_cut(std::size_t length, std::mt19937_64& random) {
  std::set<std::size_t> places;
  const std::size_t near_end = std::min<std::size_t>(length, 64);
  for (std::size_t at = length - near_end; at < length; ++at) places.insert(at);
  if (length <= kEveryByte) {
    for (std::size_t at = 0; at < length; ++at) places.insert(at);
  } else {
    for (std::size_t count = 0; count < kCuts; ++count) places.insert(random() % length);
  }
  return places;
}

Detail detail_for(std::size_t number) { return number % 2 == 0 ? Detail::totals : Detail::traces; }

/// Loads mapped and streamed, and says whether they agree.
bool agrees_both_ways(std::string_view bytes, std::size_t number, const SharedSymbols& symbols) {
  const Outcome mapped = formats_test::load_mapped(bytes, symbols, detail_for(number));
  const std::size_t chunk = kChunks[number / 2 % kChunks.size()];
  return formats_test::agree_across(mapped, formats_test::load_streamed(bytes, chunk, symbols, Detail::traces));
}

/// Replaces a byte by one that differs in one bit, or by an opcode.
std::string flipped(std::string bytes, std::mt19937_64& random) {
  constexpr std::string_view kOpcodes =
      "(.012FIJKLMNPQRSTUVXabcd}eghjl]opqrstu)\x80\x81\x85\x86\x87\x8a\x8c\x93\x94\x95\x98";
  char& byte = bytes[random() % bytes.size()];
  const std::uint64_t choice = random();
  byte = choice % 2 == 0 ? static_cast<char>(byte ^ (1 << (choice >> 8U) % 8))
                         : kOpcodes[(choice >> 8U) % kOpcodes.size()];
  return bytes;
}

/// Calls `check` with the bytes of each sample that is not compressed, and with Symbols for all that is read of it.
template <typename Check>
void for_each_plain_sample(Check check) {
  for (const auto& file : formats_test::foreign_samples()) {
    if (formats_test::is_compressed(file)) continue;
    CAPTURE(file.filename());
    check(formats_test::read_whole_file(file), std::make_shared<snapshot::Symbols>());
  }
}

}  // namespace

TEST_SUITE("formats.damage") {
  TEST_CASE("a dump cut short at any byte is refused, mapped and streamed alike") {
    std::mt19937_64 random(1);
    constexpr std::size_t kStreamed = 16;  // one cut in so many is streamed too
    for_each_plain_sample([&](const std::string& sample, const auto& symbols) {
      const std::string bytes = without_frame(sample);
      for (const std::size_t length : places_to_cut(bytes.size(), random)) {
        CAPTURE(length);
        const std::string_view prefix = std::string_view(bytes).substr(0, length);
        const Outcome mapped = formats_test::load_mapped(prefix, symbols, detail_for(length));
        CHECK(!mapped.snapshot);
        if (length % kStreamed == 0) CHECK(agrees_both_ways(prefix, length / kStreamed, symbols));
      }
    });
  }

  TEST_CASE("a dump cut short within its frame is refused, mapped and streamed alike") {
    std::mt19937_64 random(2);
    constexpr std::size_t kEach = 60;
    for_each_plain_sample([&](const std::string& bytes, const auto& symbols) {
      for (std::size_t count = 0; count < kEach; ++count) {
        const std::string_view prefix = std::string_view(bytes).substr(0, random() % bytes.size());
        CAPTURE(prefix.size());
        CHECK(!formats_test::load_mapped(prefix, symbols, Detail::traces).snapshot);
        CHECK(agrees_both_ways(prefix, count, symbols));
      }
    });
  }

  TEST_CASE("a compressed dump cut short at any byte is refused") {
    for (const auto& file : formats_test::foreign_samples()) {
      if (!formats_test::is_compressed(file)) continue;
      CAPTURE(file.filename());
      const std::string bytes = formats_test::read_whole_file(file);
      const auto symbols = std::make_shared<snapshot::Symbols>();
      for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length);
        const std::string_view prefix = std::string_view(bytes).substr(0, length);
        const formats_test::TemporaryFile cut(prefix);
        const Outcome mapped = formats_test::load_file(cut.path(), symbols, Detail::totals);
        CHECK(!mapped.snapshot);
        CHECK(formats_test::agree(mapped, formats_test::load_stdin(prefix, symbols, Detail::totals)));
      }
    }
  }

  TEST_CASE("a dump with a wrong byte loads or is refused, mapped and streamed alike") {
    std::mt19937_64 random(3);
    constexpr std::size_t kEach = 300;
    for_each_plain_sample([&](const std::string& bytes, const auto& symbols) {
      for (std::size_t count = 0; count < kEach; ++count) {
        CAPTURE(count);
        CHECK(agrees_both_ways(flipped(bytes, random), count, symbols));
      }
    });
  }

  TEST_CASE("a compressed dump with a wrong byte loads or is refused") {
    std::mt19937_64 random(4);
    constexpr std::size_t kEach = 1000;
    for (const auto& file : formats_test::foreign_samples()) {
      if (!formats_test::is_compressed(file)) continue;
      CAPTURE(file.filename());
      const std::string bytes = formats_test::read_whole_file(file);
      const auto symbols = std::make_shared<snapshot::Symbols>();
      for (std::size_t count = 0; count < kEach; ++count) {
        CAPTURE(count);
        const formats_test::TemporaryFile damaged(flipped(bytes, random));
        const Outcome lean = formats_test::load_file(damaged.path(), symbols, Detail::totals);
        const Outcome full = formats_test::load_file(damaged.path(), symbols, Detail::traces);
        CHECK(formats_test::agree(lean, full));
      }
    }
  }
}
