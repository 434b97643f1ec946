#include "reported.h"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string github(const cli::CheckReport& report) {
  return reported_as(cli::ReportKind::github, report, {false, "/srv"});
}

}  // namespace

TEST_CASE("a finding is an annotation at its line, named from the workspace") {
  CHECK(github(failing_report()) ==
        "::error file=app.py,line=12,title=tmcheck%3A growth::/srv/app.py:12 grew by 3000 B (+300 %25, limit +10 %25), "
        "+3 blocks\n");
  CHECK(github(passing_report()).empty());
}

TEST_CASE("what a command means is escaped") {
  cli::CheckReport report = failing_report();
  cli::Finding& finding = report.findings.front();
  finding.site = grown_site("/srv/a,b:c%\n::d.py", 12);
  finding.site->traceback = {"main.py:3"};
  finding.message = "50 %::,\r\n";
  CHECK(github(report) ==
        "::error file=a%2Cb%3Ac%25%0A%3A%3Ad.py,line=12,title=tmcheck%3A growth::"
        "50 %25::,\\x0d\\x0a%0A    at main.py:3\n");
}

TEST_CASE("what only warns or is inconclusive is a warning, and what has no line has none") {
  cli::CheckReport report = failing_report();
  report.findings.push_back(report.findings.front());
  report.findings[0].inconclusive = true;
  report.findings[0].site.reset();
  report.findings[0].message = "total";
  report.findings[1].rule.severity = cli::Severity::warn;
  report.findings[1].site->lineno = 0;
  report.findings[1].message = "all of it";
  report.status = 0;
  report.verdict = cli::Verdict::inconclusive;
  CHECK(github(report) ==
        "::warning file=app.py,title=tmcheck%3A growth::all of it\n"
        "::warning title=tmcheck%3A growth (inconclusive)::total\n");
}

TEST_CASE("there are ten annotations at most, errors first, and the rest is counted") {
  cli::CheckReport report = failing_report();
  report.findings.front().rule.severity = cli::Severity::warn;
  for (int number = 0; number < 9; ++number) report.findings.push_back(failing_report().findings.front());
  CHECK(times(github(report), "::error ") == 9);
  CHECK(times(github(report), "::warning ") == 1);
  CHECK(times(github(report), "\n") == 10);

  report.warnings = {"one", "two"};
  const std::string text = github(report);
  CHECK(times(text, "\n") == 10);
  CHECK(times(text, "::error ") == 9);
  CHECK(has(text, "::notice title=tmcheck::3 more annotations are left out; fail: 9 limits exceeded"));
}

TEST_CASE("a check that fails for its warnings has an error") {
  cli::CheckReport report = passing_report();
  report.status = 1;
  report.warnings = {"rule x matches nothing"};
  CHECK(github(report) ==
        "::error title=tmcheck::pass: no limit exceeded, status 1 for the warnings\n"
        "::warning title=tmcheck::rule x matches nothing\n");
}
