#pragma once

#include "output.h"
#include "report.h"
#include "source_lines.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace cli {

enum class OutputFormat { table, tracemalloc, json, csv, markdown };

struct PrintOptions {
  bool bytes = false;  ///< exact bytes in tables
  bool color = false;
  std::optional<std::size_t> filename_parts;  ///< last parts of a path to keep, in tables
  std::optional<std::size_t> width;           ///< columns that a table may take
  SourceLines* source = nullptr;              ///< shows source lines when set
  bool most_recent_first = false;             ///< as CPython 3.6 names a traceback: by its most recent frame
};

void print_table(const Report& report, const PrintOptions& options, Output& output);
/// The lines that print(statistic) gives in Python.
void print_tracemalloc(const Report& report, const PrintOptions& options, Output& output);
void print_json(const Report& report, const PrintOptions& options, Output& output);
void print_csv(const Report& report, const PrintOptions& options, Output& output);
void print_markdown(const Report& report, const PrintOptions& options, Output& output);

/// The line of source of the frame that allocated, where source lines are shown and it is at hand.
std::string_view source_of(const ReportRow& row, const PrintOptions& options);

void print(OutputFormat format, const Report& report, const PrintOptions& options, Output& output);

}  // namespace cli
