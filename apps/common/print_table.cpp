#include "column_layout.h"
#include "painted.h"
#include "printer.h"
#include "text_table.h"

#include <snapshot/utf8.h>

#include <algorithm>

namespace cli {
namespace {

/// Leaves out what matters least while a site would not fit into the line.
void drop_columns(TextTable& table, std::size_t line) {
  for (const std::string_view name : {"average", "share"}) {
    if (!has_room_for_site(table, line)) drop_column(table, name);
  }
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
  const std::size_t left = report.compares ? 1 : 0;
  const std::string header = padded(table.headers, widths, left);
  output.write(painted(header + "site", kBold, options.color) + "\n");

  for (const TextTable::Row& row : table.rows) {
    const std::string indent(row.level * kGap.size(), ' ');
    const auto room = site ? std::optional(*site - std::min(*site, indent.size())) : std::nullopt;
    output.write(painted(padded(row.cells, widths, left), color_of(row, report.compares), options.color) + indent);
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
