#pragma once

#include <snapshot/mann_kendall.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace snapshot {

/// What a series of amounts does, from the least to the most alarming.
enum class TrendClass {
  unknown,      ///< too few points for a verdict
  flat,         ///< stays where it is
  oscillating,  ///< goes up and down, by more than a quarter of its level
  shrinking,    ///<
  step,         ///< one level, then another
  saturating,   ///< grew, and grows no more or much less: a cache that fills
  growing,      ///< grows, but wanders too much, was seen too seldom, or grows too little to be called a leak
  leak,         ///< grows steadily to its end
};

std::string_view trend_name(TrendClass trend);

/// Points below which there is no verdict. (With the warm-up left out, four points remain of five, and their order is
/// significant only if all grow.)
inline constexpr std::size_t kLeastPoints = 4;

struct TrendRules {
  std::size_t warmup = 1;  ///< first points that are left out, as long as kLeastPoints remain
  double alpha = 0.05;     ///< growth that is at most so likely to be chance is significant
  double min_growth = 0;   ///< over the series: what grows less is no leak
};

/// More points than these are looked at as the means of as many neighbours each, since the time grows with their
/// square.
inline constexpr std::size_t kMostPoints = 256;

/// First points of so many that are left out.
std::size_t warmup_of(std::size_t points, const TrendRules& rules);

struct TrendPoints {
  std::vector<double> positions;
  std::vector<double> values;
};

/// What a verdict looks at: the series without its warm-up, and at most kMostPoints of it.
TrendPoints trend_points(std::span<const double> positions, std::span<const double> values, const TrendRules& rules);

/// What one series says by itself.
struct Trend {
  std::size_t points = 0;  ///< all of them
  std::size_t used = 0;    ///< those that verdicts look at: trend_points()
  MannKendall growth;
  double slope = 0;  ///< Theil-Sen, per unit of the positions
  TrendClass grown =
      TrendClass::flat;  ///< what it is if its adjusted p is significant: step, saturating, growing, leak
  TrendClass still = TrendClass::flat;  ///< and if not: any but leak
};

/// `positions` are times or numbers that do not descend, one a value. O(n), and O(used^2).
Trend trend_of(std::span<const double> positions, std::span<const double> values, const TrendRules& rules);

/// The p of each, as Benjamini and Hochberg adjust them for the series that are looked at together. Series that cannot
/// be significant whatever their order, such as constant ones, do not count as looked at (P. B. Gilbert, "A modified
/// false discovery rate multiple-comparisons procedure for discrete data", Applied Statistics 54 (2005)).
std::vector<double> adjusted_p(std::span<const Trend> trends, const TrendRules& rules);

/// The verdict, with the adjusted p.
TrendClass verdict(const Trend& trend, double adjusted, const TrendRules& rules);

/// How sure the verdict is, from 0 to 1: the share of the same verdicts when a tenth of the points (at least one) is
/// left out in turn, times 1 - `adjusted` where growth is significant. Ten times the time of trend_of().
double confidence(std::span<const double> positions, std::span<const double> values, double adjusted,
                  const TrendRules& rules);

}  // namespace snapshot
