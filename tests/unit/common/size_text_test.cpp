#include <apps/common/size_text.h>

#include <doctest/doctest.h>

#include "../tables/table.h"

#include <string>

using cli::average_text;
using cli::size_text;

TEST_CASE("sizes have the digits and the unit that tracemalloc gives them") {
  CHECK(size_text(0) == "0 B");
  CHECK(size_text(10239) == "10239 B");
  CHECK(size_text(10240) == "10.0 KiB");
  CHECK(size_text(102297) == "99.9 KiB");
  CHECK(size_text(102400) == "100 KiB");
  CHECK(size_text(10485759) == "10240 KiB");
  CHECK(size_text(10485760) == "10.0 MiB");
  CHECK(size_text(9223372036854775807) == "8388608 TiB");
  CHECK(size_text(-3985, true) == "-3985 B");
  CHECK(size_text(3985, true) == "+3985 B");
  CHECK(size_text(0, true) == "+0 B");
  CHECK(average_text(66, 1) == "66 B");
  CHECK(average_text(5, 2) == "2 B");
  CHECK(average_text(7, 2) == "4 B");
}

TEST_CASE("thousands of sizes and averages are written as CPython writes them") {
  const auto rows = testing::read_table("size_cases.txt");
  REQUIRE(rows.size() > 2000);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 4);
    if (row[0] == "size") {
      CHECK_MESSAGE(size_text(std::stoll(row[1])) == row[2], row[1]);
      CHECK_MESSAGE(size_text(std::stoll(row[1]), true) == row[3], row[1]);
    } else {
      CHECK_MESSAGE(average_text(std::stoll(row[1]), std::stoll(row[2])) == row[3], row[1] << " / " << row[2]);
    }
  }
}
