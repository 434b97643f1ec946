#pragma once

#include "recorder/python/interpreter.h"
#include "recorder/python/layout.h"

namespace snapshot::recorder {

/// Whether frames of Python lie where the layout says: runs a few lines of Python, and compares what a walk finds in
/// them with what the public API says. Memory is read in a way that cannot fault. With the GIL.
bool agrees_with_python(const Interpreter& python, const PythonLayout& layout);

}  // namespace snapshot::recorder
