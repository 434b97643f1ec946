#include "printer.h"
#include "row_text.h"
#include "text_table.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace cli {
namespace {

std::string frame_text(const ReportFrame& frame) {
  return fmt::format("{}:{}", snapshot::bytes_from_text(frame.filename), frame.lineno);
}

}  // namespace

std::string csv_field(std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
  std::string result = "\"";
  for (const char character : field) result += character == '"' ? std::string("\"\"") : std::string(1, character);
  return result + '"';
}

std::string csv_site(const ReportRow& row) {
  using snapshot::GroupBy;
  if (row.traceback.empty()) return csv_field(snapshot::bytes_from_text(row.key));
  const ReportFrame& frame = row.traceback.front();
  const std::string filename = csv_field(snapshot::bytes_from_text(frame.filename));
  if (row.by == GroupBy::filename) return filename;
  if (row.by == GroupBy::lineno) return fmt::format("{},{}", filename, frame.lineno);
  if (row.by == GroupBy::function) {
    return csv_field(snapshot::bytes_from_text(frame.function.value_or(""))) + "," + filename;
  }
  std::string traceback;
  for (const ReportFrame& part : row.traceback) traceback += (traceback.empty() ? "" : ";") + frame_text(part);
  return csv_field(traceback);
}

std::string csv_site_names(snapshot::GroupBy by) {
  switch (by) {
    case snapshot::GroupBy::lineno: return "filename,lineno";
    case snapshot::GroupBy::function: return "function,filename";
    default: return std::string(group_name(by));
  }
}

namespace {

/// The first of two keys in one field, since its names may be those of the second.
std::string outer_field(const ReportRow& row) {
  if (row.by == snapshot::GroupBy::lineno) return csv_field(frame_text(row.traceback.front()));
  return row.by == snapshot::GroupBy::function ? csv_field(function_text(row)) : csv_site(row);
}

std::string line_of(const Report& report, const ReportRow& row, const PrintOptions& options) {
  const Amounts& amounts = row.amounts;
  std::string line = csv_site(row);
  line += report.compares
              ? fmt::format(",{},{},{},{}", amounts.size, amounts.size_diff, amounts.count, amounts.count_diff)
              : fmt::format(",{},{}", amounts.size, amounts.count);
  if (options.source != nullptr) line += "," + csv_field(snapshot::bytes_from_text(source_of(row, options)));
  return line + "\n";
}

std::string status_field(const Report& report, const ReportRow& row) {
  return report.compares ? std::string(status_name(status_of(row.amounts))) + "," : "";
}

}  // namespace

void print_csv(const Report& report, const PrintOptions& options, Output& output) {
  const bool two_keys = report.keys.size() > 1;
  const bool of_several = !report.rows.empty() && !report.rows.front().snapshot.empty();
  output.write(fmt::format("{}{}{}{}{}{}\n", of_several ? "path," : "", report.compares ? "status," : "",
                           two_keys ? "group," : "", csv_site_names(report.keys.back()),
                           report.compares ? ",size,size_diff,count,count_diff" : ",size,count",
                           options.source != nullptr ? ",source" : ""));
  for (const ReportRow& row : report.rows) {
    const std::string path = of_several ? csv_field(row.snapshot) + "," : "";
    if (!two_keys) output.write(path + status_field(report, row) + line_of(report, row, options));
    for (const ReportRow& inner : row.within) {
      output.write(path + status_field(report, inner) + outer_field(row) + "," + line_of(report, inner, options));
    }
  }
}

}  // namespace cli
