#include <snapshot/trend.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

using snapshot::Trend;
using snapshot::TrendClass;
using Values = std::vector<double>;

namespace {

Values numbers(std::size_t n) {
  Values at(n);
  std::iota(at.begin(), at.end(), 0.0);
  return at;
}

Trend trend(const Values& values, const snapshot::TrendRules& rules = {}) {
  return snapshot::trend_of(numbers(values.size()), values, rules);
}

TrendClass class_of(const Values& values, const snapshot::TrendRules& rules = {}) {
  const Trend found = trend(values, rules);
  return snapshot::verdict(found, found.growth.p, rules);
}

double sure(const Values& values) {
  return snapshot::confidence(numbers(values.size()), values, trend(values).growth.p, {});
}

const Values kLeak{100, 112, 119, 131, 140, 152, 160, 169, 181, 190};
const Values kCache{100, 150, 200, 250, 300, 301, 300, 302, 301, 302};
const Values kStep{100, 101, 100, 102, 101, 200, 201, 200, 202, 201};
const Values kSawtooth{100, 150, 200, 100, 150, 200, 100, 150, 200, 100};
const Values kFlat{100, 101, 99, 100, 102, 98, 101, 100, 99, 101};

}  // namespace

TEST_CASE("what grows steadily to its end is a leak") {
  CHECK(class_of(kLeak) == TrendClass::leak);
  CHECK(trend(kLeak).slope == doctest::Approx(10).epsilon(0.05));
}

TEST_CASE("growth that ended is a cache that filled") { CHECK(class_of(kCache) == TrendClass::saturating); }

TEST_CASE("two levels are a step, up or down") {
  CHECK(class_of(kStep) == TrendClass::step);
  CHECK(class_of(Values(kStep.rbegin(), kStep.rend())) == TrendClass::step);
}

TEST_CASE("up and down is oscillating, where it is much, and flat where it is little") {
  CHECK(class_of(kSawtooth) == TrendClass::oscillating);
  CHECK(class_of(kFlat) == TrendClass::flat);
  CHECK(class_of(Values(10, 100.0)) == TrendClass::flat);
  CHECK(class_of(Values(10, 0.0)) == TrendClass::flat);
}

TEST_CASE("what gets less is shrinking") {
  CHECK(class_of(Values(kLeak.rbegin(), kLeak.rend())) == TrendClass::shrinking);
}

TEST_CASE("growth that goes back half of its way is not steady") {
  Values wave;
  for (const double at : numbers(20)) wave.push_back(200 + 10 * at + 40 * std::sin(at * 0.8));
  CHECK(class_of(wave) == TrendClass::growing);
}

TEST_CASE("a leak that gets faster, and one in bursts, are leaks") {
  CHECK(class_of({100, 101, 104, 109, 116, 125, 136, 149, 164, 181}) == TrendClass::leak);
  CHECK(class_of({100, 100, 120, 120, 120, 140, 140, 160, 160, 180, 180, 200}) == TrendClass::leak);
}

TEST_CASE("what grows by too little is growing, however steadily") {
  CHECK(class_of(kLeak, {.min_growth = 81}) == TrendClass::growing);
  CHECK(class_of(kLeak, {.min_growth = 70}) == TrendClass::leak);
  CHECK(class_of(kCache, {.min_growth = 1000}) == TrendClass::saturating);
}

TEST_CASE("fewer than four points have no verdict, and four have one") {
  CHECK(class_of({1, 2, 3}) == TrendClass::unknown);
  CHECK(class_of({}) == TrendClass::unknown);
  CHECK(class_of({100, 200, 300, 400}) == TrendClass::leak);
  CHECK(class_of({100, 200, 300, 290}) != TrendClass::leak);
}

TEST_CASE("the warm-up is left out as long as four points remain") {
  CHECK(trend(kLeak).points == 10);
  CHECK(trend(kLeak).used == 9);
  CHECK(trend(kLeak, {.warmup = 3}).used == 7);
  CHECK(trend(kLeak, {.warmup = 100}).used == 4);
  CHECK(trend({1, 2, 3, 4}).used == 4);
  const Values started{0, 100, 101, 99, 100, 101, 100, 99};
  CHECK(class_of(started) == TrendClass::flat);
  CHECK(class_of(started, {.warmup = 0}) != TrendClass::flat);
}

TEST_CASE("a long series is looked at as means of neighbours") {
  Values long_leak;
  Values long_flat;
  for (std::size_t at = 0; at < 10001; ++at) {
    const auto noise = static_cast<double>(at * 7919 % 997);
    long_leak.push_back(5000 + 0.5 * static_cast<double>(at) + noise);
    long_flat.push_back(5000 + noise);
  }
  CHECK(trend(long_leak).points == 10001);
  CHECK(trend(long_leak).used == snapshot::kMostPoints);
  CHECK(trend(long_leak).slope == doctest::Approx(0.5).epsilon(0.01));
  CHECK(class_of(long_leak) == TrendClass::leak);
  CHECK(sure(long_leak) > 0.99);
  CHECK(class_of(long_flat) == TrendClass::flat);

  const auto points = snapshot::trend_points(numbers(1025), numbers(1025), {});
  REQUIRE(points.values.size() == 256);
  CHECK(points.values[0] == 2.5);  // of 1, 2, 3 and 4
  CHECK(points.positions == points.values);
  CHECK(snapshot::trend_points(numbers(257), numbers(257), {}).values.back() == 256);
}

TEST_CASE("the verdict is the same in other units") {
  for (const Values& values : {kLeak, kCache, kStep, kSawtooth, kFlat}) {
    Values larger = values;
    for (double& value : larger) value *= 1048576;
    CHECK(class_of(larger) == class_of(values));
  }
}

TEST_CASE("growth is judged by time where the times are uneven") {
  // Even in time; by number a leap.
  const Values times{0, 1, 2, 3, 4, 30, 31, 32, 33, 34};
  Values values;
  for (const double time : times) values.push_back(1000 + 7 * time);
  const Trend in_time = snapshot::trend_of(times, values, {});
  CHECK(in_time.slope == doctest::Approx(7));
  CHECK(snapshot::verdict(in_time, in_time.growth.p, {}) == TrendClass::leak);
  CHECK(class_of(values) == TrendClass::step);
}

TEST_CASE("times that are all the same give no verdict of growth") {
  const Trend found = snapshot::trend_of(Values(10, 5.0), kLeak, {});
  CHECK(found.slope == 0);
  CHECK(snapshot::verdict(found, found.growth.p, {}) != TrendClass::leak);
}

TEST_CASE("the more series are looked at, the surer one has to be") {
  const Values slow{100, 104, 101, 105, 103, 107, 104, 108};
  std::vector<Trend> trends(1, trend(slow));
  CHECK(snapshot::adjusted_p(trends, {})[0] == trends[0].growth.p);
  for (int more = 0; more < 99; ++more) trends.push_back(trend(kFlat));
  CHECK(snapshot::adjusted_p(trends, {})[0] > 0.05);
}

TEST_CASE("series that could not be significant are not among those that are looked at") {
  std::vector<Trend> trends(1, trend(kLeak));
  for (int more = 0; more < 1000; ++more) trends.push_back(trend(Values(10, 8.0)));
  trends.push_back(trend({1, 1, 1, 1, 1, 1, 1, 1, 1, 2}));  // nine equal: p is at best 1/9
  CHECK(snapshot::adjusted_p(trends, {})[0] == trends[0].growth.p);
}

TEST_CASE("what is clear is sure, whatever point is left out") {
  CHECK(sure(kLeak) > 0.99);
  CHECK(sure(kCache) > 0.99);
  CHECK(sure(kStep) > 0.99);
  CHECK(sure(Values(10, 100.0)) == 1);
  CHECK(sure({1, 2, 3}) == 0);
}

TEST_CASE("growth that is called so for its amount alone is as sure") {
  const snapshot::TrendRules rules{.min_growth = 1000};
  CHECK(snapshot::confidence(numbers(10), kLeak, trend(kLeak).growth.p, rules) > 0.99);
}

TEST_CASE("what hangs on one point is less sure") {
  const double hanging = sure({100, 100, 101, 100, 101, 100, 101, 102, 101, 160});
  CHECK(hanging < 0.95);
  CHECK(hanging >= 0);
}
