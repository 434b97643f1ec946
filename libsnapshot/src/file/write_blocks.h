#pragma once

#include "container_writer.h"
#include "total_sections.h"

#include <snapshot/snapshot.h>

#include <cstdint>
#include <vector>

namespace snapshot::file {

/// Writes BIDX and BLKS. `order` is of totals, as order_of_totals() gives it, and `sizes` are the rows of SIZE.
void write_blocks(const Snapshot& snapshot, const std::vector<std::uint32_t>& order, const std::vector<SizeRow>& sizes,
                  ContainerWriter& out);

}  // namespace snapshot::file
