#pragma once

#include "total_sections.h"

#include <snapshot/snapshot.h>

#include <cstdint>
#include <vector>

namespace snapshot::file {

/// The rows of SIZE, and which of them each trace has.
struct TraceSizes {
  std::vector<SizeRow> rows;
  std::vector<std::uint32_t> row_of;  // by row of Snapshot::traces()
};

/// `order` as order_of_totals() gives it. O(traces * log(traces of a traceback)), and mostly O(traces).
TraceSizes trace_sizes(const Snapshot& snapshot, const std::vector<std::uint32_t>& order);

}  // namespace snapshot::file
