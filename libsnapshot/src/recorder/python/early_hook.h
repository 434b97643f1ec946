#pragma once

#include "recorder/python/interpreter.h"

namespace snapshot::recorder {

using AuditHook = int (*)(const char* event, PyObject* arguments, void* data);

/// Has Python call a hook for its events (PEP 578) from its beginning on. Before Python is initialized.
void add_early_hook(const Interpreter& python, AuditHook hook, void* data);

/// Takes it away again; may be called by the hook. What Python took for it before it knew its options (PYTHONMALLOC) it
/// would give to another allocator in the end, and with that of "debug" die. With the GIL.
void drop_early_hook();

}  // namespace snapshot::recorder
