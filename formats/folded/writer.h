#pragma once

#include "../write_options.h"

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

namespace formats::folded {

/// Writes a line for each traceback with its size or count (FORMAT.md), sorted by bytes. O(frames of the tracebacks).
void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink);

}  // namespace formats::folded
