#include "trend/print.h"

#include "common/column_layout.h"
#include "common/painted.h"
#include "common/row_text.h"
#include "common/size_text.h"
#include "common/text_table.h"
#include "common/trace_text.h"
#include "trend/sparkline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {
namespace {

constexpr std::size_t kMostBars = 16;    // of a sparkline
constexpr std::size_t kLeftColumns = 2;  // class and trend are text, the others numbers

struct Line {
  std::vector<std::string> cells;
  const TrendRow* group = nullptr;  ///< null for the rest and the totals, where `label` stands for the site
  std::string label = {};
  std::string_view color = {};
};

struct Table {
  std::vector<std::string> headers;
  std::vector<Line> rows;
};

std::string amount_text(std::int64_t amount, const TrendReport& report, const TrendStyle& style) {
  if (report.quantity == TrendQuantity::count || style.print.bytes) return fmt::format("{}", amount);
  return size_text(amount);
}

/// What it grows by in a unit of time, which need not be whole.
std::string rate_text(double rate, const TrendReport& report, const TrendStyle& style) {
  if (report.quantity == TrendQuantity::count || style.print.bytes) return fmt::format("{:+.1f}", rate + 0.0);
  return size_text(std::llround(std::clamp(rate, -0x1p62, 0x1p62)), true);
}

std::string until_text(double until, bool timed) {
  if (until == 0) return "reached";
  if (!timed) return fmt::format("{:.0f} intervals", std::ceil(until));
  if (until < 1) return fmt::format("{:.0f} min", until * 60);
  if (until < 48) return fmt::format("{:.1f} h", until);
  constexpr double kDay = 24;
  constexpr double kYear = 365.25 * kDay;
  return until < 2 * kYear ? fmt::format("{:.0f} d", until / kDay) : fmt::format("{:.0f} y", until / kYear);
}

std::string_view color_of(snapshot::TrendClass verdict) {
  switch (verdict) {
    case snapshot::TrendClass::leak: return kRed;
    case snapshot::TrendClass::growing: return kYellow;
    case snapshot::TrendClass::shrinking: return kGreen;
    default: return "";
  }
}

std::vector<std::string> headers_of(const TrendReport& report) {
  std::vector<std::string> headers{"class", "trend", "first", "last", "per interval"};
  if (report.timed) headers.emplace_back("per hour");
  headers.push_back(fmt::format("p, n={}", report.used));
  headers.emplace_back("confidence");
  if (report.limit_size) headers.push_back("until " + report.limit_text);
  return headers;
}

Line line_of(const TrendRow& row, const TrendReport& report, const TrendStyle& style) {
  std::vector<std::string> cells{
      std::string(snapshot::trend_name(row.verdict)), sparkline(row.values, kMostBars, style.ascii),
      amount_text(row.values.front(), report, style), amount_text(row.values.back(), report, style),
      rate_text(row.per_interval, report, style)};
  if (report.timed) cells.push_back(rate_text(*row.per_hour, report, style));
  const bool judged = row.verdict != snapshot::TrendClass::unknown;
  cells.push_back(judged ? p_text(row.adjusted) : "");
  cells.push_back(judged ? fmt::format("{:.0f}%", 100 * row.confidence) : "");
  if (report.limit_size) cells.push_back(row.until ? until_text(*row.until, report.timed) : "");
  return {std::move(cells), &row, "", color_of(row.verdict)};
}

Line labelled(const TrendRow& row, std::string label, const TrendReport& report, const TrendStyle& style) {
  Line line = line_of(row, report, style);
  line.group = nullptr;
  line.label = std::move(label);
  return line;
}

Line others_line(const TrendReport& report, const TrendStyle& style) {
  Line line{std::vector<std::string>(headers_of(report).size())};
  line.label = fmt::format("{} other{}", report.others.groups, report.others.groups == 1 ? "" : "s");
  line.color = kDim;
  if (report.cumulative) return line;  // rows overlap: their sums would be no amount of memory
  line.cells[2] = amount_text(report.others.first, report, style);
  line.cells[3] = amount_text(report.others.last, report, style);
  return line;
}

Table make_table(const TrendReport& report, const TrendStyle& style) {
  Table table{headers_of(report), {}};
  for (const TrendRow& row : report.rows) table.rows.push_back(line_of(row, report, style));
  if (report.others.groups > 0) table.rows.push_back(others_line(report, style));
  if (report.outside) table.rows.push_back(labelled(*report.outside, "outside the project", report, style));
  table.rows.push_back(labelled(report.total, "total", report, style));
  return table;
}

/// Leaves out what matters least while a site would not fit into the line.
void drop_columns(Table& table, std::size_t width) {
  for (const std::string_view name : {"per interval", "first", "p, n=", "confidence", "trend"}) {
    if (has_room_for_site(table, width)) return;
    // How fast it grows is to be seen one way or the other.
    const bool by_hour = std::ranges::find(table.headers, "per hour") != table.headers.end();
    if (name != "per interval" || by_hour) drop_column(table, name);
  }
}

}  // namespace

std::string p_text(double p) { return p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p); }

void print_trend_table(const TrendReport& report, const TrendStyle& style, Output& output) {
  Table table = make_table(report, style);
  if (style.print.width) drop_columns(table, *style.print.width);
  const std::size_t left =
      std::ranges::find(table.headers, "trend") != table.headers.end() ? kLeftColumns : kLeftColumns - 1;
  const std::vector<std::size_t> widths = column_widths(table);
  const std::optional<std::size_t> room = site_width(widths, style.print.width);

  output.write(painted(padded(table.headers, widths, left) + "site", kBold, style.print.color) + "\n");
  for (const Line& line : table.rows) {
    output.write(painted(padded(line.cells, widths, left), line.color, style.print.color));
    output.write((line.group != nullptr ? site_text(line.group->site, style.print, room) : line.label) + "\n");
  }
}

void print_trend_markdown(const TrendReport& report, const TrendStyle& style, Output& output) {
  const Table table = make_table(report, style);
  std::string header = "|";
  std::string rule = "|";
  for (std::size_t at = 0; at < table.headers.size(); ++at) {
    header += " " + table.headers[at] + " |";
    rule += at < kLeftColumns ? " --- |" : " ---: |";
  }
  output.write(header + " site |\n" + rule + " --- |\n");
  for (const Line& line : table.rows) {
    std::string text = "|";
    for (const std::string& cell : line.cells) text += " " + cell + " |";
    const bool is_group = line.group != nullptr;
    text += " " + (is_group ? markdown_code(site_text(line.group->site, style.print, std::nullopt)) : line.label);
    output.write(text + " |\n");
  }
}

}  // namespace cli
