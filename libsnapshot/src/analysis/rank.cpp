#include <snapshot/error.h>
#include <snapshot/rank.h>

#include "model/int128.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

namespace snapshot {
namespace {

/// Below, at or above 0 as `a` is less than, equal to or more than `b`.
int three_way(std::int64_t a, std::int64_t b) { return a < b ? -1 : static_cast<int>(a > b); }

/// |value|, negated because -|INT64_MIN| exists.
std::int64_t negative_magnitude(std::int64_t value) { return value < 0 ? value : -value; }

int compare_magnitudes(std::int64_t a, std::int64_t b) {
  return three_way(negative_magnitude(b), negative_magnitude(a));
}

/// size / count, exactly. Rows without blocks (of things that are gone) come lowest.
template <typename Row>
int compare_averages(const Row& a, const Row& b) {
  if (a.count == 0 || b.count == 0) return three_way(a.count, b.count);
  const auto left = static_cast<Int128>(a.size) * b.count;
  const auto right = static_cast<Int128>(b.size) * a.count;
  return left < right ? -1 : static_cast<int>(left > right);
}

int first_of(std::initializer_list<int> answers) {
  const auto* decisive = std::ranges::find_if(answers, [](int answer) { return answer != 0; });
  return decisive == answers.end() ? 0 : *decisive;
}

int compare_standard(const Statistic& a, const Statistic& b) {
  return first_of({three_way(a.size, b.size), three_way(a.count, b.count)});
}

int compare_standard(const StatisticDiff& a, const StatisticDiff& b) {
  return first_of({compare_magnitudes(a.size_diff, b.size_diff), three_way(a.size, b.size),
                   compare_magnitudes(a.count_diff, b.count_diff), three_way(a.count, b.count)});
}

int compare_differences(const Statistic& /*a*/, const Statistic& /*b*/, SortBy /*sort*/) {
  throw Error("a single snapshot has no differences to sort by");
}

int compare_differences(const StatisticDiff& a, const StatisticDiff& b, SortBy sort) {
  return sort == SortBy::size_diff ? compare_magnitudes(a.size_diff, b.size_diff)
                                   : compare_magnitudes(a.count_diff, b.count_diff);
}

template <typename Row>
int compare_by(const Row& a, const Row& b, SortBy sort, const KeyOrder& order) {
  switch (sort) {
    case SortBy::standard: return 0;
    case SortBy::size: return three_way(a.size, b.size);
    case SortBy::count: return three_way(a.count, b.count);
    case SortBy::average: return compare_averages(a, b);
    case SortBy::name: return order.compare(b.key, a.key);
    case SortBy::size_diff:
    case SortBy::count_diff: return compare_differences(a, b, sort);
  }
  return 0;
}

/// Above 0 where `a` ranks before `b`; 0 where their names must decide.
template <typename Row>
int compare_amounts(const Row& a, const Row& b, SortBy sort, const KeyOrder& order) {
  const int answer = compare_by(a, b, sort, order);
  return answer == 0 ? compare_standard(a, b) : answer;
}

/// Adds to a sum of the rest. It fits, but for rows of a cumulative charge, whose sum has no meaning: that one may
/// wrap.
void add(std::int64_t& sum, std::int64_t value) { static_cast<void>(__builtin_add_overflow(sum, value, &sum)); }

void add(Statistic& sum, const Statistic& row) {
  add(sum.size, row.size);
  add(sum.count, row.count);
}

void add(StatisticDiff& sum, const StatisticDiff& row) {
  add(sum.size, row.size);
  add(sum.size_diff, row.size_diff);
  add(sum.count, row.count);
  add(sum.count_diff, row.count_diff);
}

/// Brings the first rows to the front: `middle` is where the rest begins, and there is a rest. Many rows hold the same
/// as others, and comparing tracebacks touches all their frames, so that is done for those alone that hold as much as
/// the row at the border.
template <typename Rows, typename Compare, typename Before>
void select(Rows& rows, typename Rows::iterator middle, Compare compare, Before before) {
  std::nth_element(rows.begin(), middle, rows.end(), [&](const auto& a, const auto& b) { return compare(a, b) > 0; });
  const auto border = *middle;
  const auto like = std::partition(rows.begin(), middle, [&](const auto& row) { return compare(row, border) > 0; });
  const auto less = std::partition(middle, rows.end(), [&](const auto& row) { return compare(row, border) == 0; });
  std::nth_element(like, middle, less, before);
}

template <typename Row>
Ranked<Row> rank_rows(std::vector<Row> rows, const KeyOrder& order, const RankOptions& options) {
  const auto compare = [&](const Row& a, const Row& b) {
    const int answer = compare_amounts(a, b, options.sort, order);
    return options.reverse ? -answer : answer;
  };
  const auto before = [&](const Row& a, const Row& b) {
    const int answer = compare(a, b);
    if (answer != 0) return answer > 0;
    const int by_name = order.compare(a.key, b.key);
    return options.reverse ? by_name < 0 : by_name > 0;
  };
  const std::size_t kept = std::min(options.limit.value_or(rows.size()), rows.size());
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(kept);
  if (kept < rows.size()) select(rows, middle, compare, before);
  std::sort(rows.begin(), middle, before);

  Ranked<Row> ranked;
  ranked.other_count = rows.size() - kept;
  for (const Row& row : std::span(rows).subspan(kept)) add(ranked.others, row);
  rows.resize(kept);
  ranked.rows = std::move(rows);
  return ranked;
}

}  // namespace

KeyOrder::KeyOrder(const Grouping& grouping, FrameOrder frame_order)
    : symbols_(grouping.symbols()), grouping_(&grouping), group_by_(grouping.by()), frame_order_(frame_order) {}

KeyOrder::KeyOrder(const Symbols& symbols, GroupBy group_by, FrameOrder frame_order)
    : symbols_(symbols), group_by_(group_by), frame_order_(frame_order) {}

int KeyOrder::compare(Key a, Key b) const {
  if (a == b) return 0;
  const auto row_of = [](Key key) { return static_cast<std::uint32_t>(key); };
  switch (group_by_) {
    case GroupBy::lineno: return compare_frames(FrameId{row_of(a)}, FrameId{row_of(b)});
    case GroupBy::filename: return compare_texts(StringId{row_of(a)}, StringId{row_of(b)});
    case GroupBy::traceback: return compare_tracebacks(TracebackId{row_of(a)}, TracebackId{row_of(b)});
    default: return grouping_->compare(a, b);
  }
}

int KeyOrder::compare_frames(FrameId a, FrameId b) const {
  if (a == b) return 0;
  const Frame left = symbols_.frame(a);
  const Frame right = symbols_.frame(b);
  if (left.filename != right.filename) return compare_texts(left.filename, right.filename);
  if (left.lineno != right.lineno) return three_way(left.lineno, right.lineno);
  if (left.function != right.function) return compare_texts(left.function, right.function);
  return compare_texts(left.module, right.module);
}

int KeyOrder::compare_texts(StringId a, StringId b) const {
  if (a == b) return 0;
  if (a == kUnknownString || b == kUnknownString) return a == kUnknownString ? -1 : 1;
  return symbols_.text(a).compare(symbols_.text(b));
}

int KeyOrder::compare_tracebacks(TracebackId a, TracebackId b) const {
  const std::span<const FrameId> left = symbols_.traceback(a);
  const std::span<const FrameId> right = symbols_.traceback(b);
  const std::size_t common = std::min(left.size(), right.size());
  for (std::size_t at = 0; at < common; ++at) {
    const bool oldest_first = frame_order_ == FrameOrder::oldest_first;
    const int answer = compare_frames(oldest_first ? left[at] : left[left.size() - 1 - at],
                                      oldest_first ? right[at] : right[right.size() - 1 - at]);
    if (answer != 0) return answer;
  }
  return three_way(static_cast<std::int64_t>(left.size()), static_cast<std::int64_t>(right.size()));
}

Ranked<Statistic> rank(std::vector<Statistic> rows, const KeyOrder& order, const RankOptions& options) {
  return rank_rows(std::move(rows), order, options);
}

Ranked<StatisticDiff> rank(std::vector<StatisticDiff> rows, const KeyOrder& order, const RankOptions& options) {
  return rank_rows(std::move(rows), order, options);
}

}  // namespace snapshot
