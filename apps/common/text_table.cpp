#include "text_table.h"

#include "size_text.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

constexpr std::string_view kCut = "...";

std::string bytes_text(std::int64_t size, bool sign, const PrintOptions& options) {
  if (!options.bytes) return size_text(size, sign);
  return sign ? fmt::format("{:+}", size) : fmt::format("{}", size);
}

std::string average_cell(const Amounts& amounts, const PrintOptions& options) {
  if (amounts.count == 0) return "";
  return options.bytes ? fmt::format("{:.0f}", average(amounts.size, amounts.count))
                       : average_text(amounts.size, amounts.count);
}

std::string share_cell(std::int64_t size, std::int64_t total) {
  return total == 0 ? "" : fmt::format("{:.1f}%", 100.0 * static_cast<double>(size) / static_cast<double>(total));
}

/// The cells behind the first, which is the row's rank or status.
std::vector<std::string> amount_cells(const Report& report, const Amounts& amounts, const PrintOptions& options) {
  const std::string size = bytes_text(amounts.size, false, options);
  const std::string count = fmt::format("{}", amounts.count);
  if (!report.compares) {
    return {size, share_cell(amounts.size, report.total.size), count, average_cell(amounts, options)};
  }
  return {size, bytes_text(amounts.size_diff, true, options), count, fmt::format("{:+}", amounts.count_diff),
          average_cell(amounts, options)};
}

TextTable::Row make_row(std::string first, std::vector<std::string> cells) {
  cells.insert(cells.begin(), std::move(first));
  return {std::move(cells), nullptr, "", 0};
}

std::int64_t trend_of(const Amounts& amounts) {
  return amounts.size_diff != 0 ? amounts.size_diff : amounts.count_diff;
}

/// The last `parts` parts of a path.
std::string_view last_parts(std::string_view path, std::size_t parts) {
  std::size_t start = path.size();
  if (parts == 0) return {};
  while (parts-- > 0) {
    start = start == 0 ? std::string_view::npos : path.rfind('/', start - 1);
    if (start == std::string_view::npos || start == 0) return path;
  }
  return path.substr(start + 1);
}

/// The last `columns` of printable text.
std::string_view last_columns(std::string_view text, std::size_t columns) {
  std::size_t start = text.size();
  while (start > 0 && columns > 0) {
    --start;
    if ((static_cast<unsigned char>(text[start]) & 0xC0U) != 0x80) --columns;
  }
  return text.substr(start);
}

std::string frame_text(const Report& report, const ReportFrame& frame, const std::optional<std::size_t>& parts) {
  std::string text = snapshot::printable(parts ? last_parts(frame.filename, *parts) : frame.filename);
  if (report.group_by != snapshot::GroupBy::filename) text += fmt::format(":{}", frame.lineno);
  return text;
}

std::string traceback_text(const Report& report, const ReportRow& row, const PrintOptions& options,
                           std::optional<std::size_t> width) {
  // Where a line is short, two parts of each path tell more than one whole path.
  constexpr std::size_t kShortParts = 2;
  const auto parts = options.filename_parts || !width ? options.filename_parts : std::optional(kShortParts);
  std::string text;
  for (std::size_t at = row.traceback.size(); at-- > 0;) {
    const std::string next = (text.empty() ? "" : " < ") + frame_text(report, row.traceback[at], parts);
    const std::string rest = at == 0 ? "" : fmt::format(" < +{}", at);
    if (width && !text.empty() && display_width(text) + display_width(next) + rest.size() > *width) {
      return text + fmt::format(" < +{}", at + 1);
    }
    text += next;
  }
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }));
}

TextTable make_text_table(const Report& report, const PrintOptions& options) {
  TextTable table;
  table.headers = report.compares
                      ? std::vector<std::string_view>{"status", "size", "size diff", "count", "count diff", "average"}
                      : std::vector<std::string_view>{"#", "size", "share", "count", "average"};
  for (const ReportRow& row : report.rows) {
    std::string first =
        report.compares ? std::string(status_name(status_of(row.amounts))) : fmt::format("{}", table.rows.size() + 1);
    table.rows.push_back(make_row(std::move(first), amount_cells(report, row.amounts, options)));
    table.rows.back().group = &row;
    table.rows.back().trend = trend_of(row.amounts);
  }
  const auto add_rest = [&](const Rest& rest, std::string label) {
    if (rest.groups == 0) return;
    // Rows of a cumulative report overlap: what the rest of them adds up to would be no amount of memory.
    std::vector<std::string> cells = report.cumulative ? std::vector<std::string>(table.headers.size() - 1)
                                                       : amount_cells(report, rest.amounts, options);
    table.rows.push_back(make_row("", std::move(cells)));
    table.rows.back().label = std::move(label);
    table.rows.back().trend = report.cumulative ? 0 : trend_of(rest.amounts);
  };
  add_rest(report.others, fmt::format("{} other{}", report.others.groups, report.others.groups == 1 ? "" : "s"));
  add_rest(report.unchanged, fmt::format("{} unchanged", report.unchanged.groups));
  table.rows.push_back(make_row("", amount_cells(report, report.total, options)));
  table.rows.back().label = "total";
  table.rows.back().trend = trend_of(report.total);
  return table;
}

std::string first_columns(const std::string& text, std::size_t columns) {
  if (display_width(text) <= columns) return text;
  const std::size_t kept = columns > kCut.size() ? columns - kCut.size() : 0;
  std::size_t end = 0;
  for (std::size_t shown = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80;
    if (begins && ++shown > kept) break;
  }
  return text.substr(0, end) + std::string(kCut);
}

std::string site_text(const Report& report, const ReportRow& row, const PrintOptions& options,
                      std::optional<std::size_t> width) {
  std::string text = row.traceback.size() > 1 ? traceback_text(report, row, options, width)
                                              : frame_text(report, row.traceback.front(), options.filename_parts);
  if (!width || display_width(text) <= *width) return text;
  const std::string_view kept = last_columns(text, *width > kCut.size() ? *width - kCut.size() : 0);
  const std::size_t slash = kept.find('/');  // whole parts read better
  return std::string(kCut) + std::string(slash == std::string_view::npos ? kept : kept.substr(slash));
}

}  // namespace cli
