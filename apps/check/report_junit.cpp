#include "check/report_words.h"
#include "check/reports.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <string>
#include <vector>

namespace cli {
namespace {

// JUnit XML: no standard, but what Jenkins and GitLab read (docs.gitlab.com/ci/testing/unit_test_reports), by the
// schema of Jenkins' xUnit plugin (github.com/jenkinsci/xunit-plugin, junit-10.xsd): a <testsuite> in <testsuites>, a
// <testcase> for each rule, in it at most one of <failure> and <skipped>, then <system-out>.
// XML 1.0 (https://www.w3.org/TR/xml/#charsets) has no place for most control characters, for surrogates and for
// U+FFFE and U+FFFF, not even as "&#1;": visible() leaves the last two.

std::string xml(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = snapshot::decode_utf8(text, at);
    switch (code_point) {
      case U'&': result += "&amp;"; break;
      case U'<': result += "&lt;"; break;
      case U'>': result += "&gt;"; break;  // "]]>" must not stand in text
      case U'"': result += "&quot;"; break;
      case 0xFFFE: result += "\\ufffe"; break;
      case 0xFFFF: result += "\\uffff"; break;
      default: result += text.substr(start, at - start);
    }
  }
  return result;
}

std::string attribute(std::string_view name, std::string_view text) {
  return fmt::format(" {}=\"{}\"", name, xml(visible(text)));
}

std::string lines_of(const Finding& finding) {
  std::string text = visible(finding.message) + "\n";
  if (!finding.site) return text;
  for (const std::string& frame : finding.site->traceback) text += "    at " + visible(frame) + "\n";
  if (!finding.site->source.empty()) text += "    source: " + visible(finding.site->source) + "\n";
  return text;
}

/// A rule, and what was found against it.
struct Case {
  std::string name;
  std::string rule;
  std::vector<const Finding*> failing;
  std::vector<const Finding*> unsure;
  std::vector<const Finding*> others;  // that only warn

  bool fails() const { return !failing.empty(); }
  bool skipped() const { return !fails() && !unsure.empty(); }
};

std::vector<Case> cases_of(const CheckReport& report) {
  const RuleList rules(report);
  std::vector<Case> cases;
  for (std::size_t at = 0; at < rules.rules().size(); ++at) {
    cases.push_back({rules.id(at), rule_text(rules.rules()[at]), {}, {}, {}});
  }
  for (const Finding& finding : report.findings) {
    Case& test = cases[rules.find(finding.rule)];
    switch (weight_of(finding)) {
      case Weight::fail: test.failing.push_back(&finding); break;
      case Weight::inconclusive: test.unsure.push_back(&finding); break;
      case Weight::warn: test.others.push_back(&finding); break;
    }
  }
  return cases;
}

std::string text_of(const std::vector<const Finding*>& findings) {
  std::string text;
  for (const Finding* finding : findings) text += lines_of(*finding);
  return text;
}

std::string more(std::size_t findings) { return findings > 1 ? fmt::format(", and {} more", findings - 1) : ""; }

void write_case(const Case& test, snapshot::ByteSink& sink) {
  sink.write("  <testcase classname=\"tmcheck\"" + attribute("name", test.name) + " time=\"0\">\n");
  std::string output = test.rule + "\n";
  if (test.fails()) {
    const std::string message = visible(test.failing.front()->message) + more(test.failing.size());
    sink.write("    <failure type=\"limit\"" + attribute("message", message) + ">" + xml(text_of(test.failing)) +
               "</failure>\n");
  } else if (test.skipped()) {
    const std::string message = "inconclusive: " + visible(test.unsure.front()->message) + more(test.unsure.size());
    sink.write("    <skipped" + attribute("message", message) + "/>\n");
  }
  output += text_of(test.unsure) + text_of(test.others);
  sink.write("    <system-out>" + xml(output) + "</system-out>\n  </testcase>\n");
}

/// For a check that fails though no rule does: a report that shows nothing red would say that it passed.
void write_verdict(const CheckReport& report, snapshot::ByteSink& sink) {
  sink.write("  <testcase classname=\"tmcheck\" name=\"verdict\" time=\"0\">\n");
  std::string text;
  for (const std::vector<std::string>& lines : {report.warnings, idle_suppressions(report)}) {
    for (const std::string& line : lines) text += visible(line) + "\n";
  }
  sink.write("    <failure type=\"verdict\"" + attribute("message", verdict_text(report)) + ">" + xml(text) +
             "</failure>\n  </testcase>\n");
}

}  // namespace

void print_junit_report(const CheckReport& report, snapshot::ByteSink& sink) {
  const std::vector<Case> cases = cases_of(report);
  const bool otherwise = fails_otherwise(report);
  std::size_t failures = otherwise ? 1 : 0;
  std::size_t skipped = 0;
  for (const Case& test : cases) {
    failures += test.fails() ? 1 : 0;
    skipped += test.skipped() ? 1 : 0;
  }
  const std::size_t tests = cases.size() + (otherwise ? 1 : 0);
  sink.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  sink.write(fmt::format("<testsuites name=\"tmcheck\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n", tests, failures));
  sink.write(
      fmt::format(" <testsuite name=\"tmcheck\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\">\n",
                  tests, failures, skipped));
  for (const Case& test : cases) write_case(test, sink);
  if (otherwise) write_verdict(report, sink);
  sink.write(" </testsuite>\n</testsuites>\n");
}

}  // namespace cli
