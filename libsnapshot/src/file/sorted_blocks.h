#pragma once

#include "total_sections.h"
#include "type_numbers.h"

#include <snapshot/snapshot.h>

#include <cstdint>
#include <vector>

namespace snapshot::file {

/// Which traces there are, in the order of BLKS, and what is common to them.
struct SortedBlocks {
  std::vector<std::uint32_t> rows;  // of Snapshot::traces(), by address
  std::vector<Total> totals;        // rows of TOTL
};

/// `order` is of totals, as order_of_totals() gives it.
SortedBlocks sort_blocks(const Snapshot& snapshot, const std::vector<std::uint32_t>& order, const TypeNumbers& types);

}  // namespace snapshot::file
