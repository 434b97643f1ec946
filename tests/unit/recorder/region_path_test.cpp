#include <doctest/doctest.h>
#include <recorder/region.h>

#include <cstdint>
#include <string>

namespace snapshot::recorder {
namespace {

std::string path_of(std::uint32_t pid, std::uint32_t sequence) {
  char path[64];
  REQUIRE(region_path(path, sizeof path, "/regions", "session", pid, sequence));
  return path;
}

TEST_CASE("the path of a region is as long for each process") {
  CHECK(path_of(1, 0) == "/regions/session.0000001.0.region");
  CHECK(path_of(9'999, 0) == "/regions/session.0009999.0.region");
  CHECK(path_of(4'194'304, 0) == "/regions/session.4194304.0.region");
}

TEST_CASE("a number with more digits is not cut") {
  CHECK(path_of(4'294'967'295, 4'294'967'295) == "/regions/session.4294967295.4294967295.region");
}

TEST_CASE("a path that does not fit is refused") {
  char path[sizeof "/regions/session.0000001.0.region"];
  CHECK(region_path(path, sizeof path, "/regions", "session", 1, 0));
  CHECK_FALSE(region_path(path, sizeof path - 1, "/regions", "session", 1, 0));
}

}  // namespace
}  // namespace snapshot::recorder
