#pragma once

#include "recorder/region_copy.h"

namespace snapshot::recorder {

/// The blocks by address, as a file has them; those of one address in their order. O(blocks), and memory for as many.
Column<Block> by_address(const Column<Block>& blocks);

}  // namespace snapshot::recorder
