#pragma once

#include "options.h"

#include <snapshot/snapshot.h>

#include <cstdint>

namespace cli {

/// The blocks in groups, by the first key and its charge, of at least `min_count` blocks.
snapshot::Snapshot keep_groups(const snapshot::Snapshot& snapshot, const GroupOptions& group, const PathOptions& paths,
                               std::int64_t min_count);

}  // namespace cli
