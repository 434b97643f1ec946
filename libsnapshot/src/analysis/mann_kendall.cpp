#include <snapshot/mann_kendall.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace snapshot {
namespace {

/// How many equal values there are of each value that is there more than once.
std::vector<std::size_t> ties_of(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  std::vector<std::size_t> ties;
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    const auto end = std::upper_bound(begin, sorted.end(), *begin);
    if (end - begin > 1) ties.push_back(static_cast<std::size_t>(end - begin));
    begin = end;
  }
  return ties;
}

std::size_t pairs_of(std::size_t count) { return count * (count - 1) / 2; }

/// Pairs of different values.
std::size_t unequal_pairs(std::size_t count, std::span<const std::size_t> ties) {
  return std::accumulate(ties.begin(), ties.end(), pairs_of(count),
                         [](std::size_t pairs, std::size_t tied) { return pairs - pairs_of(tied); });
}

using Counts = std::vector<std::uint64_t>;

/// Multiplies a polynomial, of which `counts` are the coefficients, by 1 - q^power.
void multiply(Counts& counts, std::size_t power) {
  for (std::size_t at = counts.size(); at-- > power;) counts[at] -= counts[at - power];
}

/// Divides it by 1 - q^power.
void divide(Counts& counts, std::size_t power) {
  for (std::size_t at = power; at < counts.size(); ++at) counts[at] += counts[at - power];
}

/// By number of shrinking pairs, how many orders of the values there are; orders that differ in equal values are one.
/// This is the Gaussian multinomial coefficient: P. A. MacMahon, "Two applications of general theorems in combinatory
/// analysis" (1916). Its terms, of which the largest is below 20!, are right even though those on the way wrap.
Counts orders_by_inversions(std::size_t count, std::span<const std::size_t> ties) {
  Counts counts(unequal_pairs(count, ties) + 1, 0);
  counts[0] = 1;
  for (std::size_t power = 1; power <= count; ++power) multiply(counts, power);
  std::size_t alone = count;
  for (const std::size_t tied : ties) {
    for (std::size_t power = 1; power <= tied; ++power) divide(counts, power);
    alone -= tied;
  }
  for (; alone > 0; --alone) divide(counts, 1);
  return counts;
}

/// How likely random orders of the values have at least some s.
class Orders {
 public:
  explicit Orders(std::span<const double> values) : size_(values.size()), ties_(ties_of(values)) {
    pairs_ = static_cast<std::int64_t>(unequal_pairs(size_, ties_));
    if (is_exact()) counts_ = orders_by_inversions(size_, ties_);
  }

  bool is_exact() const { return size_ <= kMostExact; }
  std::int64_t pairs() const { return pairs_; }  ///< s where all grow
  double p(std::int64_t s) const { return pairs_ == 0 ? 1 : is_exact() ? exact_p(s) : normal_p(s); }

 private:
  double exact_p(std::int64_t s) const {
    const auto end = counts_.begin() + static_cast<std::ptrdiff_t>((pairs_ - s) / 2) + 1;
    const auto few = std::accumulate(counts_.begin(), end, std::uint64_t{0});
    const auto all = std::accumulate(end, counts_.end(), few);
    return static_cast<double>(few) / static_cast<double>(all);
  }
  double normal_p(std::int64_t s) const;

  std::size_t size_;
  std::vector<std::size_t> ties_;
  std::int64_t pairs_;
  Counts counts_;  // by number of shrinking pairs
};

double Orders::normal_p(std::int64_t s) const {
  const auto term = [](std::size_t number) {
    const auto n = static_cast<double>(number);
    return n * (n - 1) * (2 * n + 5);
  };
  double variance = term(size_);
  for (const std::size_t tied : ties_) variance -= term(tied);
  variance /= 18;
  return 0.5 * std::erfc((static_cast<double>(s) - 1) / std::sqrt(2 * variance));
}

}  // namespace

MannKendall mann_kendall(std::span<const double> values) {
  MannKendall result;
  for (std::size_t late = 1; late < values.size(); ++late) {
    for (std::size_t early = 0; early < late; ++early) {
      result.s += static_cast<int>(values[late] > values[early]) - static_cast<int>(values[late] < values[early]);
    }
  }
  const Orders orders(values);
  result.exact = orders.is_exact();
  result.p = orders.p(result.s);
  result.p_shrinking = orders.p(-result.s);
  result.least_p = orders.p(orders.pairs());
  return result;
}

double theil_sen(std::span<const double> positions, std::span<const double> values) {
  std::vector<double> slopes;
  slopes.reserve(values.empty() ? 0 : pairs_of(values.size()));
  for (std::size_t late = 1; late < values.size(); ++late) {
    for (std::size_t early = 0; early < late; ++early) {
      const double distance = positions[late] - positions[early];
      if (distance != 0) slopes.push_back((values[late] - values[early]) / distance);
    }
  }
  if (slopes.empty()) return 0;
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::ranges::nth_element(slopes, middle);
  if (slopes.size() % 2 == 1) return *middle;
  return (*std::max_element(slopes.begin(), middle) + *middle) / 2;
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t at) { return p[at]; });
  std::vector<double> adjusted(p.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t at = order[rank - 1];
    least = std::min(least, p[at] * static_cast<double>(p.size()) / static_cast<double>(rank));
    adjusted[at] = least;
  }
  return adjusted;
}

}  // namespace snapshot
