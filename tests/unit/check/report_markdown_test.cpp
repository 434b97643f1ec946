#include "reported.h"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string markdown(const cli::CheckReport& report) {
  return reported_as(cli::ReportKind::markdown, report, {false, "/srv"});
}

}  // namespace

TEST_CASE("a comment begins with its marker, the verdict and the total") {
  CHECK(markdown(failing_report()).starts_with("<!-- tmcheck -->\n### :x: tmcheck: fail: 1 limit exceeded\n\nTotal: "));
  CHECK(markdown(passing_report()) ==
        "<!-- tmcheck -->\n### :white_check_mark: tmcheck: pass: no limit exceeded\n\n"
        "Total: 2000 B (+0 B) in 3 blocks (+0). Of the sites 0 grew, 0 shrank, 7 did not change.\n\n");
  CHECK(reported_as(cli::ReportKind::step_summary, passing_report()) == markdown(passing_report()));
}

TEST_CASE("a finding is a row, named from the project's directory") {
  CHECK(has(markdown(failing_report()),
            "| fail | 4000 B | +3000 B | 4 | +3 | <code>app.py:12</code> | <code>growth</code> |\n"));
}

TEST_CASE("no name ends a cell, begins a tag, or calls somebody") {
  cli::CheckReport report = failing_report();
  report.findings.front().site = grown_site("a|b<script>`*_@user#1[x](y)\n", 1);
  report.findings.front().message = "@user";
  report.grown.clear();
  const std::string text = markdown(report);
  CHECK(has(text, "<code>a&#124;b&#60;script&#62;&#96;&#42;&#95;&#64;user&#35;1&#91;x&#93;(y)&#92;x0a:1</code>"));
  CHECK(has(text, "- <code>&#64;user</code>\n"));
  report.warnings = {"see https://example.org and www.example.org"};
  CHECK(has(markdown(report), "https&#58;//example.org and www&#46;example.org"));
}

TEST_CASE("however much there is, a comment stays below its limit, and counts what it leaves out") {
  cli::CheckReport report = failing_report();
  const std::string name = std::string(300, '|') + ".py";
  for (std::uint32_t at = 1; at <= 5000; ++at) {
    report.findings.push_back(finding_at(grown_site(name, at), std::string(2000, '<')));
    report.grown.push_back(grown_site(name, at));
    report.shrunk.push_back(grown_site(name, at));
    report.warnings.push_back(std::string(2000, '&'));
    report.suppressed.push_back(report.findings.back());
  }
  const std::string text = markdown(report);
  CHECK(text.size() <= cli::kMarkdownLimit);
  CHECK(text.size() > cli::kMarkdownLimit - 10'000);
  CHECK(has(text, " more are left out.\n"));
  CHECK(times(text, "<details>") == times(text, "</details>"));
}

TEST_CASE("what shrank, what grew and what was suppressed have their tables") {
  cli::CheckReport report = failing_report();
  for (std::uint32_t at = 1; at <= 7; ++at) report.shrunk.push_back(grown_site("less.py", at));
  for (cli::Site& site : report.shrunk) site.head = {10, 1};
  report.suppressed = {report.findings.front()};
  report.suppressed.front().suppressed_by = "leak:app";
  report.suppressed.front().suppression_reason = "known";
  report.findings.front().site->traceback = {"main.py:3"};
  const std::string text = markdown(report);
  CHECK(times(text, "<code>less.py:5</code>") == 1);
  CHECK(text.find("less.py:5") < text.find("<details>"));
  CHECK(text.find("less.py:6") > text.find("More that shrank"));
  CHECK(has(text, "  - <code>at main.py:3</code>\n"));
  CHECK(has(text, " by <code>leak:app</code> (<code>known</code>)\n"));
  CHECK(has(text, "All that grew: 1"));
}
