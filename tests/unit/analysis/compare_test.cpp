#include <snapshot/compare.h>

#include <doctest/doctest.h>
#include <tests/support/brute_force.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <memory>
#include <vector>

using snapshot::Charge;
using snapshot::GroupBy;
using snapshot::Statistic;
using snapshot::StatisticDiff;
using snapshot::Status;
using testing::Lines;
using testing::ranked_differences;
using testing::snapshot_from;

namespace {

/// The rows as numbers: key, size, size_diff, count, count_diff.
std::vector<std::vector<std::int64_t>> numbers(const std::vector<StatisticDiff>& rows) {
  std::vector<std::vector<std::int64_t>> result;
  for (const auto& row : rows)
    result.push_back({static_cast<std::int64_t>(row.key), row.size, row.size_diff, row.count, row.count_diff});
  return result;
}

std::vector<std::vector<std::int64_t>> numbers(const std::vector<Statistic>& rows) {
  std::vector<std::vector<std::int64_t>> result;
  for (const auto& row : rows) result.push_back({static_cast<std::int64_t>(row.key), row.size, row.count});
  return result;
}

using Numbers = std::vector<std::vector<std::int64_t>>;

}  // namespace

TEST_CASE("each key of either side has a row, by ascending key") {
  const std::vector<Statistic> older{{1, 10, 1}, {3, 30, 3}, {4, 40, 4}, {9, 90, 9}};
  const std::vector<Statistic> newer{{0, 5, 1}, {3, 33, 2}, {4, 40, 4}, {5, 50, 5}};
  CHECK(numbers(compare(older, newer)) == Numbers{{0, 5, 5, 1, 1},
                                                  {1, 0, -10, 0, -1},
                                                  {3, 33, 3, 2, -1},
                                                  {4, 40, 0, 4, 0},
                                                  {5, 50, 50, 5, 5},
                                                  {9, 0, -90, 0, -9}});
  CHECK(numbers(snapshot::compare(older, {})) ==
        Numbers{{1, 0, -10, 0, -1}, {3, 0, -30, 0, -3}, {4, 0, -40, 0, -4}, {9, 0, -90, 0, -9}});
  CHECK(numbers(snapshot::compare({}, newer)) ==
        Numbers{{0, 5, 5, 1, 1}, {3, 33, 33, 2, 2}, {4, 40, 40, 4, 4}, {5, 50, 50, 5, 5}});
  CHECK(snapshot::compare({}, {}).empty());
}

TEST_CASE("the status says how a group changed") {
  CHECK(StatisticDiff{0, 10, 10, 2, 2}.status() == Status::fresh);
  CHECK(StatisticDiff{0, 0, -10, 0, -2}.status() == Status::gone);
  CHECK(StatisticDiff{0, 10, 1, 2, 0}.status() == Status::grown);
  CHECK(StatisticDiff{0, 10, 1, 2, -3}.status() == Status::grown);  // fewer blocks, more bytes
  CHECK(StatisticDiff{0, 10, -1, 2, 0}.status() == Status::shrunk);
  CHECK(StatisticDiff{0, 10, -1, 2, 1}.status() == Status::shrunk);
  CHECK(StatisticDiff{0, 10, 0, 2, 1}.status() == Status::grown);
  CHECK(StatisticDiff{0, 10, 0, 2, -1}.status() == Status::shrunk);
  CHECK(StatisticDiff{0, 10, 0, 2, 0}.status() == Status::same);
  CHECK(StatisticDiff{0, 0, 0, 0, 0}.status() == Status::same);  // nothing, as before
}

TEST_CASE("groups of empty blocks have a status as well") {
  CHECK(StatisticDiff{0, 0, 0, 2, 2}.status() == Status::fresh);
  CHECK(StatisticDiff{0, 0, 0, 0, -2}.status() == Status::gone);
  CHECK(StatisticDiff{0, 0, 0, 3, 1}.status() == Status::grown);
  CHECK(StatisticDiff{0, 0, 0, 3, 0}.status() == Status::same);
}

TEST_CASE("what a snapshot has and a later one still has is the lesser of both") {
  const std::vector<Statistic> fresh{{1, 10, 1}, {3, 30, 3}, {4, 40, 4}, {9, 90, 9}};
  const std::vector<Statistic> later{{0, 5, 1}, {3, 20, 5}, {4, 50, 2}, {8, 1, 1}, {9, 90, 9}, {10, 1, 1}};
  CHECK(numbers(retained(fresh, later)) == Numbers{{3, 20, 3}, {4, 40, 2}, {9, 90, 9}});
  CHECK(retained(fresh, {}).empty());
  CHECK(snapshot::retained({}, later).empty());
}

TEST_CASE("a key whose blocks are empty later is retained with no bytes") {
  const std::vector<Statistic> fresh{{1, 10, 1}, {2, 10, 1}};
  const std::vector<Statistic> later{{1, 0, 1}, {2, 5, 1}};
  CHECK(numbers(retained(fresh, later)) == Numbers{{1, 0, 1}, {2, 5, 1}});
}

TEST_CASE("snapshots that share their Symbols are compared by any key") {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const auto older = snapshot_from("10 a.py:1 < m.py:1\n20 b.py:1", symbols);
  const auto newer = snapshot_from("10 a.py:1 < m.py:2\n10 a.py:1 < m.py:1\n5 a.py:2", symbols);
  CHECK(ranked_differences(older, newer, GroupBy::lineno) ==
        Lines{"0 (-20) x0 (-1) b.py:1", "20 (+10) x2 (+1) a.py:1", "5 (+5) x1 (+1) a.py:2"});
  CHECK(ranked_differences(older, newer, GroupBy::filename) == Lines{"0 (-20) x0 (-1) b.py", "25 (+15) x3 (+2) a.py"});
  CHECK(ranked_differences(older, newer, GroupBy::traceback) ==
        Lines{"0 (-20) x0 (-1) b.py:1", "10 (+10) x1 (+1) a.py:1 < m.py:2", "5 (+5) x1 (+1) a.py:2",
              "10 (+0) x1 (+0) a.py:1 < m.py:1"});
}

TEST_CASE("random snapshots differ as the brute force says, by every key and charge") {
  brute_force::Random random(4);
  for (int round = 0; round < testing::rounds(2000); ++round) {
    const brute_force::Traces older = random.traces();
    const brute_force::Traces newer = random.traces();
    const auto symbols = std::make_shared<snapshot::Symbols>();
    const auto old_snapshot = brute_force::to_snapshot(older, symbols);
    const auto new_snapshot = brute_force::to_snapshot(newer, symbols);
    for (const GroupBy group_by : {GroupBy::lineno, GroupBy::filename, GroupBy::traceback}) {
      const Charge charge = group_by == GroupBy::traceback || random.one_in(2) ? Charge::most_recent
                            : random.one_in(2)                                 ? Charge::once
                                                                               : Charge::every_frame;
      const auto rows =
          compare(statistics({&old_snapshot, 1}, group_by, charge), statistics({&new_snapshot, 1}, group_by, charge));
      auto found = brute_force::to_rows(*symbols, group_by, rows);
      std::ranges::sort(found, {}, &brute_force::Row::key);
      const auto expected = brute_force::compare(brute_force::statistics({older}, group_by, charge),
                                                 brute_force::statistics({newer}, group_by, charge));
      if (found != expected) FAIL("round " << round << " differs");
    }
  }
}
