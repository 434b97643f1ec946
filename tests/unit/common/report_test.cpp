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

using Texts = std::vector<std::string>;

snapshot::Grouping grouping_of(const snapshot::Snapshot& snapshot, const snapshot::GroupSpec& spec) {
  return {snapshot.symbols(), {&snapshot, 1}, spec};
}

/// The groups of a snapshot: their frames, oldest first, and their names.
std::vector<std::string> texts_of(const snapshot::Snapshot& snapshot, const snapshot::GroupSpec& spec) {
  const auto grouping = grouping_of(snapshot, spec);
  std::vector<std::string> texts;
  for (const auto& statistic : statistics({&snapshot, 1}, grouping, snapshot::Charge::most_recent)) {
    const cli::ReportRow row = cli::row_of(grouping, statistic.key);
    CHECK(row.by == spec.by);
    CHECK(row.traceback.empty() != row.key.empty());
    std::string text(row.key);
    for (const auto& frame : row.traceback) {
      text += std::string(frame.filename) + ":" + std::to_string(frame.lineno) + " ";
    }
    texts.push_back(text);
  }
  return texts;
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
  CHECK(cli::group_name(GroupBy::function) == "function");
  CHECK(cli::group_name(GroupBy::directory) == "directory");
  CHECK(cli::group_name(GroupBy::module) == "module");
  CHECK(cli::group_name(GroupBy::domain) == "domain");
  CHECK(cli::group_name(GroupBy::thread) == "thread");
  CHECK(cli::group_name(GroupBy::type) == "type");
  CHECK(cli::group_name(GroupBy::size_class) == "size-class");
  CHECK(cli::status_of({5, 1, 5, 1}) == Status::fresh);
  CHECK(cli::status_of({0, 0, -5, -1}) == Status::gone);
}

TEST_CASE("a key becomes the frames of tracemalloc's traceback: oldest first, line 0 of a file") {
  const auto snapshot = testing::snapshot_from("1 a.py:2 < m.py:9");
  CHECK(texts_of(snapshot, {.by = GroupBy::traceback}) == Texts{"m.py:9 a.py:2 "});
  CHECK(texts_of(snapshot, {.by = GroupBy::lineno}) == Texts{"a.py:2 "});
  CHECK(texts_of(snapshot, {.by = GroupBy::filename}) == Texts{"a.py:0 "});
  CHECK(texts_of(snapshot, {.by = GroupBy::function}) == Texts{"a.py:0 "});
}

TEST_CASE("the frames of a traceback have their functions and modules, a line has none") {
  const auto snapshot = testing::snapshot_from("1 a.c:2(grow)@libfoo.so < m.c:9() < n.c:1");
  const auto frames = cli::row_of(grouping_of(snapshot, {.by = GroupBy::traceback}), 0).traceback;
  REQUIRE(frames.size() == 3);
  CHECK_FALSE(frames[0].function);
  CHECK_FALSE(frames[0].module);
  CHECK(frames[1].function == "");
  CHECK_FALSE(frames[1].module);
  CHECK(frames[2].function == "grow");
  CHECK(frames[2].module == "libfoo.so");

  const auto by_line = statistics({&snapshot, 1}, GroupBy::lineno, snapshot::Charge::once);
  const auto lines = grouping_of(snapshot, {.by = GroupBy::lineno});
  for (const auto& row : by_line) CHECK_FALSE(cli::row_of(lines, row.key).traceback.at(0).function);
  CHECK(by_line.size() == 3);
}

TEST_CASE("a group by function is its file, and its function where that is known") {
  const auto snapshot = testing::snapshot_from("1 a.c:2(grow)@libfoo.so\n2 a.c:3");
  const auto grouping = grouping_of(snapshot, {.by = GroupBy::function});
  const cli::ReportFrame known = cli::row_of(grouping, 0).traceback.at(0);
  CHECK(known.function == "grow");
  CHECK(known.filename == "a.c");
  CHECK_FALSE(known.module);
  CHECK_FALSE(cli::row_of(grouping, 1).traceback.at(0).function);
}

TEST_CASE("groups that are no frames have a name alone") {
  const auto snapshot =
      testing::snapshot_from("24 /srv/shop/a.py:2(f)@/usr/bin/app thread=main domain=3 type=dict < m.py:1");
  CHECK(texts_of(snapshot, {.by = GroupBy::directory}) == Texts{"/srv/shop"});
  CHECK(texts_of(snapshot, {.by = GroupBy::directory, .depth = 1}) == Texts{"/srv"});
  CHECK(texts_of(snapshot, {.by = GroupBy::module}) == Texts{"/usr/bin/app"});
  CHECK(texts_of(snapshot, {.by = GroupBy::domain}) == Texts{"3"});
  CHECK(texts_of(snapshot, {.by = GroupBy::thread}) == Texts{"main (0)"});
  CHECK(texts_of(snapshot, {.by = GroupBy::type}) == Texts{"dict"});
  CHECK(texts_of(snapshot, {.by = GroupBy::size_class}) == Texts{"17-32"});
}

TEST_CASE("ranked rows move into a report with what was left out") {
  const auto snapshot = testing::snapshot_from("1 a.py:2\n2 b.py:3\n4 c.py:4");
  const snapshot::KeyOrder order(snapshot.symbols(), GroupBy::lineno, snapshot::FrameOrder::oldest_first);
  snapshot::RankOptions options;
  options.limit = 1;
  Report report;
  cli::fill_rows(report, grouping_of(snapshot, {}),
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
