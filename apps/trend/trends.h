#pragma once

#include "trend/report.h"
#include "trend/series.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// The order of a series: that of the times that its snapshots tell; where one of them tells none, that of their names,
/// with standard input last.
std::vector<std::size_t> series_order(const std::vector<ReportSnapshot>& snapshots);

/// What each group of a series does.
class Trends {
 public:
  /// `snapshots` are those of the series, in its order. Both must outlive this.
  Trends(const Series& series, const std::vector<ReportSnapshot>& snapshots, const snapshot::TrendRules& rules);

  bool timed() const { return timed_; }
  std::size_t tests() const;  ///< groups whose growth could be significant

  /// The groups in the order of a report.
  std::vector<std::size_t> ranked(TrendSort sort, bool reverse) const;

  snapshot::TrendClass verdict(std::size_t site) const { return verdicts_[site]; }

  /// What it grew by over the points that its verdict looks at, by their slope or from end to end, whichever is more: a
  /// large first point, or a dip at the last, hides nothing.
  double growth(std::size_t site) const { return growth(series_.values(site), trends_[site]); }
  double growth(const std::vector<std::int64_t>& values, const snapshot::Trend& trend) const;

  /// Puts the first groups of an order into a report, and what the rest adds up to; and the total.
  void fill(TrendReport& report, std::span<const std::size_t> order, std::optional<std::size_t> limit,
            bool with_outside) const;

  /// One group, with all that is told of rows that are shown.
  TrendRow row(std::size_t site, std::optional<std::int64_t> limit_size) const;

 private:
  TrendRow row_of(std::vector<std::int64_t> values, const snapshot::Trend& trend, double adjusted,
                  std::optional<std::int64_t> limit_size) const;
  TrendRow alone(const std::vector<std::int64_t>& values, std::optional<std::int64_t> limit_size) const;

  const Series& series_;
  snapshot::TrendRules rules_;
  bool timed_;
  std::vector<double> positions_;  // seconds since the first snapshot, else numbers
  std::vector<snapshot::Trend> trends_;
  std::vector<double> adjusted_;
  std::vector<snapshot::TrendClass> verdicts_;
};

}  // namespace cli
