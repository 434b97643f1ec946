#include "reported.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using cli::ReportKind;

TEST_CASE("the report of a check is one object") {
  CHECK(
      reported_as(ReportKind::json, failing_report()) ==
      R"({"schema": "tmcheck/1", "tool_version": "0.1.0",
 "verdict": "fail", "status": 1,
 "group_by": "lineno",
 "baseline": [
  {"path": "base.tms", "format": "tms", "traceback_limit": 25, "traces": 3, "size": 2000}],
 "heads": [
  {"path": "head.tms", "format": "tms", "traceback_limit": 25, "traces": 3, "size": 2000}],
 "total": {"base": {"size": 2000, "count": 3}, "head": {"size": 5000, "count": 6}, "size_diff": 3000, "count_diff": 3},
 "rules": [
  {"name": "growth", "scope": "site", "quantity": "size", "measure": "percent", "limit": 10, "severity": "fail"}],
 "findings": [
  {"message": "/srv/app.py:12 grew by 3000 B (+300 %, limit +10 %), +3 blocks", "fingerprint": "0123456789abcdef", )"
      R"("rule": {"name": "growth", "scope": "site", "quantity": "size", "measure": "percent", "limit": 10, )"
      R"("severity": "fail"}, "site": {"key": "/srv/app.py:12", "filename": "/srv/app.py", "lineno": 12, )"
      R"("base": {"size": 1000, "count": 1}, "head": {"size": 4000, "count": 4}, "size_diff": 3000, "count_diff": 3, )"
      R"("matched_by": "key"}, "base": {"size": 1000, "count": 1}, "head": {"size": 4000, "count": 4}, )"
      R"("size_diff": 3000, "count_diff": 3, "actual": 300, "inconclusive": false}],
 "suppressed": [],
 "absent": [],
 "grown": [
  {"key": "/srv/app.py:12", "filename": "/srv/app.py", "lineno": 12, "base": {"size": 1000, "count": 1}, )"
      R"("head": {"size": 4000, "count": 4}, "size_diff": 3000, "count_diff": 3, "matched_by": "key"}],
 "shrunk": [],
 "moved": [],
 "unchanged": 7, "matched_weakly": 0,
 "suppressions": [],
 "warnings": []}
)");
}

TEST_CASE("a percentage of nothing is null, and a name that is no UTF-8 keeps its bytes") {
  cli::CheckReport report = failing_report();
  report.findings.front().actual = std::numeric_limits<double>::infinity();
  report.findings.front().site->function = "\xed\xb3\xbf";
  const std::string text = reported_as(ReportKind::json, report);
  CHECK(has(text, R"("actual": null)"));
  CHECK(has(text, R"("function": "\udcff")"));
}

TEST_CASE("GitLab gets a list of issues, each in some file, each with a fingerprint of its own") {
  cli::CheckReport report = failing_report();
  report.findings.push_back(report.findings.front());
  report.findings.back().site.reset();
  report.findings.back().inconclusive = true;
  report.findings.back().message = "total";
  CHECK(
      reported_as(ReportKind::gitlab, report, {false, "/srv"}) ==
      R"([{"description": "/srv/app.py:12 grew by 3000 B (+300 %, limit +10 %), +3 blocks", "check_name": "growth", )"
      R"("fingerprint": "0123456789abcdef", "severity": "major", "location": {"path": "app.py", "lines": {"begin": 12}}},
 {"description": "total", "check_name": "growth", "fingerprint": "0123456789abcdef-2", "severity": "info", )"
      R"("location": {"path": "head.tms", "lines": {"begin": 1}}}]
)");
  CHECK(reported_as(ReportKind::gitlab, passing_report()) == "[]\n");
}

TEST_CASE("a benchmark has the same names whatever was found") {
  cli::CheckReport report = failing_report();
  report.findings.front().rule.scope = cli::Scope::total;
  report.findings.front().rule.measure = cli::Measure::growth;
  report.findings.front().spread = 12;
  CHECK(reported_as(ReportKind::benchmark, report) ==
        R"([{"name": "memory: size", "unit": "bytes", "value": 5000, "range": "± 12", )"
        R"("extra": "tmcheck 0.1.0\u000afail: 1 limit exceeded\u000abaseline: base.tms\u000asnapshot: head.tms"},
 {"name": "memory: count", "unit": "blocks", "value": 6, )"
        R"("extra": "tmcheck 0.1.0\u000afail: 1 limit exceeded\u000abaseline: base.tms\u000asnapshot: head.tms"},
 {"name": "memory: limits exceeded", "unit": "limits", "value": 1, )"
        R"("extra": "tmcheck 0.1.0\u000afail: 1 limit exceeded\u000abaseline: base.tms\u000asnapshot: head.tms"}]
)");
}
