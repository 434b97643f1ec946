#pragma once

#include <snapshot/grouping.h>
#include <snapshot/snapshot.h>

#include <cstdint>
#include <span>
#include <vector>

namespace snapshot {

/// Which frames of its traceback a block is charged to.
enum class Charge {
  most_recent,  ///< the frame that allocated it
  once,         ///< every frame, each key once a block, so that recursion does not count a block again
  every_frame,  ///< every frame, as often as it stands in the traceback: tracemalloc's cumulative=True
};

/// tracemalloc.Statistic: what the blocks of one group hold together.
struct Statistic {
  Key key = 0;
  std::int64_t size = 0;   ///< bytes
  std::int64_t count = 0;  ///< blocks
};

/// One row for each key that holds a block, by ascending key: rank() puts them into tracemalloc's order. Several
/// snapshots, those of the Grouping, are added up. What is not of frames takes Charge::most_recent alone. Throws Error
/// when a sum leaves 63 bits. O(totals), with other charges O(frames of the totals' tracebacks); with keys of single
/// blocks O(traces) in place of O(totals).
std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, const Grouping& grouping, Charge charge);

/// The same with two keys at once: each key is a pair_key(). Where both are of frames they are keys of the same frame.
std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, const Grouping& outer, const Grouping& inner,
                                  Charge charge);

/// The same of snapshots that a Grouping is not wanted of, as all have one Symbols.
std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, GroupBy group_by, Charge charge);

}  // namespace snapshot
