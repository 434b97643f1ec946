#pragma once

#include "recorder/walker.h"

namespace snapshot::recorder {

/// Walks again, with libunwind, and compares. What was compared and what differed goes to the file named by
/// TMTOOLS_WALKS_REPORT when the program ends.
void judge_walk(RegionMap region, std::uint32_t node, const Registers& caller);

}  // namespace snapshot::recorder
