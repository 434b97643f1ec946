#include "recorder/sampling.h"

namespace snapshot::recorder {
namespace {

/// The natural logarithm of a number in (0, 1]: the C library's would do, but this needs no library and no errno.
/// Halving to [sqrt(1/2), sqrt(2)) and the series of artanh; exact to 1e-9, which no sample notices.
double log_of(double value) {
  int exponent = 0;
  while (value < 0.70710678118654752) {
    value *= 2;
    --exponent;
  }
  const double z = (value - 1) / (value + 1);
  const double square = z * z;
  double term = z;
  double sum = 0;
  for (int odd = 1; odd < 22; odd += 2) {
    sum += term / odd;
    term *= square;
  }
  return 2 * sum + exponent * 0.69314718055994531;
}

}  // namespace

std::uint64_t next_random(std::uint64_t& state) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1d;
}

std::int64_t next_sample(std::uint64_t& random, std::uint64_t mean) {
  if (random == 0) random = 0x9e3779b97f4a7c15;
  constexpr double kUnit = 1.0 / static_cast<double>(std::uint64_t{1} << 53);
  const double uniform = (static_cast<double>(next_random(random) >> 11) + 1) * kUnit;  // (0, 1]
  return static_cast<std::int64_t>(-log_of(uniform) * static_cast<double>(mean)) + 1;
}

}  // namespace snapshot::recorder
