#include <apps/common/gate.h>

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using cli::GateOptions;
using Lines = std::vector<std::string>;

namespace {

cli::ReportRow row(const char* name, std::int64_t size_diff, std::int64_t count_diff) {
  return {{{name, 1}}, {100000, 10, size_diff, count_diff}};
}

cli::Report growth() {
  cli::Report report;
  report.compares = true;
  report.rows = {row("a.py", 20480, 5), row("b.py", -9000, 7), row("c.py", 520, -1), row("d.py", 0, 0)};
  report.total = {400000, 40, 12000, 11};
  return report;
}

GateOptions gates(std::optional<std::int64_t> size, std::optional<std::int64_t> site_size,
                  std::optional<std::int64_t> count) {
  GateOptions options;
  options.size = size;
  options.site_size = site_size;
  options.count = count;
  return options;
}

}  // namespace

TEST_CASE("without limits, and up to them, nothing is exceeded") {
  CHECK_FALSE(GateOptions().any());
  CHECK(gates(0, {}, {}).any());
  CHECK(gates({}, 0, {}).any());
  CHECK(gates({}, {}, 0).any());
  CHECK(exceeded({}, growth()).empty());
  CHECK(exceeded(gates(12000, 20480, 11), growth()).empty());
  CHECK(exceeded(gates(0, 0, 0), cli::Report()).empty());
}

TEST_CASE("net growth past the limit names the rows that grew") {
  CHECK(exceeded(gates(11999, {}, {}), growth()) == Lines{"grew by 12000 B, more than --fail-above 11999",
                                                          "  a.py:1: +20480 B, +5 blocks",
                                                          "  c.py:1: +520 B, -1 block"});
}

TEST_CASE("more blocks than the limit name the rows that have more blocks") {
  CHECK(exceeded(gates({}, {}, 10), growth()) == Lines{"grew by 11 blocks, more than --fail-count-above 10",
                                                       "  a.py:1: +20480 B, +5 blocks",
                                                       "  b.py:1: -9000 B, +7 blocks"});
}

TEST_CASE("each site past the limit is named") {
  CHECK(exceeded(gates({}, 520, {}), growth()) ==
        Lines{"a site grew by more than --fail-site-above 520", "  a.py:1: +20480 B, +5 blocks"});
  CHECK(exceeded(gates({}, 519, {}), growth()) == Lines{"2 sites grew by more than --fail-site-above 519",
                                                        "  a.py:1: +20480 B, +5 blocks", "  c.py:1: +520 B, -1 block"});
}

TEST_CASE("net growth names ten rows and how many more there are, sites are all named") {
  cli::Report report = growth();
  report.rows.assign(13, row("a.py", 100, 1));
  const Lines net = exceeded(gates(0, {}, {}), report);
  REQUIRE(net.size() == 12);
  CHECK(net.back() == "  and 3 more");
  CHECK(exceeded(gates({}, 99, {}), report).size() == 14);
}

TEST_CASE("limits that are exceeded together are all said") {
  const Lines lines = exceeded(gates(0, 0, 0), growth());
  REQUIRE(lines.size() == 9);
  CHECK(lines[0] == "grew by 12000 B, more than --fail-above 0");
  CHECK(lines[3] == "grew by 11 blocks, more than --fail-count-above 0");
  CHECK(lines[6] == "2 sites grew by more than --fail-site-above 0");
}
