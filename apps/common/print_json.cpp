#include "json_text.h"
#include "printer.h"
#include "utc_time.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace cli {
namespace {

std::string json_bool(bool value) { return value ? "true" : "false"; }

std::string json_amounts(const Report& report, const Amounts& amounts) {
  if (!report.compares) return fmt::format("\"size\": {}, \"count\": {}", amounts.size, amounts.count);
  return fmt::format("\"size\": {}, \"size_diff\": {}, \"count\": {}, \"count_diff\": {}", amounts.size,
                     amounts.size_diff, amounts.count, amounts.count_diff);
}

std::string json_status(const Report& report, const Amounts& amounts) {
  return report.compares ? fmt::format("\"status\": \"{}\", ", status_name(status_of(amounts))) : "";
}

std::string json_snapshot(const ReportSnapshot& snapshot) {
  std::string text = fmt::format("{{\"path\": {}, \"format\": {}",
                                 json_string(snapshot::text_from_bytes(snapshot.path)), json_string(snapshot.format));
  if (snapshot.time) text += fmt::format(", \"time\": \"{}\"", utc_time(*snapshot.time));
  if (snapshot.traceback_limit) text += fmt::format(", \"traceback_limit\": {}", *snapshot.traceback_limit);
  return text + fmt::format(", \"traces\": {}, \"size\": {}}}", snapshot.count, snapshot.size);
}

std::string json_snapshots(const Report& report) {
  std::string text;
  if (report.compares) {
    for (const ReportSnapshot& snapshot : report.snapshots) {
      text += fmt::format(" \"{}\": {},\n", snapshot.role, json_snapshot(snapshot));
    }
    return text;
  }
  for (const ReportSnapshot& snapshot : report.snapshots)
    text += (text.empty() ? "" : ",\n  ") + json_snapshot(snapshot);
  return " \"snapshots\": [" + text + "],\n";
}

std::string json_traceback(const ReportRow& row) {
  std::string text;
  for (const ReportFrame& frame : row.traceback) {
    text += fmt::format("{}{{\"filename\": {}, \"lineno\": {}", text.empty() ? "" : ", ", json_string(frame.filename),
                        frame.lineno);
    if (frame.function) text += ", \"function\": " + json_string(*frame.function);
    if (frame.module) text += ", \"module\": " + json_string(*frame.module);
    text += "}";
  }
  return "[" + text + "]";
}

std::string json_rest(const Report& report, std::string_view name, const Rest& rest) {
  if (rest.groups == 0) return "";
  // The sums of rows that overlap would be no amount of memory.
  const std::string amounts = report.cumulative ? "" : ", " + json_amounts(report, rest.amounts);
  return fmt::format(" \"{}\": {{\"groups\": {}{}}},\n", name, rest.groups, amounts);
}

}  // namespace

void print_json(const Report& report, const PrintOptions& options, Output& output) {
  output.write(fmt::format("{{\"schema\": \"{}/1\",\n", report.tool));
  output.write(json_snapshots(report));
  output.write(fmt::format(" \"group_by\": \"{}\", \"cumulative\": {},", group_name(report.group_by),
                           json_bool(report.cumulative)));
  if (report.cumulative) output.write(fmt::format(" \"count_recursion\": {},", json_bool(report.recursion)));
  output.write(
      fmt::format("\n \"total\": {{{}{}}},\n", json_status(report, report.total), json_amounts(report, report.total)));
  output.write(json_rest(report, "others", report.others));
  output.write(json_rest(report, "unchanged", report.unchanged));
  output.write(" \"statistics\": [");
  const char* separator = "\n";
  for (const ReportRow& row : report.rows) {
    const std::string source = options.source != nullptr ? ", \"source\": " + json_string(source_of(row, options)) : "";
    output.write(fmt::format("{}  {{{}\"traceback\": {}, {}{}}}", separator, json_status(report, row.amounts),
                             json_traceback(row), json_amounts(report, row.amounts), source));
    separator = ",\n";
  }
  output.write("]}\n");
}

}  // namespace cli
