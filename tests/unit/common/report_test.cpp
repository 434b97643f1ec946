#include <apps/common/report.h>

#include <doctest/doctest.h>
#include <tests/support/snapshot_from.h>

#include <string>
#include <vector>

using cli::Report;
using snapshot::GroupBy;
using snapshot::StatisticDiff;
using snapshot::Status;

namespace {

/// The frames of a key, oldest first.
std::string frames_text(const snapshot::Symbols& symbols, GroupBy group_by, snapshot::Key key) {
  std::string text;
  for (const auto& frame : cli::frames_of(symbols, group_by, key)) {
    text += std::string(frame.filename) + ":" + std::to_string(frame.lineno) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("statuses and group keys have their names") {
  CHECK(cli::status_name(Status::fresh) == "NEW");
  CHECK(cli::status_name(Status::gone) == "GONE");
  CHECK(cli::status_name(Status::grown) == "GROWN");
  CHECK(cli::status_name(Status::shrunk) == "SHRUNK");
  CHECK(cli::status_name(Status::same) == "SAME");
  CHECK(cli::group_name(GroupBy::lineno) == "lineno");
  CHECK(cli::group_name(GroupBy::filename) == "filename");
  CHECK(cli::group_name(GroupBy::traceback) == "traceback");
  CHECK(cli::status_of({5, 1, 5, 1}) == Status::fresh);
  CHECK(cli::status_of({0, 0, -5, -1}) == Status::gone);
}

TEST_CASE("a key becomes the frames of tracemalloc's traceback: oldest first, line 0 of a file") {
  const auto snapshot = testing::snapshot_from("1 a.py:2 < m.py:9");
  CHECK(frames_text(snapshot.symbols(), GroupBy::traceback, 0) == "m.py:9 a.py:2 ");
  CHECK(frames_text(snapshot.symbols(), GroupBy::lineno, 0) == "a.py:2 ");
  CHECK(frames_text(snapshot.symbols(), GroupBy::filename, 0) == "a.py:0 ");
}

TEST_CASE("the frames of a traceback have their functions and modules, a line has none") {
  const auto snapshot = testing::snapshot_from("1 a.c:2(grow)@libfoo.so < m.c:9() < n.c:1");
  const snapshot::Symbols& symbols = snapshot.symbols();
  const auto frames = cli::frames_of(symbols, GroupBy::traceback, 0);
  REQUIRE(frames.size() == 3);
  CHECK_FALSE(frames[0].function);
  CHECK_FALSE(frames[0].module);
  CHECK(frames[1].function == "");
  CHECK_FALSE(frames[1].module);
  CHECK(frames[2].function == "grow");
  CHECK(frames[2].module == "libfoo.so");

  const auto by_line = statistics({&snapshot, 1}, GroupBy::lineno, snapshot::Charge::once);
  for (const auto& row : by_line) CHECK_FALSE(cli::frames_of(symbols, GroupBy::lineno, row.key).at(0).function);
  CHECK(by_line.size() == 3);
}

TEST_CASE("ranked rows move into a report with what was left out") {
  const auto snapshot = testing::snapshot_from("1 a.py:2\n2 b.py:3\n4 c.py:4");
  const snapshot::KeyOrder order(snapshot.symbols(), GroupBy::lineno, snapshot::FrameOrder::oldest_first);
  snapshot::RankOptions options;
  options.limit = 1;
  Report report;
  cli::fill_rows(report, snapshot.symbols(),
                 rank(statistics({&snapshot, 1}, GroupBy::lineno, snapshot::Charge::most_recent), order, options));
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].traceback.at(0).filename == "c.py");
  CHECK(report.rows[0].amounts.size == 4);
  CHECK(report.others.groups == 2);
  CHECK(report.others.amounts.size == 3);
  CHECK(report.others.amounts.count == 2);
}

TEST_CASE("rows that did not change are taken out and added up") {
  std::vector<StatisticDiff> rows{{0, 10, 0, 2, 0}, {1, 5, 5, 1, 1}, {2, 7, 0, 1, 0}, {3, 7, 0, 2, 1}};
  const cli::Rest unchanged = cli::take_unchanged(rows, false);
  CHECK(unchanged.groups == 2);
  CHECK(unchanged.amounts.size == 17);
  CHECK(unchanged.amounts.count == 3);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].key == 1);
  CHECK(rows[1].key == 3);
}
