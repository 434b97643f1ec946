#include "painted.h"
#include "printer.h"
#include "text_table.h"

#include <snapshot/utf8.h>

#include <algorithm>
#include <numeric>

namespace cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::size_t kLeastSite = 16;  // columns: below it a site says nothing, and the line had better wrap

std::vector<std::size_t> column_widths(const TextTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string_view header : table.headers) widths.push_back(header.size());
  for (const TextTable::Row& row : table.rows) {
    for (std::size_t at = 0; at < row.cells.size(); ++at) widths[at] = std::max(widths[at], row.cells[at].size());
  }
  return widths;
}

std::size_t line_without_site(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), widths.size() * kGap.size());
}

/// Leaves out what matters least while a site would not fit into the line.
void drop_columns(TextTable& table, std::size_t line) {
  for (const std::string_view name : {"average", "share"}) {
    const std::vector<std::size_t> widths = column_widths(table);
    const auto found = std::ranges::find(table.headers, name);
    if (found == table.headers.end() || line_without_site(widths) + kLeastSite <= line) continue;
    const auto at = found - table.headers.begin();
    table.headers.erase(found);
    for (TextTable::Row& row : table.rows) row.cells.erase(row.cells.begin() + at);
  }
}

std::optional<std::size_t> site_width(const std::vector<std::size_t>& widths, std::optional<std::size_t> line) {
  if (!line) return std::nullopt;
  const std::size_t used = line_without_site(widths);
  return std::max(kLeastSite, *line > used ? *line - used : 0);
}

std::string pad(std::string_view cell, std::size_t width, bool to_left) {
  const std::string space(width - cell.size(), ' ');
  return to_left ? std::string(cell) + space : space + std::string(cell);
}

/// The line of source, two columns behind where the site begins, and cut where the site would be.
std::string source_text(const ReportRow& row, const PrintOptions& options, std::optional<std::size_t> width) {
  return first_columns(snapshot::printable(source_of(row, options)), width ? *width - kGap.size() : std::string::npos);
}

/// Growth is what people look for, so it alone is loud: red, and what shrank green.
std::string_view color_of(const TextTable::Row& row, bool compares) {
  if (compares && row.trend != 0) return row.trend > 0 ? kRed : kGreen;
  return row.group != nullptr ? "" : kDim;
}

}  // namespace

void print_table(const Report& report, const PrintOptions& options, Output& output) {
  TextTable table = make_text_table(report, options);
  if (options.width) drop_columns(table, *options.width);
  const std::vector<std::size_t> widths = column_widths(table);
  const std::optional<std::size_t> site = site_width(widths, options.width);

  std::string header;
  for (std::size_t at = 0; at < widths.size(); ++at) {
    header += pad(table.headers[at], widths[at], report.compares && at == 0) + std::string(kGap);
  }
  output.write(painted(header + "site", kBold, options.color) + "\n");

  for (const TextTable::Row& row : table.rows) {
    const std::string indent(row.level * kGap.size(), ' ');
    const auto room = site ? std::optional(*site - std::min(*site, indent.size())) : std::nullopt;
    std::string line;
    for (std::size_t at = 0; at < widths.size(); ++at) {
      line += pad(row.cells[at], widths[at], report.compares && at == 0) + std::string(kGap);
    }
    output.write(painted(line, color_of(row, report.compares), options.color) + indent);
    output.write(row.group != nullptr ? site_text(*row.group, options, room) : row.label);
    output.write("\n");
    // Two keys would show the same line twice.
    const bool with_source = row.group != nullptr && row.group->within.empty();
    const std::string source = with_source ? source_text(*row.group, options, room) : "";
    if (source.empty()) continue;
    output.write(std::string(header.size() + kGap.size(), ' ') + indent + painted(source, kDim, options.color) + "\n");
  }
}

}  // namespace cli
