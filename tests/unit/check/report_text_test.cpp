#include "reported.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using cli::ReportKind;

TEST_CASE("a check that passes says it in two lines") {
  CHECK(reported_as(ReportKind::text, passing_report()) ==
        "tmcheck: pass: no limit exceeded\n"
        "total: 2000 B (+0 B) in 3 blocks (+0), 0 grew, 0 shrank, 7 unchanged\n");
}

TEST_CASE("without a baseline nothing is compared") {
  cli::CheckReport report = passing_report();
  report.baseline.clear();
  CHECK(reported_as(ReportKind::text, report) == "tmcheck: pass: no limit exceeded\ntotal: 2000 B in 3 blocks\n");
}

TEST_CASE("a finding is a line with its traceback, its source and what it was matched by") {
  cli::CheckReport report = failing_report();
  cli::Site& site = *report.findings.front().site;
  site.traceback = {"/srv/main.py:3", "/srv/app.py:12"};
  site.source = "cache.append(order)";
  site.matched = cli::MatchedBy::function;
  site.base_lineno = 10;
  report.matched_weakly = 1;
  report.moved = {site};
  report.shrunk = {grown_site("/srv/less.py", 4)};
  report.shrunk.front().head = {400, 1};
  CHECK(reported_as(ReportKind::text, report) ==
        "tmcheck: fail: 1 limit exceeded\n"
        "fail: /srv/app.py:12 grew by 3000 B (+300 %, limit +10 %), +3 blocks [growth]\n"
        "    in the baseline as line 10, matched by function\n"
        "    at /srv/main.py:3\n"
        "    at /srv/app.py:12\n"
        "    source: cache.append(order)\n"
        "total: 5000 B (+3000 B) in 6 blocks (+3), 1 grew, 1 shrank, 7 unchanged, 1 matched by something weaker than "
        "the line\n"
        "shrank: -600 B in all, /srv/less.py:4 -600 B\n"
        "moved: /srv/app.py:12 was line 10 (function)\n");
}

TEST_CASE("suppressions and warnings have a line each") {
  cli::CheckReport report = passing_report();
  report.suppressions = {{"leak:json", "known, #12", "", "s:1", 2, 2048, false},
                         {"leak:no", "", "", "s:2", 0, 0, false}};
  report.suppressed = {finding_at(grown_site("a.py", 1), "a"), finding_at(grown_site("b.py", 1), "b")};
  report.warnings = {"the baseline keeps 1 frame of a traceback, the head 25"};
  const std::string text = reported_as(ReportKind::text, report);
  CHECK(has(text, "tmcheck: pass: no limit exceeded, 2 suppressed\n"));
  CHECK(has(text, "suppressed: 2 findings (+2048 B) by leak:json: known, #12\n"));
  CHECK(has(text, "warning: the baseline keeps 1 frame of a traceback, the head 25\n"));
  CHECK(has(text, "warning: s:2: suppression leak:no silences nothing\n"));
}

TEST_CASE("no name begins a line, where it might be a command to whoever reads the log") {
  cli::CheckReport report = failing_report();
  cli::Finding& finding = report.findings.front();
  finding.message = "::add-mask::x\n::add-mask::y";
  finding.site->traceback = {"::stop-commands::x:1"};
  finding.site->source = "\r::error::z";
  report.warnings = {"\n::error::w"};
  std::istringstream lines(reported_as(ReportKind::text, report));
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.substr(line.find_first_not_of(' ')).substr(0, 2) != "::");
    CHECK(line.find('\r') == std::string::npos);
  }
}

TEST_CASE("colours are where they were asked for") {
  const cli::ReportStyle colored{true, ""};
  CHECK(has(reported_as(ReportKind::text, failing_report(), colored), "tmcheck: \x1b[31mfail\x1b[0m: 1 limit"));
  CHECK(has(reported_as(ReportKind::text, passing_report(), colored), "tmcheck: \x1b[32mpass\x1b[0m: no"));
  CHECK_FALSE(has(reported_as(ReportKind::text, failing_report()), "\x1b"));
}
