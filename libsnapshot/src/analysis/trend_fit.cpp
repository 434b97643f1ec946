#include "trend_fit.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace snapshot {
namespace {

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squares_around(std::span<const double> values, double middle) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [=](double sum, double value) { return sum + (value - middle) * (value - middle); });
}

struct Line {
  double slope = 0;
  double start = 0;  // at position 0
};

/// Least squares.
Line line_through(std::span<const double> positions, std::span<const double> values) {
  const double x = mean(positions);
  const double y = mean(values);
  double products = 0;
  for (std::size_t at = 0; at < values.size(); ++at) products += (positions[at] - x) * (values[at] - y);
  const double squares = squares_around(positions, x);
  const double slope = squares > 0 ? products / squares : 0;
  return {slope, y - slope * x};
}

std::vector<double> residuals(std::span<const double> positions, std::span<const double> values, const Line& line) {
  std::vector<double> left;
  for (std::size_t at = 0; at < values.size(); ++at) {
    left.push_back(values[at] - line.start - line.slope * positions[at]);
  }
  return left;
}

void fit_step(std::span<const double> values, TrendFits& fits) {
  fits.step = fits.total;
  for (std::size_t second = 1; second < values.size(); ++second) {
    const double before = mean(values.first(second));
    const double after = mean(values.subspan(second));
    const double squares = squares_around(values.first(second), before) + squares_around(values.subspan(second), after);
    if (squares >= fits.step) continue;
    fits.step = squares;
    fits.jump = after - before;
  }
}

void fit_saturated(std::span<const double> positions, std::span<const double> values, TrendFits& fits) {
  fits.saturated = fits.line;
  std::vector<double> bent(positions.size());
  for (std::size_t knee = 1; knee + 1 < values.size(); ++knee) {
    std::ranges::transform(positions, bent.begin(), [&](double at) { return std::min(at, positions[knee]); });
    const Line line = line_through(bent, values);
    if (line.slope <= 0) continue;
    fits.saturated = std::min(fits.saturated, squares_around(residuals(bent, values, line), 0));
  }
}

/// The mean square of successive differences, in units of the mean square: "Distribution of the ratio of the mean
/// square successive difference to the variance", Annals of Mathematical Statistics 12 (1941).
double smoothness_of(std::span<const double> left) {
  double differences = 0;
  for (std::size_t at = 1; at < left.size(); ++at) {
    differences += (left[at] - left[at - 1]) * (left[at] - left[at - 1]);
  }
  const double squares = squares_around(left, 0);
  return squares > 0 ? differences / squares : 2;
}

}  // namespace

TrendFits fit_shapes(std::span<const double> positions, std::span<const double> values) {
  TrendFits fits;
  if (values.size() < 2) return fits;
  fits.total = squares_around(values, mean(values));
  const std::vector<double> left = residuals(positions, values, line_through(positions, values));
  fits.line = squares_around(left, 0);
  fits.smoothness = smoothness_of(left);
  fit_step(values, fits);
  fit_saturated(positions, values, fits);
  return fits;
}

}  // namespace snapshot
