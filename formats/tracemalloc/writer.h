#pragma once

#include "../write_options.h"

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

namespace formats::tracemalloc {

/// Writes a snapshot as CPython's Snapshot.dump() would (FORMAT.md). Throws FormatError for sums without blocks and for
/// more blocks than read() takes. O(blocks + frames of the tracebacks).
void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink);

}  // namespace formats::tracemalloc
