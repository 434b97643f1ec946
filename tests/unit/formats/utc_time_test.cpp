#include <formats/utc_time.h>

#include <doctest/doctest.h>

#include <limits>

using formats::utc_time;

TEST_CASE("a time is written in UTC, with a fraction only where it has one") {
  CHECK(utc_time(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_time(1767323045000000000) == "2026-01-02T03:04:05Z");
  CHECK(utc_time(1767323045250000000) == "2026-01-02T03:04:05.25Z");
  CHECK(utc_time(1767323045000000006) == "2026-01-02T03:04:05.000000006Z");
  CHECK(utc_time(1767323045123456789) == "2026-01-02T03:04:05.123456789Z");
  CHECK(utc_time(1767323045999999990) == "2026-01-02T03:04:05.99999999Z");
  CHECK(utc_time(951782400000000000) == "2000-02-29T00:00:00Z");
}

TEST_CASE("times before 1970 count the same way, to both ends of int64") {
  CHECK(utc_time(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(utc_time(-1000000000) == "1969-12-31T23:59:59Z");
  CHECK(utc_time(-1500000000) == "1969-12-31T23:59:58.5Z");
  CHECK(utc_time(-86400000000000) == "1969-12-31T00:00:00Z");
  CHECK(utc_time(std::numeric_limits<std::int64_t>::max()) == "2262-04-11T23:47:16.854775807Z");
  CHECK(utc_time(std::numeric_limits<std::int64_t>::min()) == "1677-09-21T00:12:43.145224192Z");
}
