#include "reported.h"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string sarif(const cli::CheckReport& report) {
  return reported_as(cli::ReportKind::sarif, report, {false, "/srv"});
}

}  // namespace

TEST_CASE("a finding is a result with its rule, its place and its fingerprint") {
  const std::string text = sarif(failing_report());
  CHECK(has(text, R"({"id": "growth", "shortDescription": {"text": "each site: size grows by at most 10 %"})"));
  CHECK(has(text, R"({"ruleId": "growth", "ruleIndex": 0, "kind": "fail", "level": "error", "message": )"));
  CHECK(has(text, R"("locations": [{"physicalLocation": {"artifactLocation": {"uri": "app.py", )"
                  R"("uriBaseId": "%SRCROOT%"}, "region": {"startLine": 12}}}])"));
  CHECK(has(text, R"("partialFingerprints": {"tmcheck/v1": "0123456789abcdef"}, "baselineState": "new")"));
  CHECK_FALSE(has(text, "\"suppressions\""));
}

TEST_CASE("a fingerprint does not change with the line") {
  cli::CheckReport report = failing_report();
  report.findings.front().site->lineno = 99;
  CHECK(has(sarif(report), R"("partialFingerprints": {"tmcheck/v1": "0123456789abcdef"})"));
}

TEST_CASE("a traceback is told most recent frame first, and files elsewhere by their whole path") {
  cli::CheckReport report = failing_report();
  report.findings.front().site->traceback = {"/srv/main.py:3", "/usr/lib/a b.py:7"};
  const std::string text = sarif(report);
  const std::size_t recent = text.find(R"({"uri": "file:///usr/lib/a%20b.py"}, "region": {"startLine": 7})");
  const std::size_t oldest = text.find(R"({"uri": "main.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 3})");
  REQUIRE(recent != std::string::npos);
  REQUIRE(oldest != std::string::npos);
  CHECK(recent < oldest);
}

TEST_CASE("every result says how it stands to the baseline, or none") {
  cli::CheckReport report = failing_report();
  cli::Finding& finding = report.findings.front();
  finding.rule.measure = cli::Measure::absolute;
  finding.rule.limit = 500;
  CHECK(has(sarif(report), R"("baselineState": "updated")"));
  finding.base = finding.head;
  CHECK(has(sarif(report), R"("baselineState": "unchanged")"));
  finding.rule.limit = 4000;
  CHECK(has(sarif(report), R"("baselineState": "new")"));
  report.absent = {finding};
  CHECK(times(sarif(report), R"("baselineState": "absent")") == 1);
  CHECK(times(sarif(report), "\"ruleId\"") == 2);
  report.baseline.clear();
  CHECK_FALSE(has(sarif(report), "baselineState"));
  CHECK(times(sarif(report), "\"ruleId\"") == 1);
}

TEST_CASE("every result says whether it is suppressed, or none") {
  cli::CheckReport report = failing_report();
  report.suppressed = {report.findings.front()};
  report.suppressed.front().suppressed_by = "leak:app";
  report.suppressed.front().suppression_reason = "known";
  const std::string text = sarif(report);
  CHECK(times(text, "\"suppressions\": []") == 1);
  CHECK(times(text, R"("suppressions": [{"kind": "external", "justification": "known"}])") == 1);
}

TEST_CASE("what is inconclusive is to be reviewed, and warnings are the run's") {
  cli::CheckReport report = failing_report();
  report.findings.front().inconclusive = true;
  report.status = 0;
  report.verdict = cli::Verdict::inconclusive;
  report.warnings = {"one {0} [a](b)"};
  const std::string text = sarif(report);
  CHECK(has(text, R"("kind": "review", "level": "none")"));
  CHECK(has(text, R"("exitCode": 0, "toolExecutionNotifications": [{"level": "warning", )"
                  R"x("message": {"text": "one {{0}} [a\\](b)"}}])x"));
}
