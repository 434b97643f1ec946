#pragma once

#include "recorder/region.h"

#include <cstddef>

namespace snapshot::recorder {

/// Makes a new region ready: empty tables, and what it says of the calling process. False where there is no memory.
bool set_up_region(RegionMap region);

/// What the region says of the calling process.
void describe_process(Header& header);

/// Creates the region of this process that follows `before`, which an earlier image of it or its parent left, in the
/// same directory and with the same settings and filters. Empty where it cannot.
RegionMap create_next_region(const Header& before);

/// Joins the region that tmrecord made for the program, in the file that TMRECORD_REGION names, or one of this
/// process's own after exec or in a child. Empty when this process is not to be recorded.
RegionMap join_region(const char* path);

/// A region without a name (memfd_create()), which Header::descriptor leads others to.
RegionMap create_nameless_region(const Settings& settings);
void close_nameless(RegionMap region);

}  // namespace snapshot::recorder
