#pragma once

#include "../write_options.h"

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

namespace formats::sites {

/// Writes a line for each site with its sums (FORMAT.md), sorted: the same bytes for the same sums. Throws FormatError
/// for a name that no line can hold. O(totals * log(totals)).
void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink);

}  // namespace formats::sites
