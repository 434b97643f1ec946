#include "recorder/sampling.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

using namespace snapshot::recorder;

TEST_CASE("samples are exponentially far from each other, with the mean that is asked for") {
  std::uint64_t random = 42;
  constexpr std::uint64_t kMean = 512 * 1024;
  constexpr int kSamples = 200'000;
  double sum = 0;
  int beyond = 0;
  for (int i = 0; i < kSamples; ++i) {
    const std::int64_t next = next_sample(random, kMean);
    CHECK(next > 0);
    sum += static_cast<double>(next);
    if (next > static_cast<std::int64_t>(kMean)) ++beyond;
  }
  CHECK(sum / kSamples == doctest::Approx(kMean).epsilon(0.01));
  CHECK(beyond / double{kSamples} == doctest::Approx(std::exp(-1.0)).epsilon(0.02));
}
