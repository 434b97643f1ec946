#include "printer.h"

namespace cli {

std::string_view source_of(const ReportRow& row, const PrintOptions& options) {
  if (options.source == nullptr || row.traceback.empty()) return {};
  const ReportFrame& frame = row.traceback.back();
  return options.source->line(frame.filename, frame.lineno);
}

void print(OutputFormat format, const Report& report, const PrintOptions& options, Output& output) {
  switch (format) {
    case OutputFormat::table: print_table(report, options, output); break;
    case OutputFormat::tracemalloc: print_tracemalloc(report, options, output); break;
    case OutputFormat::json: print_json(report, options, output); break;
    case OutputFormat::csv: print_csv(report, options, output); break;
    case OutputFormat::markdown: print_markdown(report, options, output); break;
  }
}

}  // namespace cli
