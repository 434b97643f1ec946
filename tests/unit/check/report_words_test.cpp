#include "reported.h"

#include <apps/check/report_paths.h>
#include <apps/check/report_words.h>
#include <doctest/doctest.h>

#include <string>

TEST_CASE("names become one line of UTF-8") {
  CHECK(cli::visible("a\nb\x1b[31m") == "a\\x0ab\\x1b[31m");
  CHECK(cli::visible("\xed\xb3\xbf") == "\\xff");    // U+DCFF, the byte 0xff of a name
  CHECK(cli::visible("\xed\xa0\x80") == "\\ud800");  // another lone surrogate
  CHECK(cli::visible("\xe2\x80\xae") == "\\u202e");  // turns the direction of text
  CHECK(cli::visible("\xf0\x9f\x90\x8d") == "\xf0\x9f\x90\x8d");
  CHECK(cli::well_formed("a\n\xed\xb2\x80") == "a\n\\x80");
}

TEST_CASE("the last part of a text is counted in code points") {
  CHECK(cli::last_part("äöü", 3) == "äöü");
  CHECK(cli::last_part("äöü", 2) == "...öü");
  CHECK(cli::last_part("", 2).empty());
}

TEST_CASE("a verdict counts what was found") {
  cli::CheckReport report = failing_report();
  CHECK(cli::verdict_text(report) == "fail: 1 limit exceeded");
  report.findings.push_back(report.findings.front());
  report.findings.push_back(report.findings.front());
  report.findings[1].rule.severity = cli::Severity::warn;
  report.findings[2].inconclusive = true;
  report.suppressed = {report.findings.front()};
  CHECK(cli::verdict_text(report) ==
        "fail: 1 limit exceeded, 1 limit exceeded that only warns, 1 inconclusive, 1 suppressed");
  CHECK(cli::verdict_text(passing_report()) == "pass: no limit exceeded");
}

TEST_CASE("a check that fails without a finding says so") {
  cli::CheckReport report = passing_report();
  CHECK_FALSE(cli::fails_otherwise(report));
  report.status = 1;
  CHECK(cli::fails_otherwise(report));
  CHECK(cli::verdict_text(report) == "pass: no limit exceeded, status 1 for the warnings");
  CHECK_FALSE(cli::fails_otherwise(failing_report()));
}

TEST_CASE("rules are told in words") {
  cli::RuleName rule{"r", cli::Scope::directory, "src/", cli::Quantity::count, cli::Measure::absolute,
                     1,   cli::Severity::warn};
  CHECK(cli::rule_text(rule) == "directory src/: count is at most 1 block");
  rule = {"r", cli::Scope::total, "", cli::Quantity::size, cli::Measure::growth, 2048, cli::Severity::fail};
  CHECK(cli::rule_text(rule) == "total: size grows by at most 2048 B");
  rule = {"r", cli::Scope::new_site, "", cli::Quantity::average, cli::Measure::percent, 12.5, cli::Severity::fail};
  CHECK(cli::rule_text(rule) == "each new site: average grows by at most 12.5 %");
}

TEST_CASE("rules get names of their own, and those of findings are among them") {
  cli::CheckReport report = failing_report();
  report.rules.push_back(report.rules.front());
  report.rules.back().limit = 20;
  report.findings.front().rule.limit = 30;
  const cli::RuleList rules(report);
  REQUIRE(rules.rules().size() == 3);
  CHECK(rules.id(0) == "growth");
  CHECK(rules.id(1) == "growth #2");
  CHECK(rules.id(2) == "growth #3");
  CHECK(rules.find(report.findings.front().rule) == 2);
}

TEST_CASE("of a long traceback the most recent frames are shown") {
  cli::Site site;
  CHECK(cli::traceback_lines(site).empty());
  for (int at = 1; at <= 10; ++at) site.traceback.push_back("a.py:" + std::to_string(at));
  CHECK(cli::traceback_lines(site).size() == 10);
  CHECK(cli::traceback_lines(site).front() == "at a.py:1");
  site.traceback.push_back("a.py:11");
  CHECK(cli::traceback_lines(site).front() == "... 1 frame before");
  CHECK(cli::traceback_lines(site)[1] == "at a.py:2");
  CHECK(cli::traceback_lines(site).back() == "at a.py:11");
}

TEST_CASE("suppressions that do nothing are named") {
  cli::CheckReport report = passing_report();
  report.suppressions = {{"leak:used", "", "", "s:1", 2, 10, false},
                         {"leak:unused", "", "", "s:2", 0, 0, false},
                         {"leak:old", "", "2026-01-01", "s:3", 0, 0, true}};
  CHECK(cli::idle_suppressions(report) == std::vector<std::string>{"s:2: suppression leak:unused silences nothing",
                                                                   "s:3: suppression leak:old expired on 2026-01-01"});
}

TEST_CASE("paths count from the project's directory") {
  CHECK(cli::path_below("/repo", "/repo/src/a.py") == "src/a.py");
  CHECK(cli::path_below("/repo/", "/repo/./src/../a.py") == "a.py");
  CHECK(cli::path_below("/repo", "/repository/a.py") == "/repository/a.py");
  CHECK(cli::path_below("/repo", "./a.py") == "a.py");
  CHECK(cli::path_below("/repo/", "/repo") == ".");
  CHECK(cli::path_below("/repo", "/repo/") == ".");
  CHECK(cli::path_below("", "/a.py") == "/a.py");
  CHECK(cli::path_below("/", "/a.py") == "a.py");
  CHECK(cli::path_below("/repo", "<frozen abc>") == "<frozen abc>");
}

TEST_CASE("paths become URIs byte by byte") {
  CHECK(cli::uri_of("src/a b%.py") == "src/a%20b%25.py");
  CHECK(cli::uri_of("/usr/lib/\xc3\xa4.py") == "file:///usr/lib/%C3%A4.py");
  CHECK(cli::uri_of("\xed\xb3\xbf") == "%FF");  // the byte that was not UTF-8
  CHECK(cli::uri_of("a:b\n#?") == "a%3Ab%0A%23%3F");
}

TEST_CASE("every finding has a place") {
  cli::CheckReport report = failing_report();
  cli::Finding finding = report.findings.front();
  CHECK(cli::place_of(finding, report, "/srv").path == "app.py");
  CHECK(cli::place_of(finding, report, "/srv").lineno == 12);
  finding.site.reset();
  CHECK(cli::place_of(finding, report, "").path == "head.tms");
  finding.rule.scope = cli::Scope::directory;
  finding.rule.subject = "/srv/lib";
  CHECK(cli::place_of(finding, report, "/srv").path == "lib");
  report.heads.clear();
  finding.rule.scope = cli::Scope::total;
  CHECK(cli::place_of(finding, report, "").path == ".");
}

TEST_CASE("frames are told apart at the last colon") {
  CHECK(cli::place_of_frame("/srv/a:b.py:12", "/srv").path == "a:b.py");
  CHECK(cli::place_of_frame("/srv/a:b.py:12", "/srv").lineno == 12);
  CHECK(cli::place_of_frame("a.py", "").lineno == 0);
  CHECK(cli::place_of_frame("a:py", "").path == "a:py");
  CHECK(cli::place_of_frame("", "").path == ".");
}
