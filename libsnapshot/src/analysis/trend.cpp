#include <snapshot/trend.h>

#include "trend_fit.h"

#include <algorithm>
#include <cmath>

namespace snapshot {
namespace {

// Found with tests/bench/trend_simulation.cpp, which shows what others lead to.

// Schwarz's criterion, beyond the price of one more parameter, from which on a series is no line but a step, or a line
// that ended; for the latter the late half must be slow besides.
constexpr double kStepOdds = 7;
constexpr double kSaturatedOdds = 2.5;

// Slopes of half of a series, as shares of the whole slope.
constexpr double kSlower = 0.5;      // late: a line that ended
constexpr double kEnded = 0.1;       // late: one that ended whatever the odds
constexpr double kBackwards = -0.2;  // early: not steady

// Residuals of the line (root mean square), in units of the growth over the series.
constexpr double kSmallest = 0.005;  // of its range: nothing in a process is more even than that
constexpr double kUneven = 0.1;      // from here on they may be a random walk,
constexpr double kSmooth = 1.1;      // which they are if von Neumann's ratio is below this
constexpr double kFalls = 0.15;      // and the series goes down again by this share of its way up
constexpr double kFaint = 1 / 3.2;   // growth that may be chance,
constexpr double kSure = 0.01;       // unless p is below this; of shrinking, p that is no chance

constexpr double kSwing = 0.25;     // of its level: what moves by less is flat
constexpr double kExplained = 0.9;  // share of the variance that a shape explains where growth is not significant
constexpr double kSameFit = 2;      // squares of the line, in those of a line that ended, which has a parameter more

constexpr std::size_t kMostLeftOut = 10;

bool grows(const Trend& trend, double adjusted, const TrendRules& rules) {
  return adjusted <= rules.alpha && trend.slope > 0;
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

struct Series {
  std::span<const double> positions;
  std::span<const double> values;

  Series from(std::size_t first) const { return {positions.subspan(first), values.subspan(first)}; }
  Series until(std::size_t end) const { return {positions.first(end), values.first(end)}; }
};

double slope_of(const Series& series) { return theil_sen(series.positions, series.values); }

/// How far it goes down in all, for each byte that it goes up.
double falls_of(const Series& series) {
  double up = 0;
  double down = 0;
  for (std::size_t at = 1; at < series.values.size(); ++at) {
    const double change = series.values[at] - series.values[at - 1];
    (change > 0 ? up : down) += std::abs(change);
  }
  return up > 0 ? down / up : 0;
}

/// By how much another shape with one parameter more is likelier than the line (Schwarz's criterion).
double odds(std::size_t points, double line, double other, double smallest) {
  const auto n = static_cast<double>(points);
  return n * std::log((line + smallest) / (other + smallest)) - std::log(n);
}

/// Whether the residuals of the line are those of a walk that happened to end above where it began.
bool walks(const Series& series, const TrendFits& fits, double uneven) {
  return uneven > kUneven && fits.smoothness < kSmooth && falls_of(series) > kFalls;
}

TrendClass grown_shape(const Series& series, const Trend& trend, const TrendFits& fits, double range,
                       double min_growth) {
  const std::size_t n = series.values.size();
  const double smallest = static_cast<double>(n) * kSmallest * kSmallest * range * range;
  if (fits.step < fits.saturated && odds(n, fits.line, fits.step, smallest) > kStepOdds) return TrendClass::step;

  const double late = share(slope_of(series.from(n / 2)), trend.slope);
  if (late < kEnded) return TrendClass::saturating;
  if (late < kSlower && odds(n, fits.line, fits.saturated, smallest) > kSaturatedOdds) return TrendClass::saturating;

  const double early = share(slope_of(series.until((n + 1) / 2)), trend.slope);
  const double grown = trend.slope * (series.positions.back() - series.positions.front());
  const double uneven = std::sqrt(fits.line / static_cast<double>(n)) / grown;
  const bool faint = uneven > kFaint && trend.growth.p > kSure;
  if (grown < min_growth) return TrendClass::growing;
  return early < kBackwards || faint || walks(series, fits, uneven) ? TrendClass::growing : TrendClass::leak;
}

TrendClass still_shape(const TrendFits& fits, double slope) {
  const double least = (1 - kExplained) * fits.total;
  // A line that ended is never worse than the line.
  const bool line = fits.line < least && fits.line <= kSameFit * fits.saturated;
  if (fits.step < least && fits.step <= fits.saturated) return TrendClass::step;
  if (line) return slope > 0 ? TrendClass::growing : TrendClass::shrinking;
  return fits.saturated < least ? TrendClass::saturating : TrendClass::oscillating;
}

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  return *middle;
}

/// Each mean is of the points from `at * count / means` on.
std::vector<double> means_of(std::span<const double> points, std::size_t means) {
  std::vector<double> result;
  for (std::size_t at = 0; at < means; ++at) {
    const std::size_t begin = at * points.size() / means;
    const std::size_t end = (at + 1) * points.size() / means;
    double sum = 0;
    for (const double point : points.subspan(begin, end - begin)) sum += point;
    result.push_back(sum / static_cast<double>(end - begin));
  }
  return result;
}

}  // namespace

std::string_view trend_name(TrendClass trend) {
  switch (trend) {
    case TrendClass::unknown: return "unknown";
    case TrendClass::flat: return "flat";
    case TrendClass::oscillating: return "oscillating";
    case TrendClass::shrinking: return "shrinking";
    case TrendClass::step: return "step";
    case TrendClass::saturating: return "saturating";
    case TrendClass::growing: return "growing";
    case TrendClass::leak: return "leak";
  }
  return "";
}

std::size_t warmup_of(std::size_t points, const TrendRules& rules) {
  return points > kLeastPoints ? std::min(rules.warmup, points - kLeastPoints) : 0;
}

TrendPoints trend_points(std::span<const double> positions, std::span<const double> values, const TrendRules& rules) {
  const std::size_t n = values.size();
  const std::size_t warmup = warmup_of(n, rules);
  const std::size_t points = std::min(n - warmup, kMostPoints);
  return {means_of(positions.subspan(warmup), points), means_of(values.subspan(warmup), points)};
}

Trend trend_of(std::span<const double> positions, std::span<const double> values, const TrendRules& rules) {
  const TrendPoints points = trend_points(positions, values, rules);
  const Series series{points.positions, points.values};
  Trend trend;
  trend.points = values.size();
  trend.used = series.values.size();
  if (series.values.empty()) return trend;
  const auto [low, high] = std::ranges::minmax(series.values);
  if (low == high) return trend;
  trend.growth = mann_kendall(series.values);
  trend.slope = slope_of(series);
  // The adjusted p will be no less.
  const bool may_grow = grows(trend, trend.growth.p, rules);
  const bool swings = high - low > kSwing * std::abs(median(series.values));
  if (!may_grow && !swings) return trend;
  const TrendFits fits = fit_shapes(series.positions, series.values);
  if (may_grow) trend.grown = grown_shape(series, trend, fits, high - low, rules.min_growth);
  if (swings) trend.still = still_shape(fits, trend.slope);
  return trend;
}

std::vector<double> adjusted_p(std::span<const Trend> trends, const TrendRules& rules) {
  const auto is_test = [&](const Trend& trend) { return trend.growth.least_p <= rules.alpha; };
  std::vector<double> p;
  for (const Trend& trend : trends) {
    if (is_test(trend)) p.push_back(trend.growth.p);
  }
  const std::vector<double> tests = benjamini_hochberg(p);
  std::vector<double> adjusted;
  auto next = tests.begin();
  for (const Trend& trend : trends) adjusted.push_back(is_test(trend) ? *next++ : trend.growth.p);
  return adjusted;
}

TrendClass verdict(const Trend& trend, double adjusted, const TrendRules& rules) {
  if (trend.points < kLeastPoints) return TrendClass::unknown;
  if (grows(trend, adjusted, rules)) return trend.grown;
  if (trend.growth.p_shrinking <= kSure && trend.slope < 0 && trend.still != TrendClass::step) {
    return TrendClass::shrinking;
  }
  return trend.still;
}

double confidence(std::span<const double> positions, std::span<const double> values, double adjusted,
                  const TrendRules& rules) {
  const TrendPoints points = trend_points(positions, values, rules);
  const Series series{points.positions, points.values};
  const std::size_t n = series.values.size();
  if (n < kLeastPoints) return 0;
  const TrendRules all{0, rules.alpha, rules.min_growth};
  // Of fewer points growth need not be significant: `adjusted` says how likely it is chance.
  const TrendRules any{0, 1, rules.min_growth};
  const Trend whole = trend_of(series.positions, series.values, all);
  const bool up = grows(whole, adjusted, rules);
  const auto shape = [&](const Trend& trend) { return up ? trend.grown : verdict(trend, 1, all); };
  const std::size_t times = std::min(n, kMostLeftOut);
  std::size_t same = 0;
  for (std::size_t left_out = 0; left_out < times; ++left_out) {
    std::vector<double> at;
    std::vector<double> of;
    for (std::size_t point = 0; point < n; ++point) {
      if (point % times == left_out) continue;
      at.push_back(series.positions[point]);
      of.push_back(series.values[point]);
    }
    Trend trend = trend_of(at, of, up ? any : all);
    trend.points = n;
    same += shape(trend) == verdict(whole, adjusted, all) ? 1 : 0;
  }
  return static_cast<double>(same) / static_cast<double>(times) * (up ? 1 - adjusted : 1);
}

}  // namespace snapshot
