#include <snapshot/size_column.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

TEST_CASE("sizes come back as they went in, around 2^32 - 1 too") {
  const std::vector<std::int64_t> sizes{0,          1,          4294967293, 4294967294,          4294967295, 4294967296,
                                        4294967297, 4294967295, 7,          9223372036854775807, 4294967294};
  snapshot::SizeColumn column;
  for (const std::int64_t size : sizes) column.push_back(size);
  REQUIRE(column.size() == sizes.size());
  for (std::size_t at = 0; at < sizes.size(); ++at) CHECK(column[at] == sizes[at]);
}

TEST_CASE("a column of wide sizes alone keeps each in its row") {
  snapshot::SizeColumn column;
  for (std::int64_t at = 0; at < 2000; ++at) column.push_back((std::int64_t{1} << 40U) + at);
  for (std::int64_t at = 0; at < 2000; ++at)
    CHECK(column[static_cast<std::size_t>(at)] == (std::int64_t{1} << 40U) + at);
}
