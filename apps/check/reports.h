#pragma once

#include "check/check_report.h"

#include <snapshot/output_file.h>

#include <string>
#include <string_view>

namespace cli {

/// What a report of tmcheck is for. The sources of each format's rules stand above its printer.
enum class ReportKind {
  text,          ///< a terminal, or a log
  json,          ///< all that is known: "tmcheck/1", by report.schema.json
  markdown,      ///< a comment on a pull request, at most kMarkdownLimit bytes
  github,        ///< workflow commands of GitHub Actions, which become annotations
  step_summary,  ///< the page of a GitHub job, in markdown
  gitlab,        ///< GitLab's Code Quality, in JSON
  junit,         ///< JUnit XML, which every CI server reads: a rule is a test case
  sarif,         ///< SARIF 2.1.0, for code scanning
  benchmark,     ///< "customSmallerIsBetter" of github-action-benchmark, for a chart over time
};

/// As --report names it: "step-summary".
std::string_view report_name(ReportKind kind);

/// The kind of that name. Throws UsageError, which lists the names.
ReportKind report_kind(std::string_view name);

struct ReportStyle {
  bool color = false;  ///< escape sequences, in text
  std::string root;    ///< the project's directory, absolute: files below it are named from there; may be empty
};

/// Bytes: GitHub takes 65,536 code points in a description, so that there is room for what others put around it.
constexpr std::size_t kMarkdownLimit = 60'000;

/// Annotations that GitHub shows of one step, for each severity.
constexpr std::size_t kAnnotationLimit = 10;

/// Writes what `report` says, as `kind` has it. UTF-8, whatever the names in the report are.
void print_report(ReportKind kind, const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink);

// One for each kind; step_summary is markdown.
void print_text_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink);
void print_json_report(const CheckReport& report, snapshot::ByteSink& sink);
void print_markdown_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink);
void print_github_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink);
void print_gitlab_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink);
void print_junit_report(const CheckReport& report, snapshot::ByteSink& sink);
void print_sarif_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink);
void print_benchmark_report(const CheckReport& report, snapshot::ByteSink& sink);

}  // namespace cli
