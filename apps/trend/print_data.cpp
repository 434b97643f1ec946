#include "trend/print.h"

#include "common/json_text.h"
#include "common/row_text.h"

#include <formats/json_object.h>

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace cli {
namespace {

/// Absent where JSON has no such number.
std::string json_number(std::string_view name, const std::optional<double>& number) {
  if (!number || !std::isfinite(*number)) return "";
  return fmt::format(", \"{}\": {}", name, *number + 0.0);  // no -0
}

std::string joined(const std::vector<std::int64_t>& values, const char* separator) {
  return fmt::format("{}", fmt::join(values, separator));
}

/// All numbers of a row.
std::string json_members(const TrendRow& row, const TrendReport& report) {
  std::string text =
      fmt::format("\"class\": \"{}\", \"first\": {}, \"last\": {}, \"growth\": {}", snapshot::trend_name(row.verdict),
                  row.values.front(), row.values.back(), row.growth());
  text += json_number("growth_per_interval", row.per_interval) + json_number("growth_per_hour", row.per_hour);
  text += fmt::format(", \"n\": {}", row.trend.used);
  if (row.verdict != snapshot::TrendClass::unknown) {
    text += json_number("p", row.trend.growth.p) + json_number("p_adjusted", row.adjusted) +
            json_number("confidence", row.confidence);
  }
  text += json_number(report.timed ? "hours_to_limit" : "intervals_to_limit", row.until);
  return text + ", \"values\": [" + joined(row.values, ", ") + "]";
}

std::string json_head(const TrendReport& report) {
  std::string snapshots;
  for (const ReportSnapshot& snapshot : report.snapshots) {
    snapshots += (snapshots.empty() ? "" : ",\n  ") + json_snapshot(snapshot);
  }
  std::string text = "{\"schema\": \"tmtrend/1\",\n \"snapshots\": [" + snapshots + "],\n";
  text += fmt::format(" \"group_by\": {}, \"cumulative\": {},", json_string(report.group_by), report.cumulative);
  if (report.cumulative) text += fmt::format(" \"count_recursion\": {},", report.recursion);
  text += fmt::format("\n \"quantity\": \"{}\", \"warmup\": {}, \"n\": {}, \"tests\": {}, \"alpha\": {},",
                      report.quantity == TrendQuantity::size ? "size" : "count", report.warmup, report.used,
                      report.tests, report.rules.alpha);
  if (report.limit_size) text += fmt::format(" \"limit_size\": {},", *report.limit_size);
  return text + "\n";
}

std::string csv_number(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? fmt::format("{}", *number + 0.0) : "";
}

}  // namespace

void print_trend_json(const TrendReport& report, Output& output) {
  output.write(json_head(report));
  output.write(" \"total\": {" + json_members(report.total, report) + "},\n");
  if (report.outside) output.write(" \"outside\": {" + json_members(*report.outside, report) + "},\n");
  if (const TrendRest& others = report.others; others.groups > 0) {
    const std::string sums =
        report.cumulative ? "" : fmt::format(", \"first\": {}, \"last\": {}", others.first, others.last);
    output.write(fmt::format(" \"others\": {{\"groups\": {}{}}},\n", others.groups, sums));
  }
  output.write(" \"statistics\": [");
  const char* separator = "\n  {";
  for (const TrendRow& row : report.rows) {
    output.write(separator + json_key(row.site) + ", " + json_members(row, report) + "}");
    separator = ",\n  {";
  }
  output.write("]}\n");
}

void print_trend_csv(const TrendReport& report, Output& output) {
  output.write(
      fmt::format("class,{},first,last,growth,growth_per_interval,growth_per_hour,n,p,p_adjusted,confidence,{},"
                  "values\n",
                  csv_site_names(report.by), report.timed ? "hours_to_limit" : "intervals_to_limit"));
  for (const TrendRow& row : report.rows) {
    const bool judged = row.verdict != snapshot::TrendClass::unknown;
    output.write(fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", snapshot::trend_name(row.verdict),
                             csv_site(row.site), row.values.front(), row.values.back(), row.growth(),
                             csv_number(row.per_interval), csv_number(row.per_hour), row.trend.used,
                             judged ? csv_number(row.trend.growth.p) : "", judged ? csv_number(row.adjusted) : "",
                             judged ? csv_number(row.confidence) : "", csv_number(row.until), joined(row.values, ";")));
  }
}

void print_trends(OutputFormat format, const TrendReport& report, const TrendStyle& style, Output& output) {
  switch (format) {
    case OutputFormat::json: return print_trend_json(report, output);
    case OutputFormat::csv: return print_trend_csv(report, output);
    case OutputFormat::markdown: return print_trend_markdown(report, style, output);
    default: return print_trend_table(report, style, output);
  }
}

}  // namespace cli
