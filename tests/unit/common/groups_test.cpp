#include <apps/common/groups.h>

#include <doctest/doctest.h>
#include <snapshot/compare.h>
#include <tests/support/brute_force.h>
#include <tests/support/snapshot_from.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "parsed.h"

using cli::GroupOptions;
using cli::Report;
using formats::Detail;
using snapshot::Charge;
using snapshot::FrameOrder;
using snapshot::GroupBy;
using snapshot::Statistic;
using snapshot::StatisticDiff;
using testing::Lines;

namespace {

GroupOptions parsed(const Arguments& arguments) { return parsed_as<GroupOptions>(arguments); }
std::string refused(const Arguments& arguments) { return refused_as<GroupOptions>(arguments); }

cli::LoadedSnapshots loaded_from(const std::vector<const char*>& texts) {
  cli::LoadedSnapshots loaded{std::make_shared<snapshot::Symbols>(), {}, {}, {}};
  for (const char* text : texts) loaded.snapshots.push_back(testing::snapshot_from(text, loaded.symbols));
  return loaded;
}

std::string name_of(const cli::ReportRow& row) {
  if (row.traceback.empty()) return std::string(row.key);
  const cli::ReportFrame& frame = row.traceback.front();
  return std::string(frame.filename) + (row.by == GroupBy::lineno ? ":" + std::to_string(frame.lineno) : "");
}

void add_lines(const std::vector<cli::ReportRow>& rows, const cli::Rest& others, const cli::Rest& unchanged,
               const std::string& indent, Lines& lines) {
  const auto amounts = [](const cli::Amounts& each) {
    return std::to_string(each.size) + " (" + std::to_string(each.size_diff) + ") x" + std::to_string(each.count) + " ";
  };
  for (const cli::ReportRow& row : rows) {
    lines.push_back(indent + amounts(row.amounts) + name_of(row));
    add_lines(row.within, row.others, row.unchanged, indent + "  ", lines);
  }
  if (others.groups > 0) lines.push_back(indent + amounts(others.amounts) + std::to_string(others.groups) + " others");
  if (unchanged.groups > 0) {
    lines.push_back(indent + amounts(unchanged.amounts) + std::to_string(unchanged.groups) + " unchanged");
  }
}

Lines lines_of(const Report& report) {
  Lines lines;
  add_lines(report.rows, report.others, report.unchanged, "", lines);
  return lines;
}

Lines ranked(const char* text, const std::vector<std::string>& arguments, std::optional<std::size_t> limit = {}) {
  const cli::LoadedSnapshots loaded = loaded_from({text});
  const GroupOptions options = parsed(arguments);
  const cli::Groups groups(loaded, options, {});
  Report report;
  groups.describe(report);
  const auto pairs = groups.pairs(loaded.snapshots);
  groups.rank_into<Statistic>(report, groups.statistics(loaded.snapshots), pairs, {{}, false, limit},
                              FrameOrder::oldest_first);
  return lines_of(report);
}

constexpr const char* kText = R"(
  100 a.py:5 < m.py:1 thread=main
  10 a.py:6 < a.py:5 < m.py:1 thread=main
  20 b.py:7 < a.py:5 thread=8
  4 b.py:8
)";

}  // namespace

TEST_CASE("a second key groups within the first, and each of both is cut to the limit") {
  CHECK(ranked(kText, {"-g", "filename,lineno"}) == Lines{"110 (0) x2 a.py", "  100 (0) x1 a.py:5",
                                                          "  10 (0) x1 a.py:6",  //
                                                          "24 (0) x2 b.py", "  20 (0) x1 b.py:7", "  4 (0) x1 b.py:8"});
  CHECK(ranked(kText, {"-g", "filename,lineno"}, 1) ==
        Lines{"110 (0) x2 a.py", "  100 (0) x1 a.py:5", "  10 (0) x1 1 others", "24 (0) x2 1 others"});
  CHECK(ranked(kText, {"-g", "thread,filename"}) == Lines{"110 (0) x2 main (0)", "  110 (0) x2 a.py",  //
                                                          "20 (0) x1 8", "  20 (0) x1 b.py",           //
                                                          "4 (0) x1 unknown", "  4 (0) x1 b.py"});
}

TEST_CASE("types are within lines, and lines within types") {
  const char* text = "10 x2 a.py:5 type=dict\n5 a.py:5\n9 b.py:7 type=dict";
  CHECK(ranked(text, {"-g", "lineno,type"}) == Lines{"25 (0) x3 a.py:5", "  20 (0) x2 dict", "  5 (0) x1 <unknown>",  //
                                                     "9 (0) x1 b.py:7", "  9 (0) x1 dict"});
  CHECK(ranked(text, {"-c", "-g", "type,filename"}) == Lines{"29 (0) x3 dict", "  20 (0) x2 a.py",
                                                             "  9 (0) x1 b.py",  //
                                                             "5 (0) x1 <unknown>", "  5 (0) x1 a.py"});
}

TEST_CASE("cumulatively the frames of a block are charged, and what is no frame holds it once") {
  CHECK(ranked(kText, {"-c", "-g", "filename,lineno"}) ==
        Lines{"130 (0) x3 a.py", "  130 (0) x3 a.py:5", "  10 (0) x1 a.py:6",  //
              "110 (0) x2 m.py", "  110 (0) x2 m.py:1",                        //
              "24 (0) x2 b.py", "  20 (0) x1 b.py:7", "  4 (0) x1 b.py:8"});
  CHECK(ranked(kText, {"-c", "-g", "thread,filename"}) ==
        Lines{"110 (0) x2 main (0)", "  110 (0) x2 m.py", "  110 (0) x2 a.py",  //
              "20 (0) x1 8", "  20 (0) x1 b.py", "  20 (0) x1 a.py",            //
              "4 (0) x1 unknown", "  4 (0) x1 b.py"});
  CHECK(ranked(kText, {"--count-recursion", "-g", "filename"}) ==
        Lines{"140 (0) x4 a.py", "110 (0) x2 m.py", "24 (0) x2 b.py"});
}

TEST_CASE("groups that did not change are left out within those that did") {
  const cli::LoadedSnapshots loaded = loaded_from({"10 a.py:1\n5 a.py:2\n7 b.py:1", "10 a.py:1\n9 a.py:2\n7 b.py:1"});
  const GroupOptions options = parsed({"-g", "filename,lineno"});
  const cli::Groups groups(loaded, options, {});
  const auto at = [&](std::size_t row) { return std::span(loaded.snapshots).subspan(row, 1); };
  Report report;
  report.compares = report.hides_unchanged = true;
  auto rows = compare(groups.statistics(at(0)), groups.statistics(at(1)));
  report.unchanged = cli::take_unchanged(rows, false);
  const std::vector<StatisticDiff> pairs = compare(groups.pairs(at(0)), groups.pairs(at(1)));
  groups.rank_into<StatisticDiff>(report, rows, pairs, {}, FrameOrder::oldest_first);
  CHECK(lines_of(report) ==
        Lines{"19 (4) x2 a.py", "  9 (4) x1 a.py:2", "  10 (0) x1 1 unchanged", "7 (0) x1 1 unchanged"});

  report = {};
  rows = compare(groups.statistics(at(0)), groups.statistics(at(1)));
  groups.rank_into<StatisticDiff>(report, rows, pairs, {}, FrameOrder::oldest_first);
  CHECK(lines_of(report) == Lines{"19 (4) x2 a.py", "  9 (4) x1 a.py:2", "  10 (0) x1 a.py:1",  //
                                  "7 (0) x1 b.py", "  7 (0) x1 b.py:1"});
}

TEST_CASE("keys and charges say how much of a file they need") {
  const auto detail = [](const std::vector<std::string>& arguments) { return parsed(arguments).detail(); };
  for (const char* key : {"lineno", "filename", "function", "directory:3", "module", "domain"}) {
    CAPTURE(key);
    CHECK(detail({"-g", key}) == Detail::sites);
  }
  CHECK(detail({"-g", "traceback"}) == Detail::totals);
  CHECK(detail({"-g", "module", "-c"}) == Detail::totals);
  CHECK(detail({"-g", "size-class"}) == Detail::sizes);
  CHECK(detail({"-g", "lineno,size-class"}) == Detail::sizes);
  CHECK(detail({"-g", "type"}) == Detail::types);
  CHECK(detail({"-g", "type,size-class"}) == Detail::types);
  CHECK(detail({"-g", "thread,type"}) == Detail::traces);
  CHECK(detail({"-g", "thread,lineno"}) == Detail::traces);
  CHECK(detail({"-g", "thread,size-class"}) == Detail::traces);
}

TEST_CASE("keys that cannot be are refused") {
  CHECK(refused({"-g", "nothing"}).starts_with("--group-by: 'nothing' is not one of lineno, filename, "));
  CHECK(refused({"-g", "lineno,"}).starts_with("--group-by: '' is not one of "));
  CHECK(refused({"-g", "lineno,filename,module"}).starts_with("--group-by: 'filename,module' is not one of "));
  CHECK(refused({"-g", "lineno,lineno"}) == "--group-by: 'lineno,lineno' names one key twice");
  CHECK(refused({"-g", "directory:2,directory:2"}) == "--group-by: 'directory:2,directory:2' names one key twice");
  CHECK(refused({"-g", "directory:1,directory:2"}) == "");
  CHECK(refused({"-g", "module:2"}) == "--group-by: 'module:2': directory alone takes a depth");
  CHECK(refused({"-g", "directory:0"}).starts_with("--group-by: '0' is not a whole number from 1 to "));
  CHECK(refused({"-g", "directory:x"}).starts_with("--group-by: 'x' is not a whole number from 1 to "));
  CHECK(refused({"-c", "-g", "type"}) == "--cumulative: a type is not of frames");
  CHECK(refused({"-c", "-g", "domain"}) == "--cumulative: a domain is not of frames");
  CHECK(refused({"--count-recursion", "-g", "thread,size-class"}) ==
        "--count-recursion: a thread,size-class is not of frames");
  CHECK(refused({"-c", "-g", "traceback,thread"}) == "--cumulative: tracebacks cannot be grouped cumulatively");
  CHECK(refused({"--size-classes", "glibc"}) == "--size-classes: of -g size-class alone");
  CHECK(refused({"--size-classes", "glibc", "-g", "lineno,size-class"}) == "");
  CHECK(refused({"--size-classes", "tcmalloc", "-g", "size-class"}).starts_with("--size-classes: 'tcmalloc' is not"));
}
