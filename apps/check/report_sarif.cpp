#include "check/report_paths.h"
#include "check/report_words.h"
#include "check/reports.h"

#include "common/json_text.h"

#include <formats/json_object.h>
#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>

namespace cli {
namespace {

// SARIF 2.1.0 (OASIS Standard, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the numbers below are
// its sections), as far as
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
// asks for it: every result has a place in a file. Code scanning takes suppressed and absent results for open ones:
// samples/ci/github.yml leaves them out for it.

using formats::JsonObject;

/// 3.11.5: braces are doubled; 3.11.6: "[a](b)" would be a link, and is none where the bracket is escaped.
std::string message_text(std::string_view text) {
  std::string result;
  const std::string shown = visible(text);
  for (std::size_t at = 0; at < shown.size(); ++at) {
    if (shown[at] == '{' || shown[at] == '}') result += shown[at];
    if (shown.compare(at, 2, "](") == 0) result += '\\';
    result += shown[at];
  }
  return result;
}

std::string message_json(std::string_view text) {
  return fmt::format(R"({{"text": {}}})", json_string(message_text(text)));
}

std::string_view level_of(Severity severity) { return severity == Severity::fail ? "error" : "warning"; }

/// 3.4: what is below the project's directory, or has no directory at all, counts from %SRCROOT%, as GitHub names it.
std::string artifact_json(const std::string& path) {
  const std::string uri = json_string(uri_of(path));
  return path.starts_with('/') ? fmt::format(R"({{"uri": {}}})", uri)
                               : fmt::format(R"({{"uri": {}, "uriBaseId": "%SRCROOT%"}})", uri);
}

std::string physical_json(const Place& place, std::string_view source) {
  JsonObject object;
  object.add("artifactLocation", artifact_json(place.path));
  if (place.lineno != 0) {
    JsonObject region;
    region.add_number("startLine", std::optional(place.lineno));
    if (!source.empty()) region.add("snippet", fmt::format(R"({{"text": {}}})", json_string(well_formed(source))));
    object.add("region", region.json());
  }
  return object.json();
}

std::string location_json(const Finding& finding, const CheckReport& report, const ReportStyle& style) {
  JsonObject object;
  const std::string_view source = finding.site ? std::string_view(finding.site->source) : "";
  object.add("physicalLocation", physical_json(place_of(finding, report, style.root), source));
  if (finding.site && finding.site->function) {
    object.add("logicalLocations",
               fmt::format(R"([{{"name": {}, "kind": "function"}}])", json_string(visible(*finding.site->function))));
  }
  return object.json();
}

/// 3.44: the most recent frame first.
std::string stacks_json(const Site& site, const ReportStyle& style) {
  std::string frames;
  for (std::size_t at = site.traceback.size(); at-- > 0;) {
    frames += fmt::format(R"({}{{"location": {{"physicalLocation": {}}}}})", frames.empty() ? "" : ", ",
                          physical_json(place_of_frame(site.traceback[at], style.root), ""));
  }
  return fmt::format(R"([{{"message": {{"text": "where its blocks were allocated"}}, "frames": [{}]}}])", frames);
}

/// 3.27.24, against the baseline: growth is new by what it is, and so is an absolute limit that was kept in the
/// baseline.
std::string_view baseline_state(const Finding& finding) {
  const bool was =
      finding.rule.measure == Measure::absolute && finding.base.amount(finding.rule.quantity) > finding.rule.limit;
  if (!was) return "new";
  return finding.base == finding.head ? "unchanged" : "updated";
}

std::string properties_json(const Finding& finding) {
  JsonObject object;
  object.add_number("size", std::optional(finding.head.size));
  object.add_number("count", std::optional(finding.head.count));
  object.add_number("size_diff", std::optional(finding.head.size - finding.base.size));
  object.add_number("count_diff", std::optional(finding.head.count - finding.base.count));
  if (std::isfinite(finding.actual)) object.add_number("actual", std::optional(finding.actual));
  return object.json();
}

/// What all results of a run have, or none (3.27.23, 3.27.24).
struct Context {
  const CheckReport& report;
  const ReportStyle& style;
  RuleList rules;
  bool has_baseline;
  bool has_suppressions;
};

std::string result_json(const Finding& finding, std::string_view state, const Context& context) {
  JsonObject object;
  const std::size_t rule = context.rules.find(finding.rule);
  object.add("ruleId", json_string(context.rules.id(rule)));
  object.add_number("ruleIndex", std::optional(rule));
  // 3.27.9 and 3.27.10: somebody has to look whether it is one.
  object.add("kind", finding.inconclusive ? "\"review\"" : "\"fail\"");
  object.add("level", json_string(finding.inconclusive ? "none" : level_of(finding.rule.severity)));
  object.add("message", message_json(finding.message));
  object.add("locations", "[" + location_json(finding, context.report, context.style) + "]");
  if (finding.site && !finding.site->traceback.empty()) {
    object.add("stacks", stacks_json(*finding.site, context.style));
  }
  object.add("partialFingerprints", fmt::format(R"({{"tmcheck/v1": {}}})", json_string(visible(finding.fingerprint))));
  if (context.has_baseline) object.add("baselineState", json_string(state));
  if (context.has_suppressions) {
    JsonObject suppression;
    suppression.add("kind", "\"external\"");
    if (!finding.suppression_reason.empty()) {
      suppression.add("justification", json_string(visible(finding.suppression_reason)));
    }
    object.add("suppressions", finding.suppressed_by.empty() ? "[]" : "[" + suppression.json() + "]");
  }
  object.add("properties", properties_json(finding));
  return object.json();
}

std::string rule_json(const RuleName& rule, const std::string& id) {
  JsonObject object;
  object.add("id", json_string(id));
  object.add("shortDescription", message_json(rule_text(rule)));
  object.add("fullDescription", message_json("tmcheck: " + rule_text(rule)));
  object.add("defaultConfiguration", fmt::format(R"({{"level": "{}"}})", level_of(rule.severity)));
  return object.json();
}

/// 3.20: what the run itself had to say.
std::string invocation_json(const CheckReport& report) {
  JsonObject object;
  object.add("executionSuccessful", "true");
  object.add_number("exitCode", std::optional(report.status));
  std::string notifications;
  for (const std::vector<std::string>& lines : {report.warnings, idle_suppressions(report)}) {
    for (const std::string& line : lines) {
      notifications += fmt::format(R"({}{{"level": "{}", "message": {}}})", notifications.empty() ? "" : ", ",
                                   fails_otherwise(report) ? "error" : "warning", message_json(line));
    }
  }
  object.add("toolExecutionNotifications", "[" + notifications + "]");
  return object.json();
}

std::string driver_json(const CheckReport& report, const RuleList& rules) {
  JsonObject object;
  object.add("name", "\"tmcheck\"");
  object.add("version", json_string(visible(report.tool_version)));
  std::string list;
  for (std::size_t at = 0; at < rules.rules().size(); ++at) {
    list += (at == 0 ? "" : ",\n    ") + rule_json(rules.rules()[at], rules.id(at));
  }
  object.add("rules", "[" + list + "]");
  return object.json();
}

}  // namespace

void print_sarif_report(const CheckReport& report, const ReportStyle& style, snapshot::ByteSink& sink) {
  const Context context{report, style, RuleList(report), !report.baseline.empty(),
                        !report.suppressions.empty() || !report.suppressed.empty()};
  sink.write("{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"version\": \"2.1.0\",\n \"runs\": [{");
  sink.write("\"tool\": {\"driver\": " + driver_json(report, context.rules) + "},\n");
  sink.write("  \"invocations\": [" + invocation_json(report) + "],\n");
  sink.write(
      "  \"originalUriBaseIds\": {\"%SRCROOT%\": {\"description\": {\"text\": \"the project's directory\"}}},\n");
  sink.write("  \"results\": [");
  const char* separator = "\n   ";
  const auto write = [&](const Finding& finding, std::string_view state) {
    sink.write(separator + result_json(finding, state, context));
    separator = ",\n   ";
  };
  for (const Finding& finding : report.findings) write(finding, baseline_state(finding));
  for (const Finding& finding : report.suppressed) write(finding, baseline_state(finding));
  if (context.has_baseline) {
    for (const Finding& finding : report.absent) write(finding, "absent");
  }
  sink.write("]}]}\n");
}

}  // namespace cli
