#include <apps/trend/gate.h>
#include <apps/trend/trends.h>

#include <doctest/doctest.h>
#include <tests/support/snapshot_from.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using cli::ReportSnapshot;
using cli::Series;
using cli::TrendSort;
using snapshot::TrendClass;
using testing::Lines;
using Names = std::vector<std::string>;
using Times = std::vector<std::optional<std::int64_t>>;

namespace {

constexpr std::int64_t kHour = INT64_C(3600000000000);

/// Snapshots, each with Symbols of its own, as text: "4096 app.py:10".
struct World {
  explicit World(snapshot::GroupBy by = snapshot::GroupBy::lineno,
                 cli::TrendQuantity quantity = cli::TrendQuantity::size)
      : series(by, quantity) {}

  void add(const Lines& lines, std::optional<std::int64_t> time = {}) {
    cli::LoadedSnapshots loaded{std::make_shared<snapshot::Symbols>(), {}, {}, {{0, 0}}};
    loaded.symbols->intern("so that rows of one file are not those of another " + std::to_string(snapshots.size()));
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    loaded.snapshots.push_back(testing::snapshot_from(text, loaded.symbols));
    const cli::GroupOptions options;
    const cli::PathOptions paths;
    series.add(cli::Groups(loaded, options, paths), loaded);
    snapshots.push_back({"", "z-" + std::to_string(snapshots.size()), "tms", time, {}, 0, 0});
  }

  Series series;
  std::vector<ReportSnapshot> snapshots;
};

Names sites(const World& world, const std::vector<std::size_t>& order) {
  Names names;
  for (const std::size_t site : order) names.emplace_back(world.series.row(site).traceback.front().filename);
  return names;
}

std::string block(std::int64_t size, const std::string& place) { return std::to_string(size) + " " + place; }

/// One file leaks, one fills, one stays, one is there at the end alone.
World shop(bool timed) {
  World world;
  for (std::int64_t at = 0; at < 10; ++at) {
    Lines lines{block(10000 + 5000 * at, "leak.py:1"), block(90000 + at % 2, "flat.py:2")};
    lines.push_back(block(100000 + 20000 * std::min<std::int64_t>(at, 4), "cache.py:3"));
    if (at == 9) lines.push_back("70000 late.py:4");
    world.add(lines, timed ? std::optional(at * kHour / 2) : std::nullopt);
  }
  return world;
}

}  // namespace

TEST_CASE("a series is of the same lines in files that share nothing, and absence is 0") {
  World world;
  world.add({"100 a.py:1", "10 b.py:2"});
  world.add({"20 b.py:2", "5 c.py:3"});
  world.add({"200 a.py:1", "30 b.py:2", "3 b.py:2"});
  CHECK(world.series.site_count() == 3);
  CHECK(world.series.values(0) == std::vector<std::int64_t>{100, 0, 200});
  CHECK(world.series.values(1) == std::vector<std::int64_t>{10, 20, 33});
  CHECK(world.series.values(2) == std::vector<std::int64_t>{0, 5, 0});
  CHECK(world.series.totals() == std::vector<std::int64_t>{110, 25, 233});
  CHECK(world.series.compare(0, 1) < 0);
  CHECK(world.series.compare(1, 0) > 0);
  CHECK(world.series.row(2).traceback.front().lineno == 3);
}

TEST_CASE("a series may be of counts") {
  World world(snapshot::GroupBy::lineno, cli::TrendQuantity::count);
  world.add({"100 a.py:1", "10 a.py:1"});
  world.add({"20 a.py:1"});
  CHECK(world.series.values(0) == std::vector<std::int64_t>{2, 1});
  CHECK(world.series.totals() == std::vector<std::int64_t>{2, 1});
}

TEST_CASE("snapshots that are put into another order take their amounts along") {
  World world;
  world.add({"1 a.py:1"});
  world.add({"2 a.py:1", "7 b.py:1"});
  world.add({"3 a.py:1"});
  world.series.reorder(std::vector<std::size_t>{2, 0, 1});
  CHECK(world.series.values(0) == std::vector<std::int64_t>{3, 1, 2});
  CHECK(world.series.values(1) == std::vector<std::int64_t>{0, 0, 7});
  CHECK(world.series.totals() == std::vector<std::int64_t>{3, 1, 9});
}

TEST_CASE("the order is that of the times, and of the names where one has none") {
  const auto order = [](const Names& names, const Times& times) {
    std::vector<ReportSnapshot> snapshots;
    for (std::size_t at = 0; at < names.size(); ++at) snapshots.push_back({"", names[at], "", times[at], {}, 0, 0});
    return cli::series_order(snapshots);
  };
  using Order = std::vector<std::size_t>;
  CHECK(order({"a", "b", "c"}, {3, 1, 2}) == Order{1, 2, 0});
  CHECK(order({"z-10", "z-9", "z-1"}, {5, 5, 6}) == Order{1, 0, 2});
  CHECK(order({"z-10", "z-9", "z-1"}, {1, 2, std::nullopt}) == Order{2, 1, 0});
  CHECK(order({"-", "z", "a"}, {{}, {}, {}}) == Order{2, 1, 0});
  CHECK(order({}, {}).empty());
}

TEST_CASE("leaks are first, then the rest by growth") {
  const World world = shop(false);
  const cli::Trends trends(world.series, world.snapshots, {});
  const auto ranked = trends.ranked(TrendSort::standard, false);
  CHECK(sites(world, ranked) == Names{"leak.py", "cache.py", "flat.py", "late.py"});
  CHECK(trends.verdict(ranked[0]) == TrendClass::leak);
  CHECK(trends.verdict(ranked[1]) == TrendClass::saturating);
  CHECK(trends.verdict(ranked[2]) == TrendClass::flat);
  CHECK(trends.verdict(ranked[3]) == TrendClass::step);
  CHECK(trends.tests() == 3);  // of late.py eight are equal
  CHECK(sites(world, trends.ranked(TrendSort::name, false)) == Names{"cache.py", "flat.py", "late.py", "leak.py"});
  CHECK(sites(world, trends.ranked(TrendSort::last, false)) == Names{"cache.py", "flat.py", "late.py", "leak.py"});
  CHECK(sites(world, trends.ranked(TrendSort::last, true)) == Names{"leak.py", "late.py", "flat.py", "cache.py"});
}

TEST_CASE("growth has a rate per hour where the times are known") {
  for (const bool timed : {false, true}) {
    const World world = shop(timed);
    const cli::Trends trends(world.series, world.snapshots, {});
    CHECK(trends.timed() == timed);
    const cli::TrendRow leak = trends.row(trends.ranked(TrendSort::standard, false)[0], 75000);
    CHECK(leak.per_interval == doctest::Approx(5000));
    CHECK(leak.per_hour.value_or(0) == doctest::Approx(timed ? 10000 : 0));
    // From 55,000.
    CHECK(leak.until.value_or(0) == doctest::Approx(timed ? 2 : 4));
    CHECK(leak.confidence > 0.99);
    CHECK_FALSE(trends.row(trends.ranked(TrendSort::standard, false)[1], 1000000).until.has_value());
  }
}

TEST_CASE("a limit that is reached takes no more time") {
  const World world = shop(true);
  const cli::Trends trends(world.series, world.snapshots, {});
  CHECK(trends.row(trends.ranked(TrendSort::standard, false)[0], 100).until == 0.0);
}

TEST_CASE("rows behind the limit are added up, and the total has a verdict of its own") {
  const World world = shop(false);
  const cli::Trends trends(world.series, world.snapshots, {});
  cli::TrendReport report;
  trends.fill(report, trends.ranked(TrendSort::standard, false), 1, false);
  CHECK(report.rows.size() == 1);
  CHECK(report.others.groups == 3);
  CHECK(report.others.first == 190000);
  CHECK(report.others.last == 90001 + 180000 + 70000);
  CHECK(report.total.values.front() == 200000);
  CHECK(report.used == 9);
  CHECK_FALSE(report.outside.has_value());
}

TEST_CASE("too few snapshots for one group among many are told") {
  cli::TrendReport report;
  const auto told = [&](std::size_t snapshots, std::size_t tests) {
    report.snapshots.assign(snapshots, ReportSnapshot{"", "", "", {}, {}, 0, 0});
    report.used = snapshots - 1;
    report.tests = tests;
    return cli::undecided(report);
  };
  CHECK(told(5, 1).empty());
  CHECK(told(6, 6).empty());
  CHECK(told(10, 18144).empty());
  CHECK(told(5, 2) == "too few snapshots to tell one group's growth from chance among 2: takes 6, not 5");
  CHECK(told(6, 7) == "too few snapshots to tell one group's growth from chance among 7: takes 7, not 6");
  CHECK(told(6, 0).empty());
}

TEST_CASE("a gate names the rows of its classes, shown or not, and the total") {
  const World world = shop(false);
  cli::TrendOptions options;
  const cli::Trends trends(world.series, world.snapshots, options.rules);
  cli::TrendReport report;
  const auto order = trends.ranked(TrendSort::standard, false);
  trends.fill(report, order, 0, false);
  CHECK(cli::refused(options, trends, report, order).empty());
  options.fail_on = {TrendClass::leak};
  const Names lines = cli::refused(options, trends, report, order);
  REQUIRE(lines.size() >= 2);
  CHECK(lines[1] == "  leak: leak.py:1: +45000 B in 10 snapshots, p <0.0001, confidence 100%");
  options.fail_on = {TrendClass::oscillating, TrendClass::shrinking};
  CHECK(cli::refused(options, trends, report, order).empty());
}
