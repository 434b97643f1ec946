#include <apps/common/parse_value.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using cli::parse_number;
using cli::parse_size;
using cli::UsageError;

TEST_CASE("numbers are digits and nothing else") {
  CHECK(parse_number("0", 10) == 0);
  CHECK(parse_number("10", 10) == 10);
  CHECK(parse_number("007", 10) == 7);
  CHECK(parse_number("18446744073709551615", UINT64_MAX) == UINT64_MAX);
  for (const char* bad : {"", " ", "11", "-1", "+1", " 1", "1 ", "1x", "x", "0x5", "1.0", "18446744073709551616"}) {
    CHECK_THROWS_WITH_AS(parse_number(bad, 10),
                         ("'" + std::string(bad) + "' is not a whole number from 0 to 10").c_str(), UsageError);
  }
}

TEST_CASE("sizes take units of 1024, in any case, with or without i and B") {
  using Cases = std::vector<std::pair<const char*, std::int64_t>>;
  for (const auto& one : Cases{{"0", 0},
                               {"512", 512},
                               {"512B", 512},
                               {"512b", 512},
                               {"512 B", 512},
                               {"4K", 4096},
                               {"4k", 4096},
                               {"4KB", 4096},
                               {"4KiB", 4096},
                               {"4kib", 4096},
                               {"4 KiB", 4096},
                               {"1M", 1 << 20},
                               {"2 GB", std::int64_t{2} << 30},
                               {"3T", std::int64_t{3} << 40},
                               {"1P", std::int64_t{1} << 50},
                               {"1E", std::int64_t{1} << 60},
                               {"1.5MiB", 1572864},
                               {"0.5K", 512},
                               {".5K", 512},
                               {"1.9", 1},
                               {"0.0009K", 0},
                               {"4294967296", 4294967296},
                               {"7.5E", std::int64_t{15} << 59}}) {
    CHECK_MESSAGE(parse_size(one.first) == one.second, one.first);
  }
}

TEST_CASE("what is not a size is refused") {
  for (const char* bad : {"",     " ",     "K",    "-1",   "+1",   " 1",    "4X",
                          "4KX",  "4KiBs", "4iB",  "4BB",  "4K B", "4  K",  "1e3",
                          "inf",  "nan",   "infK", "0x10", "8E",   "8192P", "99999999999999999999",
                          "1,5M", "1.5.5"}) {
    CAPTURE(bad);
    CHECK_THROWS_WITH_AS(parse_size(bad),
                         ("'" + std::string(bad) + "' is not a size such as 512, 4K or 1.5MiB").c_str(), UsageError);
  }
}

TEST_CASE("whole sizes are exact up to the largest") {
  CHECK(parse_size("9007199254740991") == 9007199254740991);
  CHECK(parse_size("9007199254740993") == 9007199254740993);
  CHECK(parse_size("9223372036854775807") == 9223372036854775807);
}

TEST_CASE("a choice is one of the names, and an error lists them") {
  CHECK(cli::parse_choice<int>("two", {{"one", 1}, {"two", 2}}) == 2);
  CHECK_THROWS_WITH_AS(cli::parse_choice<int>("three", {{"one", 1}, {"two", 2}}), "'three' is not one of one, two",
                       UsageError);
}
