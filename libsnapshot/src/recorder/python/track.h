#pragma once

#include "recorder/python/layout.h"

#include <cstdint>

namespace snapshot::recorder {

struct ThreadState;

/// Has blocks entered that extension modules tell tracemalloc of (PyTraceMalloc_Track(): numpy's are in domain 389047),
/// in their domain, under the frames of Python that `walk` finds. Modules that are loaded later are to be looked for
/// again: track_new_modules(), which costs nothing where there are none. Calls also go where they went before.
void begin_tracking(std::uint32_t (*walk)(ThreadState& thread));
void track_new_modules();

}  // namespace snapshot::recorder
