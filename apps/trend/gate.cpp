#include "gate.h"

#include "common/text_table.h"
#include "trend/print.h"

#include <fmt/format.h>

#include <algorithm>

namespace cli {
namespace {

std::string line_of(const TrendRow& row, const std::string& site, const TrendReport& report) {
  std::string line = fmt::format("  {}: {}: {:+}", snapshot::trend_name(row.verdict), site, row.growth());
  line += report.quantity == TrendQuantity::size    ? " B"
          : row.growth() == 1 || row.growth() == -1 ? " block"
                                                    : " blocks";
  return line + fmt::format(" in {} snapshots, p {}, confidence {:.0f}%", row.values.size(), p_text(row.adjusted),
                            100 * row.confidence);
}

}  // namespace

std::vector<std::string> refused(const TrendOptions& options, const Trends& trends, const TrendReport& report,
                                 std::span<const std::size_t> order) {
  const auto fails = [&](snapshot::TrendClass verdict, double growth) {
    if (std::ranges::find(options.fail_on, verdict) == options.fail_on.end()) return false;
    return verdict < snapshot::TrendClass::step || growth >= options.rules.min_growth;
  };
  std::vector<std::string> lines;
  for (const std::size_t site : order) {
    if (!fails(trends.verdict(site), trends.growth(site))) continue;
    const TrendRow row = trends.row(site, std::nullopt);
    lines.push_back(line_of(row, site_text(row.site, {}, std::nullopt), report));
  }
  if (fails(report.total.verdict, trends.growth(report.total.values, report.total.trend)))
    lines.push_back(line_of(report.total, "total", report));
  if (!lines.empty()) {
    const bool one = lines.size() == 1;
    lines.insert(lines.begin(),
                 fmt::format("{} row{} of a class that --fail-on names", lines.size(), one ? " is" : "s are"));
  }
  return lines;
}

std::string undecided(const TrendReport& report) {
  // Of points without ties just one order of all grows.
  double orders = 1;
  std::size_t points = 0;
  while (points < report.used || orders * report.rules.alpha < static_cast<double>(report.tests)) {
    orders *= static_cast<double>(++points);
  }
  if (points == report.used) return "";
  return fmt::format("too few snapshots to tell one group's growth from chance among {}: takes {}, not {}",
                     report.tests, points + report.rules.warmup, report.snapshots.size());
}

}  // namespace cli
