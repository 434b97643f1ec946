#pragma once

#include "recorder/python/interpreter.h"
#include "recorder/python/layout.h"
#include "recorder/region.h"

namespace snapshot::recorder {

/// Puts the recorder in front of Python's three allocators (PEP 445), or takes it away again where nobody else has come
/// in front of it. With the GIL. No effect when it is there, or away, already.
void install_python_hooks(const Interpreter& python, const PythonLayout& layout);
void remove_python_hooks(const Interpreter& python);

/// The block of Python's at an address. With the GIL.
bool find_python_block(std::uint64_t address, Block& block);

/// Where the block begins that has an object.
std::uint64_t block_of_object(const PythonLayout& layout, const PyObject* object);

}  // namespace snapshot::recorder
