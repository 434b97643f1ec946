#pragma once

#include "printer.h"
#include "report.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// A report as cells of text, for the printers that draw tables. The last column, the site, is not among the cells: how
/// much of it is shown depends on how wide the others are.
struct TextTable {
  struct Row {
    std::vector<std::string> cells;
    const ReportRow* group = nullptr;  ///< null for the rest and the total, where `label` stands for the site
    std::string label;
    std::int64_t trend = 0;  ///< above 0: grown, below: shrunk
    std::size_t level = 0;   ///< 1 for groups by the second key, which stand below their group by the first
  };
  std::vector<std::string_view> headers;  ///< of the cells; the site's is "site"
  std::vector<Row> rows;
};

TextTable make_text_table(const Report& report, const PrintOptions& options);

/// Where the memory is: "shop/app.py:10", or a traceback as "app.py:10 < main.py:3", most recent first. At most `width`
/// columns: paths lose their front, tracebacks their oldest frames.
std::string site_text(const ReportRow& row, const PrintOptions& options, std::optional<std::size_t> width);

/// A group by function: "add (shop/app.py)", with the last `parts` parts of the path.
std::string function_text(const ReportRow& row, const std::optional<std::size_t>& parts = std::nullopt);

/// The last `parts` parts of a path.
std::string_view last_parts(std::string_view path, std::size_t parts);

/// The last `columns` of printable text.
std::string_view last_columns(std::string_view text, std::size_t columns);

/// The text, or as much of its front as takes `columns`, with "..." in place of the rest.
std::string first_columns(const std::string& text, std::size_t columns);

/// Columns that printable text takes: its code points.
std::size_t display_width(std::string_view text);

}  // namespace cli
