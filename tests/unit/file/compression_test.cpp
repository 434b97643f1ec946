#include "file/compression.h"

#include "file/layout.h"
#include "tests/support/tms_assembler.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <string>
#include <string_view>

using snapshot::Error;
using snapshot::Section;
using snapshot::file::Compressor;
using snapshot::file::Decompressor;
using testing::zstd_frame;

namespace {

std::string packed(std::string_view plain) {
  std::string stored;
  Compressor(3).append(plain, stored);
  return stored;
}

std::string unpacked(std::string_view stored, std::uint64_t plain) {
  return Decompressor().section({"TEST", 100, stored.size(), plain}, stored);
}

std::string frame(std::string_view stored, std::size_t most) { return Decompressor().frame("TEST", 100, stored, most); }

}  // namespace

TEST_CASE("what is packed is unpacked, one frame behind the other") {
  CHECK(unpacked("", 0).empty());
  CHECK(unpacked(packed(""), 0).empty());
  const std::string large(100'000, 'x');
  CHECK(unpacked(packed(large) + packed("") + packed("abc"), large.size() + 3) == large + "abc");
  CHECK(frame(packed(large), large.size()) == large);
}

TEST_CASE("a frame has its content size and its checksum") {
  const std::string stored = packed("abc");
  CHECK(stored == zstd_frame("abc"));
  CHECK_THROWS_WITH(unpacked(zstd_frame("abc", false), 3),
                    "offset 100: section TEST: a zstd frame with a checksum was expected");
}

TEST_CASE("what is not a frame is refused") {
  const std::string expected = "offset 100: section TEST: a zstd frame with a checksum was expected";
  CHECK_THROWS_WITH(unpacked("abc", 3), expected.c_str());
  CHECK_THROWS_WITH(unpacked(std::string("\x50\x2A\x4D\x18\x01\0\0\0x", 9), 0), expected.c_str());  // to be skipped
  CHECK_THROWS_WITH(unpacked(std::string("\x28\xB5\x2F\xFD", 4), 0), expected.c_str());
}

TEST_CASE("a frame that is cut or damaged is refused with the offset at which it begins") {
  const std::string stored = packed("some text that is packed");
  for (std::size_t length = 1; length < stored.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS(unpacked(std::string_view(stored).substr(0, length), 24), Error);
  }
  std::string damaged = packed("first") + stored;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  const std::string expected = "offset " + std::to_string(100 + packed("first").size()) +
                               ": section TEST: its compression is damaged: Restored data doesn't match checksum";
  CHECK_THROWS_WITH(unpacked(damaged, 29), expected.c_str());
}

TEST_CASE("frames hold just what the section says") {
  CHECK_THROWS_WITH(unpacked(packed("abc"), 2),
                    "offset 100: section TEST: it holds more than the 2 bytes that it should");
  CHECK_THROWS_WITH(unpacked(packed("abc"), 4), "offset 100: section TEST: it holds 3 bytes, not 4");
  CHECK_THROWS_WITH(frame(packed("abc"), 2), "offset 100: section TEST: a frame of more than 2 bytes");
  CHECK_THROWS_WITH(frame(packed("abc") + packed(""), 3), "offset 100: section TEST: a zstd frame ends too early");
}

TEST_CASE("a section that says that it unpacks to more than any could is refused before there is memory for it") {
  using snapshot::file::check_lengths;
  constexpr std::uint64_t kFree = snapshot::file::kFreePlain;
  CHECK_NOTHROW(check_lengths({"TEST", 100, 0, kFree}));
  CHECK_NOTHROW(check_lengths({"TEST", 100, 10, kFree + 10 * 1024}));
  CHECK_THROWS_WITH(check_lengths({"TEST", 100, 10, kFree + 11 * 1024}),
                    "offset 100: section TEST: 10 bytes cannot hold the 67120128 that they say");
  CHECK_NOTHROW(check_lengths({"TEST", 100, std::uint64_t{1} << 40U, snapshot::file::kMostPlain}));
  CHECK_THROWS_AS(check_lengths({"TEST", 100, std::uint64_t{1} << 40U, snapshot::file::kMostPlain + 1}), Error);
  CHECK_THROWS_AS(check_lengths({"TEST", 100, 0, ~std::uint64_t{0}}), Error);
}
