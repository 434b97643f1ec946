#pragma once

#include <snapshot/compare.h>
#include <snapshot/statistics.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace snapshot {

/// In which order the frames of two tracebacks are compared, to decide between rows that are otherwise equal: the
/// oldest first since CPython 3.7, the most recent first before.
enum class FrameOrder { oldest_first, most_recent_first };

/// The order of keys by their text: file names by code point, then line numbers, functions and modules (unknown ones
/// first); tracebacks frame by frame.
class KeyOrder {
 public:
  /// `grouping` must outlive this.
  KeyOrder(const Grouping& grouping, FrameOrder frame_order);
  /// Of keys that are rows of the Symbols.
  KeyOrder(const Symbols& symbols, GroupBy group_by, FrameOrder frame_order);

  /// Below, equal to or above 0 as `a` comes before, is, or comes after `b`. O(length of the texts).
  int compare(Key a, Key b) const;

 private:
  int compare_texts(StringId a, StringId b) const;
  int compare_frames(FrameId a, FrameId b) const;
  int compare_tracebacks(TracebackId a, TracebackId b) const;

  const Symbols& symbols_;
  const Grouping* grouping_ = nullptr;
  GroupBy group_by_;
  FrameOrder frame_order_;
};

/// What rows are sorted by first, in descending order (names ascending). Ties go by tracemalloc's order, which is also
/// the one of SortBy::standard: (size, count, key) of statistics, (|size_diff|, size, |count_diff|, count, key) of
/// differences, all descending.
enum class SortBy { standard, size, count, average, name, size_diff, count_diff };

struct RankOptions {
  SortBy sort = SortBy::standard;
  bool reverse = false;
  std::optional<std::size_t> limit = std::nullopt;  ///< rows to keep; all when absent
};

/// The first rows in order, and the exact sums of the rest. (Under a cumulative charge blocks stand in several rows, so
/// that the sums of the rest are no amount of memory.)
template <typename Row>
struct Ranked {
  std::vector<Row> rows;
  Row others;                   ///< its key is meaningless
  std::size_t other_count = 0;  ///< rows that `others` adds up
};

/// O(rows * log(limit)). Statistics have no differences to sort by: size_diff and count_diff throw Error there.
Ranked<Statistic> rank(std::vector<Statistic> rows, const KeyOrder& order, const RankOptions& options);
Ranked<StatisticDiff> rank(std::vector<StatisticDiff> rows, const KeyOrder& order, const RankOptions& options);

}  // namespace snapshot
