#include "printer.h"
#include "size_text.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace cli {

// tracemalloc.Statistic.__str__ and StatisticDiff.__str__ (CPython, Lib/tracemalloc.py). A traceback is named by its
// first frame: the oldest since 3.7, the most recent before.
void print_tracemalloc(const Report& report, const PrintOptions& options, Output& output) {
  for (const ReportRow& row : report.rows) {
    const ReportFrame& frame = options.most_recent_first ? row.traceback.back() : row.traceback.front();
    const Amounts& amounts = row.amounts;
    std::string line =
        fmt::format("{}:{}: size={}", snapshot::bytes_from_text(frame.filename), frame.lineno, size_text(amounts.size));
    if (report.compares) {
      line +=
          fmt::format(" ({}), count={} ({:+})", size_text(amounts.size_diff, true), amounts.count, amounts.count_diff);
    } else {
      line += fmt::format(", count={}", amounts.count);
    }
    if (amounts.count != 0) line += ", average=" + average_text(amounts.size, amounts.count);
    output.write(line + "\n");
    const std::string_view source = source_of(row, options);
    if (!source.empty()) output.write("    " + snapshot::bytes_from_text(source) + "\n");
  }
}

}  // namespace cli
