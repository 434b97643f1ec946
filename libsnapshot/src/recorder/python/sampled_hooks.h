#pragma once

#include "recorder/python/interpreter.h"
#include "recorder/threads.h"

#include <cstdint>

namespace snapshot::recorder {

/// Puts the recorder in front of the allocator of a domain, mem or object, so that blocks that are no samples cost next
/// to nothing. `walk` gives the calling thread's traceback. False when that allocator is not Python's own for small
/// blocks: then the usual hooks are to do it. After the raw domain has its hooks, with the GIL.
bool install_sampled_hooks(const Interpreter& python, PythonDomain domain, std::uint32_t (*walk)(ThreadState& thread));

/// Takes them away again where nobody else has come in front of them. With the GIL.
void remove_sampled_hooks(const Interpreter& python);

}  // namespace snapshot::recorder
