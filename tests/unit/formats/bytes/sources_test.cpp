#include <formats/bytes/sources.h>

#include <doctest/doctest.h>
#include <formats/format_error.h>

#include "../readers.h"
#include "compressed.h"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

using formats::ByteReader;
using formats::FormatError;
using testing::gzip;
using testing::zstd;

namespace {

constexpr const char* kText = "a snapshot of memory, and another snapshot of memory";

std::string gunzipped(const std::string& bytes, std::size_t step = 4096) {
  return testing::drained(*formats::make_gzip_source(testing::piped(bytes, 5)), step);
}
std::string unzstded(const std::string& bytes, std::size_t step = 4096) {
  return testing::drained(*formats::make_zstd_source(testing::piped(bytes, 5)), step);
}

/// Text that compresses somewhat, in several blocks.
std::string long_text(std::size_t size) {
  std::string text;
  for (std::uint32_t word = 1; text.size() < size; word = word * 1664525U + 1013904223U) {
    text += std::to_string(word >> 20U) + (word % 3 == 0 ? "/srv/shop/app.py" : ".");
  }
  text.resize(size);
  return text;
}

/// A file of these bytes, gone with the object.
class File {
 public:
  explicit File(const std::string& bytes) {
    std::string pattern = (std::filesystem::temp_directory_path() / "unit.XXXXXX").string();
    const int descriptor = ::mkstemp(pattern.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    path_ = pattern;
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The first 4 KiB or less of what open_bytes shows, or its message.
std::string opened(const std::string& bytes) {
  const File file(bytes);
  try {
    ByteReader reader = formats::open_bytes(file.path());
    reader.ensure(4096);
    return std::string(reader.window().substr(0, 4096));
  } catch (const FormatError& error) {
    return std::string("error: ") + error.what();
  }
}

}  // namespace

TEST_CASE("gzip members become the text, one after the other, in pieces of any size") {
  for (const std::size_t step : {1, 7, 4096}) {
    CHECK(gunzipped(gzip(kText), step) == kText);
    CHECK(gunzipped(gzip("one, ") + gzip("") + gzip("two"), step) == "one, two");
    CHECK(gunzipped(gzip(""), step) == "");
  }
  const std::string text = long_text(700000);
  for (const std::size_t step : {11, 4096, 100000, 262144, 1 << 20})
    CHECK(gunzipped(gzip(text) + gzip(text), step) == text + text);
}

TEST_CASE("what stands behind the last gzip member is ignored, as gzip ignores zeros") {
  CHECK(gunzipped(gzip(kText) + std::string(600, '\0')) == kText);
  CHECK(gunzipped(gzip(kText) + "garbage") == kText);
  CHECK(gunzipped(gzip(kText) + "\x1f") == kText);
}

TEST_CASE("gzip data that end early are refused wherever they end") {
  const std::string member = gzip(kText);
  for (std::size_t length = 0; length < member.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_WITH_AS(gunzipped(member.substr(0, length)),
                         ("offset " + std::to_string(length) + ": gzip data end early").c_str(), FormatError);
  }
  CHECK_THROWS_AS(gunzipped(member + member.substr(0, 5)), FormatError);
}

TEST_CASE("gzip data that are damaged never become other text in silence") {
  const std::string member = gzip(kText);
  CHECK_THROWS_WITH_AS(gunzipped("not gzip at all"), "offset 2: gzip data are damaged: incorrect header check",
                       FormatError);
  std::string wrong_sum = member;
  wrong_sum[member.size() - 8] ^= 1;
  CHECK_THROWS_WITH_AS(gunzipped(wrong_sum), doctest::Contains("incorrect data check"), FormatError);
  std::string wrong_length = member;
  wrong_length[member.size() - 1] ^= 1;
  CHECK_THROWS_WITH_AS(gunzipped(wrong_length), doctest::Contains("incorrect length check"), FormatError);
  for (std::size_t at = 10; at < member.size(); ++at) {  // behind the header, whose time and system mean nothing
    std::string damaged = member;
    damaged[at] ^= 0x10;
    CHECK_THROWS_AS(gunzipped(damaged), FormatError);
  }
}

TEST_CASE("zstd frames become the text, one after the other, in pieces of any size") {
  const std::string skippable(
      "\x50\x2a\x4d\x18\x03\x00\x00\x00"
      "abc",
      11);
  for (const std::size_t step : {1, 7, 4096}) {
    CHECK(unzstded(zstd(kText, true), step) == kText);
    CHECK(unzstded(zstd("one, ", true) + zstd("", true) + skippable + zstd("two", true), step) == "one, two");
    CHECK(unzstded(zstd("", true), step) == "");
    CHECK(unzstded(skippable, step) == "");
  }
  const std::string text = long_text(700000);
  for (const std::size_t step : {11, 4096, 100000, 262144, 1 << 20})
    CHECK(unzstded(zstd(text, true) + zstd(text, true), step) == text + text);
}

TEST_CASE("a zstd frame without a checksum is read to its end, whatever room the output has") {
  CHECK(unzstded(zstd(kText, false), 1) == kText);
  for (const std::size_t size : {1000, 131072, 262144, 300000, 524288}) {
    const std::string text = long_text(size);
    const std::string frame = zstd(text, false);
    for (const std::size_t step : {4096, 100000, 262144}) {
      CAPTURE(size);
      CAPTURE(step);
      // From one large piece, as a file is mapped: the last input is taken in while output waits.
      std::string found;
      CHECK_NOTHROW(found = testing::drained(*formats::make_zstd_source(testing::mapped(frame)), step));
      CHECK((found == text));
    }
  }
}

TEST_CASE("zstd data that end early are refused wherever they end") {
  const std::string frame = zstd(kText, true);
  for (std::size_t length = 0; length < frame.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_WITH_AS(unzstded(frame.substr(0, length)),
                         ("offset " + std::to_string(length) + ": zstd data end early").c_str(), FormatError);
  }
  CHECK_THROWS_AS(unzstded(frame + frame.substr(0, 5)), FormatError);
}

TEST_CASE("zstd data that are damaged never become other text in silence") {
  const std::string frame = zstd(kText, true);
  CHECK_THROWS_WITH_AS(unzstded("not zstd at all"), doctest::Contains("zstd data are damaged: "), FormatError);
  CHECK_THROWS_WITH_AS(unzstded(frame + "garbage"), doctest::Contains("zstd data are damaged: "), FormatError);
  std::string wrong_sum = frame;
  wrong_sum[frame.size() - 1] ^= 1;
  CHECK_THROWS_WITH_AS(unzstded(wrong_sum), doctest::Contains("checksum"), FormatError);
  for (std::size_t at = 0; at < frame.size(); ++at) {
    std::string damaged = frame;
    damaged[at] ^= 0x10;
    std::string found;
    try {
      found = unzstded(damaged);
    } catch (const FormatError&) {
      continue;
    }
    CHECK((found == kText || found.empty()));  // a bit that means nothing, or a frame that became one to skip
  }
}

TEST_CASE("a zstd frame that asks for gigabytes of memory is refused") {
  // A frame header with a window of 2^31 bytes, and an empty last block.
  CHECK_THROWS_WITH_AS(unzstded(std::string("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", 9)),
                       doctest::Contains("zstd data are damaged: "), FormatError);
}

TEST_CASE("files open plain or compressed, once or twice, by their content") {
  CHECK(opened(kText) == kText);
  CHECK(opened(gzip(kText)) == kText);
  CHECK(opened(zstd(kText, true)) == kText);
  CHECK(opened(zstd(kText, false)) == kText);
  CHECK(opened(gzip(gzip(kText))) == kText);
  CHECK(opened(zstd(gzip(kText), true)) == kText);
  CHECK(opened(gzip(zstd(kText, true))) == kText);
  CHECK(opened(gzip(gzip(gzip(kText)))) == "error: is compressed more than twice");
}

TEST_CASE("of a compressed file progress is told in its own bytes, and again from the first") {
  std::mt19937 random(1);
  std::string text(6U << 20U, '\0');  // which does not compress, so that the file is as long
  for (char& byte : text) byte = static_cast<char>(random());
  const std::string packed = gzip(text);
  const File file(packed);
  formats::ReadProgress progress;
  ByteReader bytes = formats::open_bytes(file.path(), &progress);
  CHECK(progress.length == packed.size());
  REQUIRE(bytes.skip(text.size() / 2));
  CHECK(progress.offset > packed.size() / 4);
  CHECK(progress.offset < packed.size() * 3 / 4);
  bytes.rewind();
  CHECK(progress.offset == 0);
  REQUIRE(bytes.skip(text.size()));
  CHECK(progress.offset > packed.size() / 2);
  CHECK(progress.offset <= packed.size());
}

TEST_CASE("a compressed file can be read again from the first byte, as often as it takes") {
  const std::string text = long_text(1U << 20U);
  const File file(gzip(text));
  ByteReader bytes = formats::open_bytes(file.path());
  for (int round = 0; round < 3; ++round) {
    REQUIRE(bytes.can_rewind());
    REQUIRE(bytes.skip(text.size() / 2));
    bytes.rewind();
    CHECK(bytes.offset() == 0);
    REQUIRE(bytes.ensure(100));
    CHECK(bytes.window().substr(0, 100) == text.substr(0, 100));
  }
}

TEST_CASE("what holds nothing says so") {
  CHECK(opened("") == "error: is empty");
  CHECK(opened(gzip("")) == "error: is empty under its compression");
  CHECK(opened(zstd("", true)) == "error: is empty under its compression");
  CHECK(opened(gzip(gzip(""))) == "error: is empty under its compression");
}

TEST_CASE("what cannot be opened says why") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  CHECK_THROWS_WITH_AS(formats::open_bytes(folder.string()), "is a directory, not a snapshot", FormatError);
  CHECK_THROWS_WITH_AS(formats::open_bytes((folder / "no such file, surely").string()), "No such file or directory",
                       FormatError);
}

TEST_CASE("a descriptor is read to its end, and its errors are said") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "snapshot", 8) == 8);
  ::close(ends[1]);
  CHECK(testing::drained(*formats::make_descriptor_source(ends[0]), 3) == "snapshot");

  const auto folder = std::filesystem::temp_directory_path();
  std::FILE* const directory = std::fopen(folder.c_str(), "r");
  REQUIRE(directory != nullptr);
  const auto source = formats::make_descriptor_source(::dup(::fileno(directory)));
  std::fclose(directory);
  CHECK_THROWS_WITH_AS(testing::drained(*source, 3), "Is a directory", FormatError);
}
