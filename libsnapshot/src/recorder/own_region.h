#pragma once

#include "recorder/region.h"

namespace snapshot::recorder {

/// A region without a file, for a program that records itself. Empty where there is no memory.
RegionMap create_own_region(std::uint32_t traceback_limit);

/// Writes a .tms file of the region: by asking the tmrecord that watches, or by the writer that is linked in.
bool take_snapshot_of(RegionMap region, const char* path);

}  // namespace snapshot::recorder

/// Writes a snapshot of the calling process's region, 0 when it is written. Not there where no writer is linked, as in
/// tmrecord's preload library. May allocate.
extern "C" int snapshot_write_region(void* base, const char* path) __attribute__((weak));
