#include "printer.h"
#include "size_text.h"
#include "text_table.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace cli {

namespace {

/// What tracemalloc names a row by: the first frame of its traceback, which is the oldest since 3.7 and was the most
/// recent before. Groups that tracemalloc does not have are named as in tables.
std::string name_of(const ReportRow& row, const PrintOptions& options) {
  using snapshot::bytes_from_text;
  if (row.traceback.empty()) return bytes_from_text(row.key);
  if (row.by == snapshot::GroupBy::function) return bytes_from_text(function_text(row));
  const ReportFrame& frame = options.most_recent_first ? row.traceback.back() : row.traceback.front();
  return fmt::format("{}:{}", bytes_from_text(frame.filename), frame.lineno);
}

// tracemalloc.Statistic.__str__ and StatisticDiff.__str__ (CPython, Lib/tracemalloc.py).
std::string line_of(const Report& report, const ReportRow& row, const PrintOptions& options) {
  const Amounts& amounts = row.amounts;
  const std::string path = row.snapshot.empty() ? "" : std::string(row.snapshot) + ": ";
  std::string line = path + fmt::format("{}: size={}", name_of(row, options), size_text(amounts.size));
  if (report.compares) {
    line +=
        fmt::format(" ({}), count={} ({:+})", size_text(amounts.size_diff, true), amounts.count, amounts.count_diff);
  } else {
    line += fmt::format(", count={}", amounts.count);
  }
  if (amounts.count != 0) line += ", average=" + average_text(amounts.size, amounts.count);
  return line;
}

/// The rows, and within each those of the second key, two columns further.
void print_rows(const Report& report, const std::vector<ReportRow>& rows, const std::string& indent,
                const PrintOptions& options, Output& output) {
  for (const ReportRow& row : rows) {
    output.write(indent + line_of(report, row, options) + "\n");
    const std::string_view source = source_of(row, options);
    if (!source.empty()) output.write(indent + "    " + snapshot::bytes_from_text(source) + "\n");
    print_rows(report, row.within, indent + "  ", options, output);
  }
}

}  // namespace

void print_tracemalloc(const Report& report, const PrintOptions& options, Output& output) {
  print_rows(report, report.rows, "", options, output);
}

}  // namespace cli
