#include "check/report_paths.h"
#include "check/report_words.h"
#include "check/reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cli {
namespace {

// Workflow commands, "::error file=...,line=...,title=...::message", as
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands has them. What is escaped is what
// escapeData and escapeProperty of https://github.com/actions/toolkit (packages/core/src/command.ts) escape. Of one
// step, GitHub shows 10 annotations of each severity; here there are no more than 10 in all.

std::string escaped(const std::string& text, std::string_view special) {
  std::string result;
  for (const char byte : text) {
    result += special.find(byte) == std::string_view::npos ? std::string(1, byte)
                                                           : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return result;
}

std::string data(const std::string& text) { return escaped(text, "%\r\n"); }
std::string property(const std::string& text) { return escaped(text, "%\r\n:,"); }

/// The lines of a message are those of the finding's traceback.
std::string message_of(const Finding& finding) {
  std::string text = visible(finding.message);
  if (!finding.site) return text;
  for (const std::string& line : traceback_lines(*finding.site)) text += "\n    " + line;
  return text;
}

std::string annotation(const Finding& finding, const ReportStyle& style) {
  std::string where;
  if (finding.site && !finding.site->filename.empty()) {
    where = "file=" + property(well_formed(path_below(style.root, finding.site->filename))) + ",";
    if (finding.site->lineno != 0) where += fmt::format("line={},", finding.site->lineno);
  }
  const Weight weight = weight_of(finding);
  const std::string title =
      fmt::format("tmcheck: {}{}", visible(finding.rule.name), weight == Weight::inconclusive ? " (inconclusive)" : "");
  return fmt::format("::{} {}title={}::{}\n", weight == Weight::fail ? "error" : "warning", where, property(title),
                     data(message_of(finding)));
}

std::string plain_annotation(std::string_view severity, std::string_view message) {
  return fmt::format("::{} title=tmcheck::{}\n", severity, data(visible(message)));
}

/// Errors first: what is left out at the end is what matters least.
std::vector<std::string> annotations(const CheckReport& report, const ReportStyle& style) {
  std::vector<std::string> lines;
  if (fails_otherwise(report)) lines.push_back(plain_annotation("error", verdict_text(report)));
  for (const Weight weight : {Weight::fail, Weight::warn, Weight::inconclusive}) {
    for (const Finding& finding : report.findings) {
      if (weight_of(finding) == weight) lines.push_back(annotation(finding, style));
    }
  }
  for (const std::string& warning : report.warnings) lines.push_back(plain_annotation("warning", warning));
  for (const std::string& warning : idle_suppressions(report)) lines.push_back(plain_annotation("warning", warning));
  return lines;
}

}  // namespace

void print_github_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink) {
  const std::vector<std::string> lines = annotations(report, style);
  const std::size_t shown = lines.size() > kAnnotationLimit ? kAnnotationLimit - 1 : lines.size();
  for (std::size_t at = 0; at < shown; ++at) sink.write(lines[at]);
  if (shown == lines.size()) return;
  sink.write(plain_annotation(
      "notice", fmt::format("{} more annotations are left out; {}", lines.size() - shown, verdict_text(report))));
}

}  // namespace cli
