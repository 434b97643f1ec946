#pragma once

#include "recorder/region_copy.h"

namespace snapshot::recorder {

/// The blocks by address, as a file has them: some digits at a time, which takes a fifth of the time of comparing.
Column<Block> by_address(const Column<Block>& blocks);

}  // namespace snapshot::recorder
