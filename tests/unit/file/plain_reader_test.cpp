#include "file/plain_reader.h"

#include "file/plain_writer.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using snapshot::Error;
using snapshot::file::PlainReader;

namespace {

constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();

PlainReader reader(std::string_view bytes) { return {"TEST", 100, bytes}; }

std::string message_of_varint(std::string_view bytes) {
  try {
    static_cast<void>(reader(bytes).varint());
  } catch (const Error& error) {
    return error.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("numbers come back as they were written") {
  std::string bytes;
  std::array<std::uint64_t, 140> numbers{};
  for (std::size_t shift = 0; shift < 64; ++shift) {
    numbers[2 * shift] = std::uint64_t{1} << shift;
    numbers[2 * shift + 1] = (std::uint64_t{1} << shift) - 1;
  }
  numbers.back() = kMost64;
  for (const std::uint64_t number : numbers) {
    snapshot::file::put_varint(bytes, number);
    snapshot::file::put_signed(bytes, static_cast<std::int64_t>(number));
    snapshot::file::put_fixed(bytes, number, 8);
  }
  PlainReader in = reader(bytes);
  for (const std::uint64_t number : numbers) {
    CHECK(in.varint() == number);
    CHECK(in.signed_varint() == static_cast<std::int64_t>(number));
    CHECK(in.fixed(8) == number);
  }
  in.finish();
}

TEST_CASE("a column of numbers is the numbers one after the other") {
  std::string expected;
  snapshot::file::VarintColumn column;
  CHECK(column.take().empty());
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const std::uint64_t wide = kMost64 >> (number % 64);
    snapshot::file::put_varint(expected, wide);
    column.put(wide);
    snapshot::file::put_signed(expected, -static_cast<std::int64_t>(number));
    column.put_signed(-static_cast<std::int64_t>(number));
  }
  CHECK(column.take() == expected);
}

TEST_CASE("numbers are written as the format says") {
  using snapshot::file::varint_text;
  CHECK(varint_text(0) == std::string(1, '\0'));
  CHECK(varint_text(127) == "\x7F");
  CHECK(varint_text(128) == "\x80\x01");
  CHECK(varint_text(kMost64) == "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
  std::string bytes;
  for (const std::int64_t number : {0, -1, 1, -2}) snapshot::file::put_signed(bytes, number);
  CHECK(bytes == std::string("\0\1\2\3", 4));
  bytes.clear();
  snapshot::file::put_fixed(bytes, 0x1234, 4);
  CHECK(bytes == std::string("\x34\x12\0\0", 4));
}

TEST_CASE("a number that is cut, too long or too large is refused with its place") {
  CHECK(message_of_varint("") == "offset 100: section TEST, byte 0: ends within a number");
  CHECK(message_of_varint("\x80") == "offset 100: section TEST, byte 1: ends within a number");
  CHECK(message_of_varint(std::string("\x80\0", 2)) ==
        "offset 100: section TEST, byte 2: a number is longer than it need be");
  CHECK(message_of_varint(std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0", 10)) ==
        "offset 100: section TEST, byte 10: a number is longer than it need be");
  CHECK(message_of_varint("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02") ==
        "offset 100: section TEST, byte 10: a number has more than 64 bits");
  CHECK(message_of_varint("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x01") ==
        "offset 100: section TEST, byte 10: a number has more than 64 bits");
  CHECK(message_of_varint("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01") == "read");
}

TEST_CASE("a number above its bound is refused by the words that it is given") {
  CHECK(reader("\x05").varint(5, "frames") == 5);
  CHECK_THROWS_WITH(static_cast<void>(reader("\x06").varint(5, "frames")),
                    "offset 100: section TEST, byte 1: 6 is more than 5 frames");
}

TEST_CASE("more bytes than are left are refused, without overflow") {
  PlainReader in = reader("abc");
  CHECK(in.bytes(1) == "a");
  CHECK_THROWS_WITH(static_cast<void>(in.bytes(3)),
                    "offset 100: section TEST, byte 1: 3 bytes are wanted, but 2 are left");
  CHECK_THROWS_WITH(static_cast<void>(in.bytes(kMost64)),
                    "offset 100: section TEST, byte 1: 18446744073709551615 bytes are wanted, but 2 are left");
  CHECK(in.bytes(2) == "bc");
  CHECK(in.empty());
  CHECK_THROWS_AS(static_cast<void>(in.fixed(1)), Error);
}

TEST_CASE("columns are told apart by their lengths and must fill the section") {
  const std::string bytes(
      "\x01\x00\x02"
      "abc",
      6);
  PlainReader in = reader(bytes);
  auto [first, second, third] = in.columns<3>();
  CHECK(first.bytes(1) == "a");
  CHECK(second.empty());
  CHECK(third.bytes(2) == "bc");
  in.finish();

  CHECK_THROWS_WITH(reader("\x01\x01"
                           "a")
                        .columns<2>(),
                    "offset 100: section TEST, byte 3: 1 bytes are wanted, but 0 are left");
  CHECK_THROWS_WITH(reader("\x01\x01"
                           "abc")
                        .columns<2>(),
                    "offset 100: section TEST, byte 4: 1 bytes more than there should be");
}

TEST_CASE("rows that cannot be in a column are refused before there is memory for them") {
  CHECK(reader("abc").check_rows(3, 10, "rows") == 3);
  CHECK_THROWS_WITH(reader("abc").check_rows(4, 10, "rows"),
                    "offset 100: section TEST, byte 0: 4 rows cannot be in 3 bytes");
  CHECK_THROWS_WITH(reader("abc").check_rows(kMost64, 10, "rows"),
                    "offset 100: section TEST, byte 0: 18446744073709551615 is more than 10 rows");
}
