#include "printer.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace cli {
namespace {

/// RFC 4180: quoted where it has to be.
std::string quoted(std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
  std::string result = "\"";
  for (const char character : field) result += character == '"' ? std::string("\"\"") : std::string(1, character);
  return result + '"';
}

std::string site_fields(const Report& report, const ReportRow& row) {
  const ReportFrame& frame = row.traceback.front();
  if (report.group_by == snapshot::GroupBy::filename) return quoted(snapshot::bytes_from_text(frame.filename));
  if (report.group_by == snapshot::GroupBy::lineno) {
    return fmt::format("{},{}", quoted(snapshot::bytes_from_text(frame.filename)), frame.lineno);
  }
  std::string traceback;
  for (const ReportFrame& part : row.traceback) {
    traceback +=
        fmt::format("{}{}:{}", traceback.empty() ? "" : ";", snapshot::bytes_from_text(part.filename), part.lineno);
  }
  return quoted(traceback);
}

std::string_view site_names(snapshot::GroupBy group_by) {
  switch (group_by) {
    case snapshot::GroupBy::lineno: return "filename,lineno";
    case snapshot::GroupBy::filename: return "filename";
    case snapshot::GroupBy::traceback: return "traceback";
  }
  return "";
}

}  // namespace

void print_csv(const Report& report, const PrintOptions& options, Output& output) {
  output.write(fmt::format("{}{}{}{}\n", report.compares ? "status," : "", site_names(report.group_by),
                           report.compares ? ",size,size_diff,count,count_diff" : ",size,count",
                           options.source != nullptr ? ",source" : ""));
  for (const ReportRow& row : report.rows) {
    const Amounts& amounts = row.amounts;
    std::string line = report.compares ? std::string(status_name(status_of(amounts))) + "," : "";
    line += site_fields(report, row);
    line += report.compares
                ? fmt::format(",{},{},{},{}", amounts.size, amounts.size_diff, amounts.count, amounts.count_diff)
                : fmt::format(",{},{}", amounts.size, amounts.count);
    if (options.source != nullptr) line += "," + quoted(snapshot::bytes_from_text(source_of(row, options)));
    output.write(line + "\n");
  }
}

}  // namespace cli
