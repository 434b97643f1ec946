#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace snapshot {

/// Whether a series grows, by the signs of the differences between its values alone: H. B. Mann, "Nonparametric tests
/// against trend", Econometrica 13 (1945); M. G. Kendall, "Rank correlation methods" (1975).
struct MannKendall {
  std::int64_t s = 0;      ///< pairs that grow, less pairs that shrink
  double p = 1;            ///< one-sided: how likely values in a random order have an s that is at least as large
  double p_shrinking = 1;  ///< or one that is at most as large
  double least_p = 1;      ///< that of the order in which all grow: 1 where all are equal
  bool exact = true;       ///< these are counted over all orders; else they are of a normal distribution
};

/// The values that p is exact for, at most: beyond, the number of their orders leaves 64 bits.
inline constexpr std::size_t kMostExact = 20;

/// Ties are counted exactly up to kMostExact values; beyond, the variance is corrected for them, and s for continuity.
/// O(n^2).
MannKendall mann_kendall(std::span<const double> values);

/// The median slope between two points: H. Theil (1950); P. K. Sen, "Estimates of the regression coefficient based on
/// Kendall's tau", JASA 63 (1968). Pairs without distance are left out; 0 where there is none. O(n^2).
double theil_sen(std::span<const double> positions, std::span<const double> values);

/// What each of several p becomes when all are looked at: the least rate of false discoveries at which it counts
/// (Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995)). In the order given.
/// O(n log n).
std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace snapshot
