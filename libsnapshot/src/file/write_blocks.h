#pragma once

#include "container_writer.h"
#include "sorted_blocks.h"
#include "trace_sizes.h"

#include <snapshot/traces.h>

namespace snapshot::file {

/// Writes BIDX and BLKS.
void write_blocks(const TraceColumns& traces, const SortedBlocks& sorted, const TraceSizes& sizes,
                  ContainerWriter& out);

}  // namespace snapshot::file
