#include "printed.h"

#include <doctest/doctest.h>

#include <string>

using cli::Report;

namespace {

std::string printed(const Report& report) { return printed_as(cli::OutputFormat::json, report); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a report is one object with a row on a line") {
  Report report;
  report.tool = "tmtop";
  report.group_by = "lineno";
  report.snapshots = {{"", "a.tms", "tms", 1767323045250000000, 25U, 10, 2}, {"", "b.tms", "tms", {}, {}, 0, 0}};
  report.rows = {{{{"a.py", 7}}, {10, 2, 0, 0}}};
  report.total = {10, 2, 0, 0};
  CHECK(printed(report) == R"({"schema": "tmtop/1",
 "snapshots": [{"path": "a.tms", "format": "tms", "time": "2026-01-02T03:04:05.25Z", "traceback_limit": 25, "traces": 2, "size": 10},
  {"path": "b.tms", "format": "tms", "traces": 0, "size": 0}],
 "group_by": "lineno", "cumulative": false,
 "total": {"size": 10, "count": 2},
 "statistics": [
  {"traceback": [{"filename": "a.py", "lineno": 7}], "size": 10, "count": 2}]}
)");
}

TEST_CASE("the snapshots of a comparison say when they were taken, where that is known") {
  Report report;
  report.tool = "tmdiff";
  report.compares = true;
  report.snapshots = {{"old", "a.tms", "tms", -1, {}, 1, 1}, {"new", "b.tms", "tms", {}, {}, 1, 1}};
  const std::string text = printed(report);
  CHECK(has(text,
            R"( "old": {"path": "a.tms", "format": "tms", "time": "1969-12-31T23:59:59.999999999Z", "traces": 1,)"));
  CHECK(has(text, R"( "new": {"path": "b.tms", "format": "tms", "traces": 1,)"));
}

TEST_CASE("a frame has its function and its module where they are known") {
  Report report;
  report.group_by = "traceback";
  report.keys = {snapshot::GroupBy::traceback};
  report.rows = {{{{"a.py", 1}, {"b.c", 2, "f"}, {"c.c", 3, "", "lib\".so"}, {"d.c", 4, {}, "app"}}, {1, 1, 0, 0}}};
  CHECK(has(printed(report), R"("traceback": [{"filename": "a.py", "lineno": 1}, )"
                             R"({"filename": "b.c", "lineno": 2, "function": "f"}, )"
                             R"({"filename": "c.c", "lineno": 3, "function": "", "module": "lib\".so"}, )"
                             R"({"filename": "d.c", "lineno": 4, "module": "app"}])"));
}
