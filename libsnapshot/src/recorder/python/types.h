#pragma once

#include "recorder/python/interpreter.h"
#include "recorder/python/layout.h"

namespace snapshot::recorder {

/// Notes in the region which types the objects in Python's blocks have: those that the collector knows, and those of
/// common built-in types, which a block shows by its first words. O(blocks + objects). With the GIL; is own work of the
/// recorder's. What is noted of small blocks holds until they are freed.
void note_types(const Interpreter& python, const PythonLayout& layout);

/// Forgets what was noted of large blocks: it is soon no longer true.
void forget_large_types();

}  // namespace snapshot::recorder
