#include "gate.h"

#include "parse_value.h"
#include "text_table.h"

#include <fmt/format.h>

#include <functional>
#include <limits>

namespace cli {
namespace {

constexpr std::size_t kMostNamed = 10;

std::string row_line(const ReportRow& row) {
  const std::int64_t blocks = row.amounts.count_diff;
  return fmt::format("  {}: {:+} B, {:+} block{}", site_text(row, {}, std::nullopt), row.amounts.size_diff, blocks,
                     blocks == 1 || blocks == -1 ? "" : "s");
}

/// Appends the rows that `wanted` accepts, at most `most` of them, and how many more there are.
void name_rows(std::vector<std::string>& lines, const Report& report, std::size_t most,
               const std::function<bool(const Amounts&)>& wanted) {
  std::size_t found = 0;
  for (const ReportRow& row : report.rows) {
    if (wanted(row.amounts) && found++ < most) lines.push_back(row_line(row));
  }
  if (found > most) lines.push_back(fmt::format("  and {} more", found - most));
}

}  // namespace

void GateOptions::add_to(CommandLine& command) {
  command.option(
      "--fail-above", "SIZE", [this](const std::string& text) { size = parse_size(text); },
      "Status 1 if the total grew by more than this");
  command.option(
      "--fail-site-above", "SIZE", [this](const std::string& text) { site_size = parse_size(text); },
      "Status 1 if any one row grew by more than this");
  command.option(
      "--fail-count-above", "N",
      [this](const std::string& text) {
        count = static_cast<std::int64_t>(parse_number(text, std::numeric_limits<std::int64_t>::max()));
      },
      "Status 1 if the total grew by more blocks than this");
}

std::vector<std::string> exceeded(const GateOptions& gates, const Report& rows) {
  std::vector<std::string> lines;
  const Amounts& total = rows.total;
  if (gates.size && total.size_diff > *gates.size) {
    lines.push_back(fmt::format("grew by {} B, more than --fail-above {}", total.size_diff, *gates.size));
    name_rows(lines, rows, kMostNamed, [](const Amounts& amounts) { return amounts.size_diff > 0; });
  }
  if (gates.count && total.count_diff > *gates.count) {
    lines.push_back(fmt::format("grew by {} blocks, more than --fail-count-above {}", total.count_diff, *gates.count));
    name_rows(lines, rows, kMostNamed, [](const Amounts& amounts) { return amounts.count_diff > 0; });
  }
  if (gates.site_size) {
    std::vector<std::string> sites;
    name_rows(sites, rows, rows.rows.size(),
              [&](const Amounts& amounts) { return amounts.size_diff > *gates.site_size; });
    if (!sites.empty()) {
      lines.push_back(fmt::format("{} grew by more than --fail-site-above {}",
                                  sites.size() == 1 ? "a site" : fmt::format("{} sites", sites.size()),
                                  *gates.site_size));
      lines.insert(lines.end(), sites.begin(), sites.end());
    }
  }
  return lines;
}

}  // namespace cli
