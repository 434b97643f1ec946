#include <snapshot/mann_kendall.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

using snapshot::mann_kendall;
using Values = std::vector<double>;

namespace {

std::int64_t score(const Values& values) {
  std::int64_t s = 0;
  for (std::size_t a = 0; a < values.size(); ++a) {
    for (std::size_t b = a + 1; b < values.size(); ++b) {
      s += values[b] > values[a] ? 1 : values[b] < values[a] ? -1 : 0;
    }
  }
  return s;
}

/// The share of all orders with a score that is at least that of these values.
double brute_p(Values values) {
  const std::int64_t s = score(values);
  std::ranges::sort(values);
  std::size_t all = 0;
  std::size_t extreme = 0;
  do {
    ++all;
    extreme += score(values) >= s ? 1 : 0;
  } while (std::ranges::next_permutation(values).found);
  return static_cast<double>(extreme) / static_cast<double>(all);
}

/// Values of n points without ties whose score is s.
Values values_with(std::size_t n, std::int64_t s) {
  Values values(n);
  std::iota(values.begin(), values.end(), 0.0);
  std::mt19937_64 random(n);
  while (score(values) != s) std::ranges::shuffle(values, random);
  return values;
}

}  // namespace

TEST_CASE("the score counts pairs that grow, less pairs that shrink") {
  CHECK(mann_kendall(Values{1, 2, 3, 4}).s == 6);
  CHECK(mann_kendall(Values{4, 3, 2, 1}).s == -6);
  CHECK(mann_kendall(Values{1, 1, 2, 0}).s == -1);
  CHECK(mann_kendall(Values{}).s == 0);
}

TEST_CASE("p is the share of all orders, with any ties") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::size_t n = 1 + random() % 8;
    const std::size_t kinds = 1 + random() % 8;
    Values values;
    while (values.size() < n) values.push_back(static_cast<double>(random() % kinds));
    CAPTURE(values);
    CHECK(mann_kendall(values).p == doctest::Approx(brute_p(values)).epsilon(1e-12));
    Values negative = values;
    for (double& value : negative) value = -value;
    CHECK(mann_kendall(values).p_shrinking == doctest::Approx(brute_p(negative)).epsilon(1e-12));
    Values best = values;
    std::ranges::sort(best);
    CHECK(mann_kendall(values).least_p == doctest::Approx(brute_p(best)).epsilon(1e-12));
  }
}

TEST_CASE("p is that of Kendall's tables") {
  struct Row {
    std::size_t n;
    std::int64_t s;
    double p;
  };
  for (const Row& row :
       {Row{4, 4, 0.167}, Row{4, 6, 0.042}, Row{5, 8, 0.042}, Row{5, 10, 0.0083}, Row{6, 11, 0.028}, Row{7, 13, 0.035},
        Row{8, 16, 0.031}, Row{9, 18, 0.038}, Row{10, 21, 0.036}, Row{10, 25, 0.014}}) {
    CAPTURE(row.n);
    CAPTURE(row.s);
    const auto found = mann_kendall(values_with(row.n, row.s));
    CHECK(found.s == row.s);
    CHECK(found.exact);
    CHECK(std::abs(found.p - row.p) < 0.0006);
  }
}

TEST_CASE("p of twenty values that all grow is one in twenty factorial") {
  Values values(20);
  std::iota(values.begin(), values.end(), 0.0);
  CHECK(mann_kendall(values).p * 2432902008176640000.0 == doctest::Approx(1));
}

TEST_CASE("p is near what shuffling gives where it is not counted, with and without ties") {
  for (const std::size_t kinds : {1000U, 4U}) {
    std::mt19937_64 random(kinds);
    Values values;
    while (values.size() < 30) values.push_back(static_cast<double>(random() % kinds));
    std::sort(values.begin(), values.begin() + 10);
    const auto found = mann_kendall(values);
    CHECK_FALSE(found.exact);
    std::size_t extreme = 0;
    Values shuffled = values;
    constexpr std::size_t kTimes = 40000;
    for (std::size_t time = 0; time < kTimes; ++time) {
      std::ranges::shuffle(shuffled, random);
      extreme += score(shuffled) >= found.s ? 1 : 0;
    }
    CAPTURE(found.p);
    CHECK(std::abs(found.p - static_cast<double>(extreme) / kTimes) < 0.01);
  }
}

TEST_CASE("equal values say nothing") {
  CHECK(mann_kendall(Values(5, 3.0)).p == 1);
  CHECK(mann_kendall(Values(50, 3.0)).p == 1);
  CHECK(mann_kendall(Values(50, 3.0)).least_p == 1);
}

TEST_CASE("the slope is that of Sen's example") {
  CHECK(snapshot::theil_sen(Values{1, 2, 3, 4, 10, 12, 18}, Values{9, 15, 19, 20, 45, 55, 78}) == doctest::Approx(4));
}

TEST_CASE("the slope is the median of all slopes, of which those without distance are none") {
  CHECK(snapshot::theil_sen(Values{0, 1, 2}, Values{0, 1, 4}) == 2);
  CHECK(snapshot::theil_sen(Values{0, 1}, Values{5, 2}) == -3);
  CHECK(snapshot::theil_sen(Values{1, 1}, Values{5, 2}) == 0);
  CHECK(snapshot::theil_sen(Values{1, 1, 2}, Values{5, 7, 9}) == 3);
  CHECK(snapshot::theil_sen(Values{}, Values{}) == 0);
  // Four points, six slopes: 1, 5, 1, 3, 3, 7/3.
  CHECK(snapshot::theil_sen(Values{0, 1, 2, 3}, Values{0, 1, 6, 7}) == doctest::Approx((7.0 / 3 + 3) / 2));
}

TEST_CASE("of the example of Benjamini and Hochberg four are discoveries") {
  const Values p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
  const Values adjusted = snapshot::benjamini_hochberg(p);
  CHECK(std::ranges::count_if(adjusted, [](double each) { return each <= 0.05; }) == 4);
  CHECK(adjusted[3] == doctest::Approx(0.0095 * 15 / 4));
  CHECK(adjusted.back() == 1);
}

TEST_CASE("adjusted values keep the order they were given in, and never fall below a likelier one's") {
  const Values adjusted = snapshot::benjamini_hochberg(Values{0.04, 0.01, 0.03});
  CHECK(adjusted[0] == doctest::Approx(0.04));
  CHECK(adjusted[1] == doctest::Approx(0.03));
  CHECK(adjusted[2] == doctest::Approx(0.04));
  CHECK(snapshot::benjamini_hochberg(Values{}).empty());
}
