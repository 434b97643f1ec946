#include "check/report_paths.h"
#include "check/report_words.h"
#include "check/reports.h"

#include "common/json_text.h"

#include <fmt/format.h>

#include <set>
#include <string>

namespace cli {
namespace {

// Code Quality, as https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format has it: a list of
// objects; a path is relative to the project and does not begin with "./"; of two with one fingerprint GitLab shows
// one. Every one has a place in a file, also those that are about no line.

std::string_view severity_of(Weight weight) {
  switch (weight) {
    case Weight::fail: return "major";
    case Weight::warn: return "minor";
    case Weight::inconclusive: return "info";
  }
  return "";
}

/// The finding's fingerprint, or the next one that is not taken: the same in every run over the same findings.
std::string take_fingerprint(const std::string& fingerprint, std::set<std::string>& taken) {
  std::string result = visible(fingerprint);
  for (int number = 2; !taken.insert(result).second; ++number) {
    result = fmt::format("{}-{}", visible(fingerprint), number);
  }
  return result;
}

}  // namespace

void print_gitlab_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink) {
  const RuleList rules(report);
  std::set<std::string> taken;
  const char* separator = "[";
  for (const Finding& finding : report.findings) {
    const Place place = place_of(finding, report, style.root);
    sink.write(fmt::format(
        R"({}{{"description": {}, "check_name": {}, "fingerprint": {}, "severity": "{}", "location": {{"path": {}, "lines": {{"begin": {}}}}}}})",
        separator, json_string(visible(finding.message)), json_string(rules.id(rules.find(finding.rule))),
        json_string(take_fingerprint(finding.fingerprint, taken)), severity_of(weight_of(finding)),
        json_string(well_formed(place.path)), place.lineno == 0 ? 1 : place.lineno));
    separator = ",\n ";
  }
  sink.write(report.findings.empty() ? "[]\n" : "]\n");
}

}  // namespace cli
