#include "runs.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace cli {
namespace {

/// The holding at a place of their order, size and count each by itself.
Holding ranked(const std::vector<Holding>& runs, std::size_t place) {
  if (runs.empty()) return {};
  const auto nth = [&](auto amount) {
    std::vector<std::int64_t> values;
    for (const Holding& run : runs) values.push_back(run.*amount);
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place));
    return values[place];
  };
  return {nth(&Holding::size), nth(&Holding::count)};
}

Holding median(const std::vector<Holding>& runs) { return ranked(runs, runs.empty() ? 0 : (runs.size() - 1) / 2); }
Holding largest(const std::vector<Holding>& runs) { return ranked(runs, runs.empty() ? 0 : runs.size() - 1); }
Holding least(const std::vector<Holding>& runs) { return ranked(runs, 0); }

Compared weakest_cycle(const std::vector<Holding>& heads) {
  const auto weakest = [&](auto amount) {
    std::int64_t growth = std::numeric_limits<std::int64_t>::max();
    for (std::size_t at = 1; at < heads.size(); ++at)
      growth = std::min(growth, heads[at].*amount - heads[at - 1].*amount);
    return growth;
  };
  const Holding& last = heads.back();
  const auto before = [&](auto amount) {
    std::int64_t base = 0;
    // What shrank by more than an int64 can add up was larger than any.
    if (__builtin_sub_overflow(last.*amount, weakest(amount), &base)) return std::numeric_limits<std::int64_t>::max();
    return base;
  };
  return {{before(&Holding::size), before(&Holding::count)}, last};
}

double measured(const Rule& rule, const Compared& compared) {
  const double head = compared.head.amount(rule.quantity);
  const double base = compared.base.amount(rule.quantity);
  switch (rule.measure) {
    case Measure::absolute: return head;
    case Measure::growth: return head - base;
    case Measure::percent:
      if (base > 0) return 100 * (head - base) / base;
      return head > 0 ? std::numeric_limits<double>::infinity() : 0;
  }
  return 0;
}

/// The largest less the least, without the outermost two of five or more.
double range(const std::vector<Holding>& runs, Quantity quantity) {
  if (runs.size() < 2) return 0;
  std::vector<double> values;
  for (const Holding& run : runs) values.push_back(run.amount(quantity));
  std::ranges::sort(values);
  constexpr std::size_t kMany = 5;
  const std::size_t outer = values.size() >= kMany ? 1 : 0;
  return values[values.size() - 1 - outer] - values[outer];
}

/// What the runs differ by, in the unit of the quantity.
double spread_of(const Rule& rule, const Runs& runs) {
  return range(runs.head, rule.quantity) + (rule.is_relative() ? range(runs.base, rule.quantity) : 0);
}

/// How far above the least that exceeds the limit, in the unit of the quantity.
double excess(const Rule& rule, const Compared& compared, double actual) {
  if (rule.measure != Measure::percent) return actual - rule.limit;
  const double base = compared.base.amount(rule.quantity);
  double allowed = base * rule.limit / 100;
  if (rule.quantity == Quantity::size && rule.min_growth) {
    allowed = std::max(allowed, static_cast<double>(*rule.min_growth));
  }
  return compared.head.amount(rule.quantity) - base - allowed;
}

/// Whether the growth is too small to be any, whatever the limit says.
bool is_no_growth(const Rule& rule, const Compared& compared) {
  if (!rule.is_relative()) return false;
  if (rule.require_count && compared.head.count <= compared.base.count) return true;
  return rule.min_growth && compared.head.size - compared.base.size <= *rule.min_growth;
}

bool exceeds(const Rule& rule, const Compared& compared) {
  return measured(rule, compared) > rule.limit && !is_no_growth(rule, compared);
}

}  // namespace

Compared combine(const Runs& runs, RunMode mode) {
  switch (mode) {
    case RunMode::median: return {median(runs.base), median(runs.head)};
    case RunMode::least: return {largest(runs.base), least(runs.head)};
    case RunMode::series: return weakest_cycle(runs.head);
  }
  return {};
}

std::optional<Judgement> judge(const Rule& rule, const Runs& runs, RunMode mode) {
  const Compared compared = combine(runs, mode);
  const double actual = measured(rule, compared);
  if (!exceeds(rule, compared)) return std::nullopt;
  Judgement judgement{compared, actual, std::nullopt, false};
  if (mode == RunMode::series || (runs.base.size() < 2 && runs.head.size() < 2)) return judgement;
  const double spread = spread_of(rule, runs);
  judgement.inconclusive = mode == RunMode::median && spread > excess(rule, compared, actual);
  const double base = compared.base.amount(rule.quantity);
  if (rule.measure != Measure::percent) {
    judgement.spread = spread;
  } else if (base > 0) {
    judgement.spread = 100 * spread / base;
  }
  return judgement;
}

}  // namespace cli
