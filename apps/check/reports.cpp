#include "check/reports.h"

#include "common/parse_value.h"

namespace cli {

std::string_view report_name(ReportKind kind) {
  switch (kind) {
    case ReportKind::text: return "text";
    case ReportKind::json: return "json";
    case ReportKind::markdown: return "markdown";
    case ReportKind::github: return "github";
    case ReportKind::step_summary: return "step-summary";
    case ReportKind::gitlab: return "gitlab";
    case ReportKind::junit: return "junit";
    case ReportKind::sarif: return "sarif";
    case ReportKind::benchmark: return "benchmark";
  }
  return "";
}

ReportKind report_kind(std::string_view name) {
  return parse_choice<ReportKind>(name, {{"text", ReportKind::text},
                                         {"json", ReportKind::json},
                                         {"markdown", ReportKind::markdown},
                                         {"github", ReportKind::github},
                                         {"step-summary", ReportKind::step_summary},
                                         {"gitlab", ReportKind::gitlab},
                                         {"junit", ReportKind::junit},
                                         {"sarif", ReportKind::sarif},
                                         {"benchmark", ReportKind::benchmark}});
}

void print_report(ReportKind kind, const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink) {
  switch (kind) {
    case ReportKind::text: return print_text_report(report, style, sink);
    case ReportKind::json: return print_json_report(report, sink);
    case ReportKind::markdown:
    case ReportKind::step_summary: return print_markdown_report(report, style, sink);
    case ReportKind::github: return print_github_report(report, style, sink);
    case ReportKind::gitlab: return print_gitlab_report(report, style, sink);
    case ReportKind::junit: return print_junit_report(report, sink);
    case ReportKind::sarif: return print_sarif_report(report, style, sink);
    case ReportKind::benchmark: return print_benchmark_report(report, sink);
  }
}

}  // namespace cli
