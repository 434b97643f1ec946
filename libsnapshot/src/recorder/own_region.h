#pragma once

#include "recorder/region.h"

namespace snapshot::recorder {

/// A region without a file, for a program that records itself, laid out as Settings say but for max_slots. Empty where
/// there is no memory.
RegionMap create_own_region(const Settings& settings);

/// Whether the tmrecord that is to watch the region is still there. Changes errno.
bool has_reader(const Header& header);

/// Writes a snapshot of the calling process's region; 0 when it is written. May allocate.
using RegionWriter = int (*)(void* base, const char* path);

/// Writes a .tms file of the region: by asking the tmrecord that watches, or by the writer, which is null in tmrecord's
/// preload library.
bool take_snapshot_of(RegionMap region, const char* path, RegionWriter writer);

}  // namespace snapshot::recorder
