#include <apps/trend/sparkline.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

using Values = std::vector<std::int64_t>;

namespace {

std::string ascii(const Values& values, std::size_t columns = 16) { return cli::sparkline(values, columns, true); }

}  // namespace

TEST_CASE("bars go from the least amount to the largest") {
  CHECK(cli::sparkline(Values{0, 1, 2, 3, 4, 5, 6, 7}, 16, false) == "▁▂▃▄▅▆▇█");
  CHECK(ascii({0, 1, 2, 3, 4, 5, 6, 7}) == "_.:-=+*#");
  CHECK(ascii({1000, 3000}) == "_#");
}

TEST_CASE("what varies by little looks flat") {
  CHECK(ascii({100, 100, 100}) == "___");
  CHECK(ascii({0, 0}) == "__");
  CHECK(ascii({200, 201, 199, 200}) == "____");
  CHECK(ascii({100, 90}) == "-_");
}

TEST_CASE("more amounts than columns share bars, which are their means") {
  CHECK(ascii({0, 0, 10, 10}, 2) == "_#");
  CHECK(ascii({0, 14, 7, 7, 0, 28}, 3) == "__#");
  CHECK(ascii(Values(1000, 5)) == "________________");
}

TEST_CASE("no amounts have no bars, and the largest do not overflow") {
  CHECK(ascii({}) == "");
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(ascii({0, kMost, kMost}) == "_##");
}
