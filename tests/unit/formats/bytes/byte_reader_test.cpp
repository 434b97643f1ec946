#include <formats/bytes/byte_reader.h>

#include <doctest/doctest.h>

#include "../readers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using formats::ByteReader;

namespace {

constexpr std::size_t kMega = std::size_t{1} << 20U;

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>((at * 2654435761U) >> 13U);
  return bytes;
}

/// Readers of the same bytes that must not differ.
std::vector<ByteReader> readers_of(const std::string& bytes) {
  std::vector<ByteReader> readers;
  readers.push_back(testing::mapped(bytes));
  for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, std::size_t{10} * kMega}) {
    readers.push_back(testing::piped(bytes, step));
  }
  return readers;
}

/// Whether the window stands at the offset, over the right bytes.
bool window_is_right(const ByteReader& reader, const std::string& bytes) {
  const std::string_view window = reader.window();
  return reader.offset() <= bytes.size() && std::string_view(bytes).substr(reader.offset(), window.size()) == window;
}

}  // namespace

TEST_CASE("a reader of nothing shows nothing") {
  for (ByteReader& reader : readers_of("")) {
    CHECK(reader.offset() == 0);
    CHECK(reader.ensure(0));
    CHECK_FALSE(reader.ensure(1));
    CHECK(reader.window().empty());
    CHECK(reader.skip(0));
    CHECK_FALSE(reader.skip(1));
  }
}

TEST_CASE("ensure makes bytes visible, as many as there are") {
  for (ByteReader& reader : readers_of("snapshot")) {
    CHECK(reader.ensure(4));
    CHECK(reader.window().substr(0, 4) == "snap");
    reader.advance(4);
    CHECK(reader.offset() == 4);
    CHECK(reader.ensure(4));
    CHECK_FALSE(reader.ensure(5));
    CHECK(reader.window() == "shot");  // what there is stays visible
    reader.advance(4);
    CHECK_FALSE(reader.ensure(1));
    CHECK(reader.window().empty());
    CHECK(reader.offset() == 8);
  }
}

TEST_CASE("skip moves over what need not be visible, and fails past the end") {
  const std::string bytes = some_bytes(3 * kMega + 5);
  for (ByteReader& reader : readers_of(bytes)) {
    REQUIRE(reader.skip(2 * kMega + 1));
    CHECK(reader.offset() == 2 * kMega + 1);
    REQUIRE(reader.ensure(10));
    CHECK(window_is_right(reader, bytes));
    CHECK(reader.skip(kMega + 4));
    CHECK(reader.offset() == bytes.size());
    CHECK_FALSE(reader.skip(1));
  }
  for (ByteReader& reader : readers_of(bytes)) CHECK_FALSE(reader.skip(bytes.size() + 1));
}

TEST_CASE("the window may be as large as it ever needs to be") {
  const std::string bytes = some_bytes(2 * ByteReader::kMaxWindow + 3);
  for (ByteReader& reader : readers_of(bytes)) {
    for (int half = 0; half < 2; ++half) {
      REQUIRE(reader.ensure(ByteReader::kMaxWindow));
      CHECK(window_is_right(reader, bytes));
      reader.advance(ByteReader::kMaxWindow);
    }
    CHECK_FALSE(reader.ensure(4));
    CHECK(reader.ensure(3));
  }
}

TEST_CASE("the length that remains is known of a mapping alone") {
  ByteReader file = testing::mapped("snapshot");
  CHECK(file.remaining() == std::uint64_t{8});
  REQUIRE(file.ensure(3));
  file.advance(3);
  CHECK(file.remaining() == std::uint64_t{5});
  CHECK_FALSE(file.skip(6));
  CHECK(file.offset() == 3);  // known at once, so nothing moved
  CHECK_FALSE(testing::piped("snapshot", 3).remaining());
}

TEST_CASE("a mapping can be read again from the first byte, a pipe cannot") {
  const std::string bytes = some_bytes(3 * kMega);
  ByteReader file = testing::mapped(bytes);
  REQUIRE(file.can_rewind());
  REQUIRE(file.skip(2 * kMega + kMega / 2));
  REQUIRE(file.ensure(100));
  file.rewind();
  CHECK(file.offset() == 0);
  REQUIRE(file.ensure(kMega));
  CHECK(window_is_right(file, bytes));
  REQUIRE(file.skip(3 * kMega));
  CHECK_FALSE(file.ensure(1));
  CHECK_FALSE(testing::piped("snapshot", 3).can_rewind());
}

TEST_CASE("a reader that moves to another variable reads on") {
  for (ByteReader& reader : readers_of("snapshot")) {
    REQUIRE(reader.ensure(8));
    reader.advance(4);
    ByteReader moved = std::move(reader);
    CHECK(moved.offset() == 4);
    REQUIRE(moved.ensure(4));
    CHECK(moved.window() == "shot");
  }
}

TEST_CASE("random steps see the right bytes, mapped and piped") {
  std::mt19937_64 random(6);
  const std::string bytes = some_bytes(2 * kMega + 77);
  for (ByteReader& reader : readers_of(bytes)) {
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const std::uint64_t left = bytes.size() - at;
      const std::uint64_t wanted = random() % (random() % 8 == 0 ? 400000 : 5000);
      if (random() % 4 == 0) {
        const std::uint64_t step = std::min(wanted, left);
        if (!reader.skip(step)) FAIL("skip");
        at += step;
      } else {
        if (reader.ensure(wanted) != (wanted <= left)) FAIL("ensure " << wanted << " at " << at);
        const std::uint64_t step = std::min<std::uint64_t>(random() % 3000, reader.window().size());
        if (!window_is_right(reader, bytes)) FAIL("window at " << at);
        reader.advance(step);
        at += step;
      }
      if (reader.offset() != at) FAIL("offset " << reader.offset() << " is not " << at);
    }
  }
}

TEST_CASE("a reader of a mapping reports its length, and how far it is to within a window") {
  const std::string bytes = some_bytes(5 * kMega);
  formats::ReadProgress progress;
  ByteReader file = testing::mapped(bytes);
  file.report_to(&progress);
  CHECK(progress.length == 5 * kMega);
  for (std::size_t at = 0; at < 5 * kMega; at += kMega / 4) {
    REQUIRE(file.ensure(kMega / 4));
    CHECK(progress.offset <= at);
    CHECK(progress.offset + 2 * kMega > at);
    file.advance(kMega / 4);
  }
  CHECK(progress.offset == 4 * kMega);
}

TEST_CASE("a reader of a pipe reports the bytes that came, before there are as many as it waits for") {
  const std::string bytes = some_bytes(kMega);
  formats::ReadProgress progress;

  struct Source final : formats::ByteSource {
    explicit Source(const formats::ReadProgress& reported) : progress(reported) {}
    std::size_t read(std::span<std::byte> into) override {
      CHECK(progress.offset == given);
      const std::size_t step = std::min<std::size_t>({into.size(), 1000, kMega - given});
      given += step;
      return step;
    }
    const formats::ReadProgress& progress;
    std::size_t given = 0;
  };
  ByteReader pipe(std::make_unique<Source>(progress));
  pipe.report_to(&progress);
  CHECK(progress.length == 0);
  REQUIRE(pipe.ensure(kMega / 2));
  CHECK(progress.offset >= kMega / 2);
  CHECK(pipe.skip(kMega));
  CHECK(progress.offset == kMega);
}
