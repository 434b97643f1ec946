#pragma once

#include "container_writer.h"
#include "sorted_blocks.h"
#include "total_sections.h"

#include <snapshot/traces.h>

#include <vector>

namespace snapshot::file {

/// Writes BIDX and BLKS. `sizes` are the rows of SIZE.
void write_blocks(const TraceColumns& traces, const SortedBlocks& sorted, const std::vector<SizeRow>& sizes,
                  ContainerWriter& out);

}  // namespace snapshot::file
