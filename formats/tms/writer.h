#pragma once

#include "../write_options.h"

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

namespace formats::tms {

/// Writes the toolkit's own file, with all that a snapshot holds. Throws what `sink` throws.
void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink);

}  // namespace formats::tms
