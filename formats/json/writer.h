#pragma once

#include "../write_options.h"

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

namespace formats::json {

/// Writes a whole snapshot as one JSON object, "snapshot/1" (FORMAT.md): the same bytes for the same snapshot, whatever
/// the rows of its tables. O(blocks * log(blocks of one total)).
void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink);

}  // namespace formats::json
