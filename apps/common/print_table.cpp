#include "printer.h"
#include "text_table.h"

#include <snapshot/utf8.h>

#include <algorithm>

namespace cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::size_t kLeastSite = 16;  // columns: below it a site says nothing, and the line had better wrap

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kReset = "\x1b[0m";

std::string painted(const std::string& text, std::string_view color, bool enabled) {
  if (!enabled || color.empty() || text.empty()) return text;
  return std::string(color) + text + std::string(kReset);
}

std::vector<std::size_t> column_widths(const TextTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string_view header : table.headers) widths.push_back(header.size());
  for (const TextTable::Row& row : table.rows) {
    for (std::size_t at = 0; at < row.cells.size(); ++at) widths[at] = std::max(widths[at], row.cells[at].size());
  }
  return widths;
}

std::optional<std::size_t> site_width(const std::vector<std::size_t>& widths, std::optional<std::size_t> line) {
  if (!line) return std::nullopt;
  std::size_t used = 0;
  for (const std::size_t width : widths) used += width + kGap.size();
  return std::max(kLeastSite, *line > used ? *line - used : 0);
}

std::string pad(std::string_view cell, std::size_t width, bool to_left) {
  const std::string space(width - cell.size(), ' ');
  return to_left ? std::string(cell) + space : space + std::string(cell);
}

/// Growth is what people look for, so it alone is loud: red, and what shrank green.
std::string_view color_of(const TextTable::Row& row, bool compares) {
  if (compares && row.trend != 0) return row.trend > 0 ? kRed : kGreen;
  return row.role == TextTable::Row::Role::group ? "" : kDim;
}

}  // namespace

void print_table(const Report& report, const PrintOptions& options, Output& output) {
  const TextTable table = make_text_table(report, options);
  const std::vector<std::size_t> widths = column_widths(table);
  const std::optional<std::size_t> site = site_width(widths, options.width);

  std::string header;
  std::size_t indent = 0;
  for (std::size_t at = 0; at < widths.size(); ++at) {
    header += pad(table.headers[at], widths[at], report.compares && at == 0) + std::string(kGap);
    indent += widths[at] + kGap.size();
  }
  output.write(painted(header + "site", kBold, options.color) + "\n");

  for (const TextTable::Row& row : table.rows) {
    std::string line;
    for (std::size_t at = 0; at < widths.size(); ++at) {
      line += pad(row.cells[at], widths[at], report.compares && at == 0) + std::string(kGap);
    }
    output.write(painted(line, color_of(row, report.compares), options.color));
    output.write(row.group != nullptr ? site_text(report, *row.group, options, site) : row.label);
    output.write("\n");
    const std::string_view source = row.group != nullptr ? source_of(*row.group, options) : "";
    if (source.empty()) continue;
    output.write(std::string(indent + kGap.size(), ' ') +
                 painted(snapshot::printable(source), kDim, options.color) + "\n");
  }
}

}  // namespace cli
