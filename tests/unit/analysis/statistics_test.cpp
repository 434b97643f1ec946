#include <snapshot/statistics.h>

#include <doctest/doctest.h>
#include <snapshot/error.h>
#include <tests/support/brute_force.h>
#include <tests/support/sanitizer.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

using snapshot::Charge;
using snapshot::GroupBy;
using testing::Lines;
using testing::ranked_statistics;
using testing::snapshot_from;

namespace {

snapshot::Snapshot recursive() {
  return snapshot_from(R"(
    100 x2 walk.py:5 < walk.py:5 < walk.py:5 < main.py:1
    30 walk.py:9 < walk.py:5 < main.py:1
    7 main.py:1
  )");
}

/// One snapshot or several as the brute force adds them up, for a whole choice of grouping.
bool equals_brute_force(const std::vector<brute_force::Traces>& all, GroupBy group_by, Charge charge) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  std::vector<snapshot::Snapshot> snapshots;
  for (const auto& traces : all)
    snapshots.push_back(brute_force::to_snapshot(traces, symbols, snapshots.size() % 2 == 1));
  const auto rows = statistics(snapshots, group_by, charge);
  const bool ascending = std::ranges::is_sorted(rows, {}, &snapshot::Statistic::key);
  auto found = brute_force::to_rows(*symbols, group_by, rows);
  std::ranges::sort(found, {}, &brute_force::Row::key);
  return ascending && found == brute_force::rows(brute_force::statistics(all, group_by, charge));
}

}  // namespace

TEST_CASE("blocks are grouped by the line, the file and the traceback that allocated them") {
  CHECK(ranked_statistics(recursive(), GroupBy::lineno) ==
        Lines{"200 x2 walk.py:5", "30 x1 walk.py:9", "7 x1 main.py:1"});
  CHECK(ranked_statistics(recursive(), GroupBy::filename) == Lines{"230 x3 walk.py", "7 x1 main.py"});
  CHECK(ranked_statistics(recursive(), GroupBy::traceback) ==
        Lines{"200 x2 walk.py:5 < walk.py:5 < walk.py:5 < main.py:1", "30 x1 walk.py:9 < walk.py:5 < main.py:1",
              "7 x1 main.py:1"});
}

TEST_CASE("a block is charged once to each key of its traceback, however often it recurs") {
  CHECK(ranked_statistics(recursive(), GroupBy::lineno, Charge::once) ==
        Lines{"237 x4 main.py:1", "230 x3 walk.py:5", "30 x1 walk.py:9"});
  CHECK(ranked_statistics(recursive(), GroupBy::filename, Charge::once) == Lines{"237 x4 main.py", "230 x3 walk.py"});
}

TEST_CASE("a block is charged to every frame, as CPython does, when recursion counts") {
  CHECK(ranked_statistics(recursive(), GroupBy::lineno, Charge::every_frame) ==
        Lines{"630 x7 walk.py:5", "237 x4 main.py:1", "30 x1 walk.py:9"});
  CHECK(ranked_statistics(recursive(), GroupBy::filename, Charge::every_frame) ==
        Lines{"660 x8 walk.py", "237 x4 main.py"});
}

TEST_CASE("traces that differ in domain and total_nframe alone are one group") {
  const auto snapshot = snapshot_from("1 a.py:1\n2 a.py:1 domain=5\n4 a.py:1 nframe=7");
  for (const auto charge : {Charge::most_recent, Charge::once, Charge::every_frame}) {
    CHECK(ranked_statistics(snapshot, GroupBy::lineno, charge) == Lines{"7 x3 a.py:1"});
  }
  CHECK(ranked_statistics(snapshot, GroupBy::traceback) == Lines{"7 x3 a.py:1"});
}

TEST_CASE("a group of empty blocks is a group") {
  CHECK(ranked_statistics(snapshot_from("0 x3 a.py:1"), GroupBy::lineno) == Lines{"0 x3 a.py:1"});
}

TEST_CASE("tracebacks cannot be grouped cumulatively") {
  const std::array snapshots{recursive()};
  for (const auto charge : {Charge::once, Charge::every_frame}) {
    CHECK_THROWS_WITH_AS(statistics(snapshots, GroupBy::traceback, charge), "tracebacks cannot be grouped cumulatively",
                         snapshot::Error);
  }
}

TEST_CASE("nothing has no groups") {
  CHECK(statistics({}, GroupBy::lineno, Charge::most_recent).empty());
  CHECK(ranked_statistics(snapshot_from(""), GroupBy::traceback).empty());
}

TEST_CASE("several snapshots are added up") {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const std::array snapshots{snapshot_from("1 a.py:1\n2 b.py:1", symbols),
                             snapshot_from("4 b.py:1\n8 c.py:1", symbols)};
  const auto rows = statistics(snapshots, GroupBy::lineno, Charge::most_recent);
  CHECK(testing::rows_of(*symbols, GroupBy::lineno, rows) == Lines{"1 x1 a.py:1", "6 x2 b.py:1", "8 x1 c.py:1"});
}

TEST_CASE("a sum past 2^63 - 1 bytes is refused: of several snapshots, and of recursion") {
  constexpr const char* kTooMuch = "a sum of block sizes is more than 9223372036854775807 bytes";
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const std::array two{snapshot_from("9223372036854775807 a.py:1", symbols), snapshot_from("1 a.py:1", symbols)};
  const std::array apart{snapshot_from("9223372036854775807 a.py:1", symbols), snapshot_from("1 b.py:1", symbols)};
  CHECK_THROWS_WITH_AS(statistics(two, GroupBy::lineno, Charge::most_recent), kTooMuch, snapshot::Error);
  CHECK_THROWS_WITH_AS(statistics(apart, GroupBy::lineno, Charge::most_recent), kTooMuch, snapshot::Error);

  const std::array recursion{snapshot_from("9223372036854775807 a.py:1 < a.py:1")};
  CHECK_THROWS_WITH_AS(statistics(recursion, GroupBy::lineno, Charge::every_frame), kTooMuch, snapshot::Error);
  CHECK(statistics(recursion, GroupBy::lineno, Charge::once).size() == 1);
}

TEST_CASE("functions and modules of one line are one row by line, and several by traceback") {
  const auto snapshot = snapshot_from(R"(
    1 a.cpp:7(grow<int>)@app < a.cpp:9(main)
    2 a.cpp:7(grow<char>)@app < a.cpp:9(main)
    4 a.cpp:7 < a.cpp:9
    8 a.cpp:7(grow<int>)@libfoo.so < a.cpp:9(main)
    16 a.cpp:8(grow<int>)@app < a.cpp:7(grow<int>)@app
  )");
  CHECK(testing::ranked_statistics(snapshot, GroupBy::lineno) == testing::Lines{"16 x1 a.cpp:8", "15 x4 a.cpp:7"});
  CHECK(testing::ranked_statistics(snapshot, GroupBy::lineno, Charge::once) ==
        testing::Lines{"31 x5 a.cpp:7", "16 x1 a.cpp:8", "15 x4 a.cpp:9"});
  CHECK(testing::ranked_statistics(snapshot, GroupBy::filename) == testing::Lines{"31 x5 a.cpp"});
  CHECK(testing::ranked_statistics(snapshot, GroupBy::traceback).size() == 5);

  const auto recursion = snapshot_from("5 a.cpp:7(f) < a.cpp:7(g) < a.cpp:7");
  CHECK(testing::ranked_statistics(recursion, GroupBy::lineno, Charge::once) == testing::Lines{"5 x1 a.cpp:7"});
  CHECK(testing::ranked_statistics(recursion, GroupBy::lineno, Charge::every_frame) == testing::Lines{"15 x3 a.cpp:7"});
}

TEST_CASE("a row that stands for several blocks counts as those") {
  const auto snapshot = snapshot_from("10 count=3 a.py:1 < b.py:1\n4 a.py:1\n1 count=100 c.py:1 < b.py:1");
  CHECK(testing::ranked_statistics(snapshot, GroupBy::lineno) == testing::Lines{"100 x100 c.py:1", "34 x4 a.py:1"});
  CHECK(testing::ranked_statistics(snapshot, GroupBy::filename, Charge::once) ==
        testing::Lines{"130 x103 b.py", "100 x100 c.py", "34 x4 a.py"});
}

TEST_CASE("random snapshots add up as the brute force adds them up, by every key and charge") {
  brute_force::Random random(2);
  for (int round = 0; round < testing::rounds(1500); ++round) {
    std::vector<brute_force::Traces> all{random.traces()};
    if (random.one_in(3)) all.push_back(random.traces());
    for (const GroupBy group_by : {GroupBy::lineno, GroupBy::filename, GroupBy::traceback}) {
      for (const Charge charge : {Charge::most_recent, Charge::once, Charge::every_frame}) {
        if (group_by == GroupBy::traceback && charge != Charge::most_recent) continue;
        if (!equals_brute_force(all, group_by, charge)) FAIL("round " << round << " adds up to something else");
      }
    }
  }
}

TEST_CASE("cumulatively, no key is charged more than all blocks hold") {
  brute_force::Random random(3);
  for (int round = 0; round < 1000; ++round) {
    const std::array snapshots{brute_force::to_snapshot(random.traces(), std::make_shared<snapshot::Symbols>())};
    for (const GroupBy group_by : {GroupBy::lineno, GroupBy::filename}) {
      for (const auto& row : statistics(snapshots, group_by, Charge::once)) {
        if (row.size > snapshots[0].size() || row.count > snapshots[0].count()) FAIL("round " << round);
      }
    }
  }
}
