#include "reported.h"

namespace {

class Text final : public snapshot::ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  std::string text;
};

cli::RuleName rule() {
  return {"growth", cli::Scope::site, "", cli::Quantity::size, cli::Measure::percent, 10, cli::Severity::fail};
}

}  // namespace

cli::Site grown_site(std::string filename, std::uint32_t lineno) {
  cli::Site site;
  site.key = filename + ":" + std::to_string(lineno);
  site.filename = std::move(filename);
  site.lineno = lineno;
  site.base = {1000, 1};
  site.head = {4000, 4};
  site.matched = cli::MatchedBy::key;
  return site;
}

cli::Finding finding_at(cli::Site site, std::string message) {
  cli::Finding finding;
  finding.rule = rule();
  finding.base = site.base;
  finding.head = site.head;
  finding.site = std::move(site);
  finding.actual = 300;
  finding.message = std::move(message);
  finding.fingerprint = "0123456789abcdef";
  return finding;
}

cli::CheckReport passing_report() {
  cli::CheckReport report;
  report.tool_version = "0.1.0";
  report.group_by = "lineno";
  report.baseline = {{"baseline", "base.tms", "tms", {}, 25U, 2000, 3}};
  report.heads = {{"head", "head.tms", "tms", {}, 25U, 2000, 3}};
  report.base_total = {2000, 3};
  report.head_total = {2000, 3};
  report.rules = {rule()};
  report.unchanged = 7;
  return report;
}

cli::CheckReport failing_report() {
  cli::CheckReport report = passing_report();
  report.verdict = cli::Verdict::fail;
  report.status = 1;
  report.head_total = {5000, 6};
  report.findings = {
      finding_at(grown_site("/srv/app.py", 12), "/srv/app.py:12 grew by 3000 B (+300 %, limit +10 %), +3 blocks")};
  report.grown = {*report.findings.front().site};
  return report;
}

std::string reported_as(cli::ReportKind kind, const cli::CheckReport& report, const cli::ReportStyle& style) {
  Text text;
  cli::print_report(kind, report, style, text);
  return text.text;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t times(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}
