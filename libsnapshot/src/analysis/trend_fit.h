#pragma once

#include <span>

namespace snapshot {

/// Sums of squared residuals of the shapes that a series may have, each as small as that shape can make it.
struct TrendFits {
  double line = 0;
  double step = 0;        ///< two levels
  double saturated = 0;   ///< a line to some point, and its level from there
  double total = 0;       ///< one level
  double jump = 0;        ///< of the best step: how far the second level is above the first
  double smoothness = 2;  ///< of the residuals of the line: J. von Neumann's ratio; 2 for noise, near 0 for a curve
};

/// `positions` do not descend. O(n^2).
TrendFits fit_shapes(std::span<const double> positions, std::span<const double> values);

}  // namespace snapshot
