#pragma once

#include <snapshot/statistics.h>

#include <cstdint>
#include <span>
#include <vector>

namespace snapshot {

/// How a group changed between two snapshots, by size; by count where the size is the same.
enum class Status { fresh, gone, grown, shrunk, same };

/// tracemalloc.StatisticDiff: `size` and `count` are those of the new snapshot.
struct StatisticDiff {
  Key key = 0;
  std::int64_t size = 0;
  std::int64_t size_diff = 0;
  std::int64_t count = 0;
  std::int64_t count_diff = 0;

  Status status() const;
};

/// tracemalloc's Snapshot.compare_to, over statistics with the same grouping and Symbols, each with ascending keys as
/// statistics() gives them. A row for each key of either, unchanged ones too, with ascending keys. O(rows).
std::vector<StatisticDiff> compare(std::span<const Statistic> old_statistics,
                                   std::span<const Statistic> new_statistics);

/// What `newer` has and `later` still has: for each key of both, the lesser size and the lesser count. O(rows).
std::vector<Statistic> retained(std::span<const Statistic> newer, std::span<const Statistic> later);

}  // namespace snapshot
