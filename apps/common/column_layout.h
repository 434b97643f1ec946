#pragma once

#include "text_table.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// Tables on a screen: cells in columns, a gap behind each, and then the site, which has what is left of the line.

inline constexpr std::string_view kGap = "  ";
inline constexpr std::size_t kLeastSite = 16;  ///< columns: below it a site says nothing, and the line had better wrap

/// The cell with as many spaces as its column is wider.
std::string pad(std::string_view cell, std::size_t width, bool to_left);

/// Columns of the screen that the cells of a row take.
std::size_t line_without_site(const std::vector<std::size_t>& widths);

/// Those that the site has of a line; none where lines are as long as they need.
std::optional<std::size_t> site_width(const std::vector<std::size_t>& widths, std::optional<std::size_t> line);

/// A row of cells; those of the first `left` columns begin at the same place, the others end there.
template <typename Cells>
std::string padded(const Cells& cells, const std::vector<std::size_t>& widths, std::size_t left) {
  std::string text;
  for (std::size_t at = 0; at < cells.size(); ++at) text += pad(cells[at], widths[at], at < left).append(kGap);
  return text;
}

/// Of a table that has headers, and rows with a cell below each.
template <typename Table>
std::vector<std::size_t> column_widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t at = 0; at < table.headers.size(); ++at) {
    widths.push_back(display_width(table.headers[at]));
    for (const auto& row : table.rows) widths[at] = std::max(widths[at], display_width(row.cells[at]));
  }
  return widths;
}

template <typename Table>
bool has_room_for_site(const Table& table, std::size_t line) {
  return line_without_site(column_widths(table)) + kLeastSite <= line;
}

/// Leaves out the first column whose header begins with `name`, if there is one.
template <typename Table>
void drop_column(Table& table, std::string_view name) {
  const auto found = std::ranges::find_if(table.headers, [&](const auto& header) { return header.starts_with(name); });
  if (found == table.headers.end()) return;
  const auto at = found - table.headers.begin();
  table.headers.erase(found);
  for (auto& row : table.rows) row.cells.erase(row.cells.begin() + at);
}

}  // namespace cli
