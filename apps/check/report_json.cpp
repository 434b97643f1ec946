#include "check/report_words.h"
#include "check/reports.h"

#include "common/json_text.h"
#include "common/row_text.h"

#include <formats/json_object.h>

#include <fmt/format.h>

#include <cmath>

namespace cli {
namespace {

using formats::JsonObject;

std::string json_bool(bool value) { return value ? "true" : "false"; }

/// JSON has no infinity: a percentage of nothing is null.
std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

void add_name(JsonObject& object, std::string_view name, std::string_view value) {
  object.add(name, json_string(value));
}

std::string json_holding(const Holding& holding) {
  return fmt::format("{{\"size\": {}, \"count\": {}}}", holding.size, holding.count);
}

void add_holdings(JsonObject& object, const Holding& base, const Holding& head) {
  object.add("base", json_holding(base));
  object.add("head", json_holding(head));
  object.add_number("size_diff", std::optional(head.size - base.size));
  object.add_number("count_diff", std::optional(head.count - base.count));
}

std::string json_total(const CheckReport& report) {
  JsonObject object;
  add_holdings(object, report.base_total, report.head_total);
  return object.json();
}

std::string json_rule(const RuleName& rule) {
  JsonObject object;
  add_name(object, "name", rule.name);
  add_name(object, "scope", scope_name(rule.scope));
  object.add_text("subject", rule.subject);
  add_name(object, "quantity", quantity_name(rule.quantity));
  add_name(object, "measure", measure_name(rule.measure));
  object.add("limit", json_number(rule.limit));
  add_name(object, "severity", severity_name(rule.severity));
  return object.json();
}

std::string json_site(const Site& site) {
  JsonObject object;
  add_name(object, "key", site.key);
  object.add_text("filename", site.filename);
  if (site.lineno != 0) object.add_number("lineno", std::optional(site.lineno));
  if (site.function) add_name(object, "function", *site.function);
  add_holdings(object, site.base, site.head);
  add_name(object, "matched_by", match_name(site.matched));
  object.add_number("base_lineno", site.base_lineno);
  object.add_list("traceback", site.traceback, [](const std::string& frame) { return json_string(frame); });
  object.add_text("source", site.source);
  return object.json();
}

std::string json_finding(const Finding& finding) {
  JsonObject object;
  add_name(object, "message", finding.message);
  add_name(object, "fingerprint", finding.fingerprint);
  object.add("rule", json_rule(finding.rule));
  if (finding.site) object.add("site", json_site(*finding.site));
  add_holdings(object, finding.base, finding.head);
  object.add("actual", json_number(finding.actual));
  if (finding.spread) object.add("spread", json_number(*finding.spread));
  object.add("inconclusive", json_bool(finding.inconclusive));
  object.add_text("suppressed_by", finding.suppressed_by);
  object.add_text("suppression_reason", finding.suppression_reason);
  return object.json();
}

std::string json_suppression(const SuppressionUse& use) {
  JsonObject object;
  add_name(object, "pattern", use.pattern);
  object.add_text("reason", use.reason);
  object.add_text("expires", use.expires);
  object.add_text("origin", use.origin);
  object.add_number("findings", std::optional(use.findings));
  object.add_number("size", std::optional(use.size));
  object.add("expired", json_bool(use.expired));
  return object.json();
}

/// A member that is a list, an item on a line; it is there even when it is empty.
template <typename Items, typename Json>
void write_list(snapshot::ByteSink& sink, std::string_view name, const Items& items, Json to_json) {
  sink.write(fmt::format(",\n \"{}\": [", name));
  const char* separator = "\n  ";
  for (const auto& item : items) {
    sink.write(separator + to_json(item));
    separator = ",\n  ";
  }
  sink.write("]");
}

}  // namespace

/// One object, "tmcheck/1", as report.schema.json has it: all of CheckReport. What is not known has no member.
void print_json_report(const CheckReport& report, snapshot::ByteSink& sink) {
  sink.write(fmt::format("{{\"schema\": \"tmcheck/1\", \"tool_version\": {},\n \"verdict\": \"{}\", \"status\": {},\n",
                         json_string(report.tool_version), verdict_name(report.verdict), report.status));
  sink.write(fmt::format(" \"group_by\": {}", json_string(report.group_by)));
  write_list(sink, "baseline", report.baseline, json_snapshot);
  write_list(sink, "heads", report.heads, json_snapshot);
  sink.write(",\n \"total\": " + json_total(report));
  write_list(sink, "rules", report.rules, json_rule);
  write_list(sink, "findings", report.findings, json_finding);
  write_list(sink, "suppressed", report.suppressed, json_finding);
  write_list(sink, "absent", report.absent, json_finding);
  write_list(sink, "grown", report.grown, json_site);
  write_list(sink, "shrunk", report.shrunk, json_site);
  write_list(sink, "moved", report.moved, json_site);
  sink.write(fmt::format(",\n \"unchanged\": {}, \"matched_weakly\": {}", report.unchanged, report.matched_weakly));
  write_list(sink, "suppressions", report.suppressions, json_suppression);
  write_list(sink, "warnings", report.warnings, [](const std::string& line) { return json_string(line); });
  sink.write("}\n");
}

}  // namespace cli
