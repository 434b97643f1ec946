#pragma once

#include <snapshot/snapshot.h>

#include <cstdint>
#include <span>
#include <vector>

namespace snapshot {

/// What blocks are grouped by: tracemalloc's key_type. Decides what a key is: the FrameId, the StringId of the file
/// name, or the TracebackId.
enum class GroupBy { lineno, filename, traceback };

/// Which frames of its traceback a block is charged to.
enum class Charge {
  most_recent,  ///< the frame that allocated it
  once,         ///< every frame, each key once a block, so that recursion does not count a block again
  every_frame,  ///< every frame, as often as it stands in the traceback: tracemalloc's cumulative=True
};

/// A row number of the table that GroupBy names.
using Key = std::uint32_t;

/// tracemalloc.Statistic: what the blocks of one group hold together.
struct Statistic {
  Key key = 0;
  std::int64_t size = 0;   ///< bytes
  std::int64_t count = 0;  ///< blocks
};

/// One row for each key that holds a block, by ascending row number: rank() puts them into tracemalloc's order. Several
/// snapshots, which must share one Symbols, are added up. Grouping by traceback takes Charge::most_recent alone. Throws
/// Error when a sum leaves 63 bits. O(totals), with other charges O(frames of the totals' tracebacks).
std::vector<Statistic> statistics(std::span<const Snapshot> snapshots, GroupBy group_by, Charge charge);

}  // namespace snapshot
