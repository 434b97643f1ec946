#include "trends.h"

#include "trend/inputs.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace cli {
namespace {

using snapshot::Trend;
using snapshot::TrendClass;

constexpr double kNanosecondsASecond = 1e9;
constexpr double kSecondsAnHour = 3600;

bool all_have_times(const std::vector<ReportSnapshot>& snapshots) {
  return std::ranges::all_of(snapshots, [](const ReportSnapshot& snapshot) { return snapshot.time.has_value(); });
}

std::vector<double> numbers(std::size_t count) {
  std::vector<double> result(count);
  std::iota(result.begin(), result.end(), 0.0);
  return result;
}

std::vector<double> as_doubles(std::span<const std::int64_t> values) { return {values.begin(), values.end()}; }

/// Leaks, then what grows, then all else.
int alarm_of(TrendClass verdict) {
  return verdict == TrendClass::leak ? 2 : static_cast<int>(verdict == TrendClass::growing);
}

template <typename Value>
int three_way(Value a, Value b) {
  return a < b ? -1 : static_cast<int>(b < a);
}

/// Sums that overlap, which have no meaning, may wrap.
void add(std::int64_t& sum, std::int64_t value) { static_cast<void>(__builtin_add_overflow(sum, value, &sum)); }

}  // namespace

std::vector<std::size_t> series_order(const std::vector<ReportSnapshot>& snapshots) {
  std::vector<std::size_t> order(snapshots.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool by_time = all_have_times(snapshots);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    if (by_time && snapshots[a].time != snapshots[b].time) return *snapshots[a].time < *snapshots[b].time;
    if ((snapshots[a].path == "-") != (snapshots[b].path == "-")) return snapshots[b].path == "-";
    return compare_natural(snapshots[a].path, snapshots[b].path) < 0;
  });
  return order;
}

Trends::Trends(const Series& series, const std::vector<ReportSnapshot>& snapshots, const snapshot::TrendRules& rules)
    : series_(series),
      rules_(rules),
      timed_(all_have_times(snapshots) && !snapshots.empty() && snapshots.front().time < snapshots.back().time),
      positions_(numbers(snapshots.size())) {
  if (timed_) {
    // Subtracted as doubles: times may be further apart than 63 bits of nanoseconds.
    const auto begin = static_cast<double>(*snapshots.front().time);
    std::ranges::transform(snapshots, positions_.begin(), [=](const ReportSnapshot& snapshot) {
      return (static_cast<double>(*snapshot.time) - begin) / kNanosecondsASecond;
    });
  }
  for (std::size_t site = 0; site < series.site_count(); ++site) {
    trends_.push_back(snapshot::trend_of(positions_, as_doubles(series.values(site)), rules_));
  }
  adjusted_ = snapshot::adjusted_p(trends_, rules_);
  for (std::size_t site = 0; site < trends_.size(); ++site) {
    verdicts_.push_back(snapshot::verdict(trends_[site], adjusted_[site], rules_));
  }
}

std::size_t Trends::tests() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(trends_, [&](const Trend& trend) { return trend.growth.least_p <= rules_.alpha; }));
}

double Trends::growth(const std::vector<std::int64_t>& values, const Trend& trend) const {
  const std::size_t first = snapshot::warmup_of(values.size(), rules_);
  return std::max(trend.slope * (positions_.back() - positions_[first]),
                  static_cast<double>(values.back()) - static_cast<double>(values[first]));
}

std::vector<std::size_t> Trends::ranked(TrendSort sort, bool reverse) const {
  std::vector<std::int64_t> last;
  for (std::size_t site = 0; site < trends_.size(); ++site) last.push_back(series_.values(site).back());
  const auto compare = [&](std::size_t a, std::size_t b) {
    if (sort == TrendSort::name) return series_.compare(b, a);
    int answer = 0;
    if (sort == TrendSort::standard) answer = three_way(alarm_of(verdicts_[a]), alarm_of(verdicts_[b]));
    if (sort == TrendSort::last) answer = three_way(last[a], last[b]);
    if (answer == 0) answer = three_way(trends_[a].slope, trends_[b].slope);
    if (answer == 0) answer = three_way(last[a], last[b]);
    return answer != 0 ? answer : series_.compare(b, a);
  };
  std::vector<std::size_t> order(trends_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order,
                    [&](std::size_t a, std::size_t b) { return reverse ? compare(a, b) < 0 : compare(a, b) > 0; });
  return order;
}

TrendRow Trends::row_of(std::vector<std::int64_t> values, const Trend& trend, double adjusted,
                        std::optional<std::int64_t> limit_size) const {
  TrendRow result;
  result.trend = trend;
  result.adjusted = adjusted;
  result.verdict = snapshot::verdict(trend, adjusted, rules_);
  const std::vector<double> exact = as_doubles(values);
  result.confidence = snapshot::confidence(positions_, exact, adjusted, rules_);
  const snapshot::TrendPoints points = snapshot::trend_points(numbers(exact.size()), exact, rules_);
  result.per_interval = snapshot::theil_sen(points.positions, points.values);
  if (timed_) result.per_hour = trend.slope * kSecondsAnHour;
  if (limit_size && alarm_of(result.verdict) > 0) {
    const double missing = static_cast<double>(*limit_size) - exact.back();
    result.until = std::max(0.0, missing / result.per_hour.value_or(trend.slope));
  }
  result.values = std::move(values);
  return result;
}

TrendRow Trends::row(std::size_t site, std::optional<std::int64_t> limit_size) const {
  TrendRow result = row_of(series_.values(site), trends_[site], adjusted_[site], limit_size);
  result.site = series_.row(site);
  return result;
}

TrendRow Trends::alone(const std::vector<std::int64_t>& values, std::optional<std::int64_t> limit_size) const {
  const Trend trend = snapshot::trend_of(positions_, as_doubles(values), rules_);
  return row_of(values, trend, trend.growth.p, limit_size);
}

void Trends::fill(TrendReport& report, std::span<const std::size_t> order, std::optional<std::size_t> limit,
                  bool with_outside) const {
  const std::size_t shown = std::min(limit.value_or(order.size()), order.size());
  for (const std::size_t site : order.first(shown)) report.rows.push_back(row(site, report.limit_size));
  for (const std::size_t site : order.subspan(shown)) {
    const std::vector<std::int64_t> values = series_.values(site);
    ++report.others.groups;
    add(report.others.first, values.front());
    add(report.others.last, values.back());
  }
  report.total = alone(series_.totals(), report.limit_size);
  if (with_outside) report.outside = alone(series_.outside(), report.limit_size);
  report.timed = timed_;
  report.rules = rules_;
  report.warmup = snapshot::warmup_of(series_.snapshot_count(), rules_);
  report.used = report.total.trend.used;
  report.tests = tests();
}

}  // namespace cli
