#include "json_text.h"
#include "printer.h"
#include "row_text.h"
#include "utc_time.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace cli {
namespace {

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

}  // namespace

std::string json_snapshot(const ReportSnapshot& snapshot) {
  std::string text = fmt::format("{{\"path\": {}, \"format\": {}",
                                 json_string(snapshot::text_from_bytes(snapshot.path)), json_string(snapshot.format));
  if (snapshot.time) text += fmt::format(", \"time\": \"{}\"", utc_time(*snapshot.time));
  if (snapshot.traceback_limit) text += fmt::format(", \"traceback_limit\": {}", *snapshot.traceback_limit);
  return text + fmt::format(", \"traces\": {}, \"size\": {}}}", snapshot.count, snapshot.size);
}

std::string json_key(const ReportRow& row) {
  if (row.by == snapshot::GroupBy::function) {
    const ReportFrame& frame = row.traceback.front();
    return fmt::format("\"key\": {}, \"filename\": {}", frame.function ? json_string(*frame.function) : "null",
                       json_string(frame.filename));
  }
  return row.traceback.empty() ? "\"key\": " + json_string(row.key) : "\"traceback\": " + json_traceback(row);
}

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

std::string json_rest(const Report& report, std::string_view name, const Rest& rest) {
  if (rest.groups == 0) return "";
  // The sums of rows that overlap would be no amount of memory.
  const std::string amounts = report.cumulative ? "" : ", " + json_amounts(report, rest.amounts);
  return fmt::format("\"{}\": {{\"groups\": {}{}}}", name, rest.groups, amounts);
}

std::string member(const std::string& text) { return text.empty() ? "" : " " + text + ",\n"; }

void print_rows(const Report& report, const std::vector<ReportRow>& rows, const PrintOptions& options,
                const std::string& indent, Output& output);

/// The groups by the second key.
void print_within(const Report& report, const ReportRow& row, const PrintOptions& options, const std::string& indent,
                  Output& output) {
  for (const std::string& rest :
       {json_rest(report, "others", row.others), json_rest(report, "unchanged", row.unchanged)}) {
    if (!rest.empty()) output.write(", " + rest);
  }
  output.write(",\n" + indent + " \"statistics\": [");
  print_rows(report, row.within, options, indent + "  ", output);
  output.write("]");
}

void print_rows(const Report& report, const std::vector<ReportRow>& rows, const PrintOptions& options,
                const std::string& indent, Output& output) {
  const char* separator = "\n";
  for (const ReportRow& row : rows) {
    const std::string source = options.source != nullptr ? ", \"source\": " + json_string(source_of(row, options)) : "";
    const std::string path =
        row.snapshot.empty() ? "" : "\"path\": " + json_string(snapshot::text_from_bytes(row.snapshot)) + ", ";
    output.write(fmt::format("{}{}{{{}{}{}, {}{}", separator, indent, path, json_status(report, row.amounts),
                             json_key(row), json_amounts(report, row.amounts), source));
    if (report.keys.size() > 1 && &rows == &report.rows) print_within(report, row, options, indent, output);
    output.write("}");
    separator = ",\n";
  }
}

}  // namespace

void print_json(const Report& report, const PrintOptions& options, Output& output) {
  output.write(fmt::format("{{\"schema\": \"{}/1\",\n", report.tool));
  output.write(json_snapshots(report));
  output.write(
      fmt::format(" \"group_by\": \"{}\", \"cumulative\": {},", report.group_by, json_bool(report.cumulative)));
  if (report.cumulative) output.write(fmt::format(" \"count_recursion\": {},", json_bool(report.recursion)));
  output.write(
      fmt::format("\n \"total\": {{{}{}}},\n", json_status(report, report.total), json_amounts(report, report.total)));
  if (report.outside) {
    output.write(member(fmt::format("\"outside\": {{{}}}", json_amounts(report, report.outside->amounts))));
  }
  output.write(member(json_rest(report, "others", report.others)));
  output.write(member(json_rest(report, "unchanged", report.unchanged)));
  output.write(" \"statistics\": [");
  print_rows(report, report.rows, options, "  ", output);
  output.write("]}\n");
}

}  // namespace cli
