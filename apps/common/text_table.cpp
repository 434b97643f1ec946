#include "text_table.h"

#include "size_text.h"
#include "trace_text.h"

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

/// The cells behind the first, which is the row's rank or status.
std::vector<std::string> amount_cells(const Report& report, const Amounts& amounts, const PrintOptions& options) {
  const std::string size = bytes_text(amounts.size, false, options);
  const std::string count = fmt::format("{}", amounts.count);
  if (!report.compares) {
    return {size, share_text(amounts.size, report.total.size), count, average_cell(amounts, options)};
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

std::string path_text(std::string_view path, const std::optional<std::size_t>& parts) {
  return snapshot::printable(parts ? last_parts(path, *parts) : path);
}

std::string frame_text(const ReportRow& row, const ReportFrame& frame, const std::optional<std::size_t>& parts) {
  std::string text = path_text(frame.filename, parts);
  if (row.by != snapshot::GroupBy::filename) text += fmt::format(":{}", frame.lineno);
  return text;
}

std::string traceback_text(const ReportRow& row, const PrintOptions& options, std::optional<std::size_t> width) {
  // Where a line is short, two parts of each path tell more than one whole path.
  constexpr std::size_t kShortParts = 2;
  const auto parts = options.filename_parts || !width ? options.filename_parts : std::optional(kShortParts);
  std::string text;
  for (std::size_t at = row.traceback.size(); at-- > 0;) {
    const std::string next = (text.empty() ? "" : " < ") + frame_text(row, row.traceback[at], parts);
    const std::string rest = at == 0 ? "" : fmt::format(" < +{}", at);
    if (width && !text.empty() && display_width(text) + display_width(next) + rest.size() > *width) {
      return text + fmt::format(" < +{}", at + 1);
    }
    text += next;
  }
  return text;
}

}  // namespace

std::string_view last_parts(std::string_view path, std::size_t parts) {
  std::size_t start = path.size();
  if (parts == 0) return {};
  while (parts-- > 0) {
    start = start == 0 ? std::string_view::npos : path.rfind('/', start - 1);
    if (start == std::string_view::npos || start == 0) return path;
  }
  return path.substr(start + 1);
}

std::string_view last_columns(std::string_view text, std::size_t columns) {
  std::size_t start = text.size();
  while (start > 0 && columns > 0) {
    --start;
    if ((static_cast<unsigned char>(text[start]) & 0xC0U) != 0x80) --columns;
  }
  return text.substr(start);
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }));
}

std::string function_text(const ReportRow& row, const std::optional<std::size_t>& parts) {
  const ReportFrame& frame = row.traceback.front();
  const std::string function = frame.function ? snapshot::printable(*frame.function) : "unknown function";
  return function + " (" + path_text(frame.filename, parts) + ")";
}

namespace {

/// The whole name of a group.
std::string whole_site(const ReportRow& row, const PrintOptions& options) {
  if (row.by == snapshot::GroupBy::function) return function_text(row, options.filename_parts);
  if (!row.traceback.empty()) return frame_text(row, row.traceback.front(), options.filename_parts);
  const bool is_path = row.by == snapshot::GroupBy::directory || row.by == snapshot::GroupBy::module;
  return path_text(row.key, is_path ? options.filename_parts : std::nullopt);
}

/// "a.tms: ", which is cut first where a line is short.
std::string snapshot_prefix(const ReportRow& row) {
  return snapshot::printable(snapshot::text_from_bytes(row.snapshot)) + ": ";
}

/// The rows of a report, as they come in a table.
class Rows {
 public:
  Rows(const Report& report, const PrintOptions& options, TextTable& table)
      : report_(report), options_(options), table_(table) {}

  void add(const ReportRow& row, std::string first, std::size_t level) {
    if (report_.compares) first = std::string(status_name(status_of(row.amounts)));
    add_line(std::move(first), row.amounts, level);
    table_.rows.back().group = &row;
    for (const ReportRow& inner : row.within) add(inner, "", level + 1);
    if (row.within.empty()) return;
    add_others(row.others, level + 1);
    add_unchanged(row.unchanged, level + 1);
  }

  void add_others(const Rest& rest, std::size_t level) {
    add_rest(rest, fmt::format("{} other{}", rest.groups, rest.groups == 1 ? "" : "s"), level);
  }
  void add_unchanged(const Rest& rest, std::size_t level) {
    add_rest(rest, fmt::format("{} unchanged", rest.groups), level);
  }
  void add_sum(const Amounts& amounts, std::string label) {
    add_line("", amounts, 0);
    table_.rows.back().label = std::move(label);
  }

 private:
  void add_line(std::string first, const Amounts& amounts, std::size_t level) {
    table_.rows.push_back(make_row(std::move(first), amount_cells(report_, amounts, options_)));
    table_.rows.back().trend = trend_of(amounts);
    table_.rows.back().level = level;
  }

  void add_rest(const Rest& rest, std::string label, std::size_t level) {
    if (rest.groups == 0) return;
    add_line("", rest.amounts, level);
    TextTable::Row& row = table_.rows.back();
    row.label = std::move(label);
    if (!report_.cumulative) return;
    // Rows of a cumulative report overlap: what the rest of them adds up to would be no amount of memory.
    row.cells.assign(table_.headers.size(), "");
    row.trend = 0;
  }

  const Report& report_;
  const PrintOptions& options_;
  TextTable& table_;
};

}  // namespace

TextTable make_text_table(const Report& report, const PrintOptions& options) {
  TextTable table;
  table.headers = report.compares
                      ? std::vector<std::string_view>{"status", "size", "size diff", "count", "count diff", "average"}
                      : std::vector<std::string_view>{"#", "size", "share", "count", "average"};
  Rows rows(report, options, table);
  std::size_t rank = 0;
  for (const ReportRow& row : report.rows) rows.add(row, fmt::format("{}", ++rank), 0);
  rows.add_others(report.others, 0);
  rows.add_unchanged(report.unchanged, 0);
  if (report.outside) rows.add_sum(report.outside->amounts, "outside the project");
  rows.add_sum(report.total, "total");
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

std::string site_text(const ReportRow& row, const PrintOptions& options, std::optional<std::size_t> width) {
  std::string text = row.traceback.size() > 1 ? traceback_text(row, options, width) : whole_site(row, options);
  if (!row.snapshot.empty()) text = snapshot_prefix(row) + text;
  if (!width || display_width(text) <= *width) return text;
  const std::string_view kept = last_columns(text, *width > kCut.size() ? *width - kCut.size() : 0);
  const std::size_t slash = kept.find('/');  // whole parts read better
  return std::string(kCut) + std::string(slash == std::string_view::npos ? kept : kept.substr(slash));
}

}  // namespace cli
