#include "check/report_words.h"
#include "check/reports.h"

#include "common/painted.h"
#include "common/size_text.h"
#include "common/trace_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

constexpr std::size_t kShrunkShown = 3;
constexpr std::size_t kMovedShown = 5;

std::string_view color_of(Weight weight) { return weight == Weight::fail ? kRed : kYellow; }

std::string_view color_of(Verdict verdict) {
  if (verdict == Verdict::pass) return kGreen;
  return verdict == Verdict::fail ? kRed : kYellow;
}

/// What became of the verdict, on one line. No line of this report begins with a name: a name such as "::add-mask::x"
/// at the start of a line is a command to GitHub's runner, which reads the log.
std::string first_line(const CheckReport& report, const ReportStyle& style) {
  const std::string verdict = verdict_text(report);
  const std::size_t word = verdict_name(report.verdict).size();
  return fmt::format("tmcheck: {}{}\n", painted(verdict.substr(0, word), color_of(report.verdict), style.color),
                     verdict.substr(word));
}

std::string total_line(const CheckReport& report) {
  const bool compared = !report.baseline.empty();
  std::string line = "total: " + holding_text(report.base_total, report.head_total, compared);
  if (!compared) return line + "\n";
  line +=
      fmt::format(", {} grew, {} shrank, {} unchanged", report.grown.size(), report.shrunk.size(), report.unchanged);
  if (report.matched_weakly > 0) {
    line += fmt::format(", {} matched by something weaker than the line", report.matched_weakly);
  }
  return line + "\n";
}

/// By what a site was found again where that is not its line.
std::string match_line(const Site& site) {
  if (site.matched == MatchedBy::nothing || site.matched == MatchedBy::key) return "";
  const std::string where = site.base_lineno ? fmt::format(" as line {}", *site.base_lineno) : "";
  return fmt::format("    in the baseline{}, matched by {}\n", where,
                     site.matched == MatchedBy::source_text ? "source text" : match_name(site.matched));
}

std::string finding_lines(const Finding& finding, const ReportStyle& style) {
  const Weight weight = weight_of(finding);
  std::string text = fmt::format("{}: {} [{}]\n", painted(weight_name(weight), color_of(weight), style.color),
                                 visible(finding.message), visible(finding.rule.name));
  if (!finding.site) return text;
  const Site& site = *finding.site;
  text += match_line(site);
  for (const std::string& line : traceback_lines(site)) text += painted("    " + line, kDim, style.color) + "\n";
  if (!site.source.empty()) text += "    source: " + visible(site.source) + "\n";
  return text;
}

std::string shrunk_line(const CheckReport& report) {
  if (report.shrunk.empty()) return "";
  std::int64_t size = 0;
  for (const Site& site : report.shrunk) size += site.size_diff();
  std::string line = fmt::format("shrank: {} in all", size_text(size, true));
  for (std::size_t at = 0; at < std::min(kShrunkShown, report.shrunk.size()); ++at) {
    const Site& site = report.shrunk[at];
    line += fmt::format(", {} {}", site_name(site), size_text(site.size_diff(), true));
  }
  return line + "\n";
}

/// The first of the lines that are other ones in the baseline.
std::string moved_line(const CheckReport& report) {
  std::string line;
  std::size_t shown = 0;
  for (const Site& site : report.moved) {
    if (!site.base_lineno || shown == kMovedShown) continue;
    line += fmt::format("{}{} was line {} ({})", shown++ == 0 ? "moved: " : ", ", site_name(site), *site.base_lineno,
                        match_name(site.matched));
  }
  if (shown == 0) return "";
  if (report.moved.size() > shown) line += fmt::format(" and {} more", report.moved.size() - shown);
  return line + "\n";
}

std::string suppression_lines(const CheckReport& report) {
  std::string text;
  for (const SuppressionUse& use : report.suppressions) {
    if (use.findings == 0 || use.expired) continue;
    const std::string reason = use.reason.empty() ? "" : ": " + visible(use.reason);
    text += fmt::format("suppressed: {} finding{} ({}) by {}{}\n", use.findings, use.findings == 1 ? "" : "s",
                        size_text(use.size, true), visible(use.pattern), reason);
  }
  return text;
}

}  // namespace

/// Short when all is well: the verdict, the total, and what somebody should know.
void print_text_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink) {
  sink.write(first_line(report, style));
  for (const Finding& finding : report.findings) sink.write(finding_lines(finding, style));
  sink.write(total_line(report));
  if (!report.findings.empty()) sink.write(shrunk_line(report));
  sink.write(moved_line(report));
  sink.write(suppression_lines(report));
  for (const std::vector<std::string>& lines : {report.warnings, idle_suppressions(report)}) {
    for (const std::string& line : lines) {
      sink.write(fmt::format("{}: {}\n", painted("warning", kYellow, style.color), visible(line)));
    }
  }
}

}  // namespace cli
