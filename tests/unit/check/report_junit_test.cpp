#include "reported.h"

#include <doctest/doctest.h>

#include <string>

using cli::ReportKind;

TEST_CASE("a rule is a test case that passes or fails") {
  CHECK(reported_as(ReportKind::junit, passing_report()) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tmcheck" tests="1" failures="0" errors="0">
 <testsuite name="tmcheck" tests="1" failures="0" errors="0" skipped="0" time="0">
  <testcase classname="tmcheck" name="growth" time="0">
    <system-out>each site: size grows by at most 10 %
</system-out>
  </testcase>
 </testsuite>
</testsuites>
)");
  cli::CheckReport report = failing_report();
  report.findings.push_back(report.findings.front());
  report.findings.front().site->traceback = {"main.py:3"};
  const std::string text = reported_as(ReportKind::junit, report);
  CHECK(has(text, R"(tests="1" failures="1" errors="0" skipped="0")"));
  CHECK(has(text, R"(<failure type="limit" message="/srv/app.py:12 grew by 3000 B (+300 %, limit +10 %), +3 blocks, )"
                  R"(and 1 more">)"));
  CHECK(has(text, "+3 blocks\n    at main.py:3\n/srv/app.py:12 grew"));
}

TEST_CASE("a rule that found nothing certain is skipped, and one that only warns passes") {
  cli::CheckReport report = failing_report();
  report.findings.front().inconclusive = true;
  report.status = 0;
  report.verdict = cli::Verdict::inconclusive;
  CHECK(has(reported_as(ReportKind::junit, report), R"(<skipped message="inconclusive: /srv/app.py:12 grew)"));
  report.findings.front().inconclusive = false;
  report.findings.front().rule.severity = report.rules.front().severity = cli::Severity::warn;
  const std::string text = reported_as(ReportKind::junit, report);
  CHECK(has(text, R"(failures="0" errors="0" skipped="0")"));
  CHECK(has(text, "\n/srv/app.py:12 grew by"));
}

TEST_CASE("a check that fails for its warnings has a test case that does") {
  cli::CheckReport report = passing_report();
  report.status = 1;
  report.warnings = {"rule x matches nothing"};
  const std::string text = reported_as(ReportKind::junit, report);
  CHECK(has(text, R"(tests="2" failures="1")"));
  CHECK(has(text, R"(name="verdict" time="0">)"));
  CHECK(has(text, "rule x matches nothing\n</failure>"));
}

TEST_CASE("no character is left that XML has no place for") {
  cli::CheckReport report = failing_report();
  report.findings.front().message = "<a b=\"c\">&]]>\x01\n\xef\xbf\xbf\xed\xa0\x80\xed\xb3\xbf";
  const std::string text = reported_as(ReportKind::junit, report);
  const std::string shown = R"(&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;\x01\x0a\uffff\ud800\xff)";
  CHECK(has(text, "message=\"" + shown + "\""));
  CHECK(has(text, ">" + shown + "\n</failure>"));
}
