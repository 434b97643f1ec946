#pragma once

#include <string>
#include <string_view>

namespace snapshot::recorder {

/// A linker symbol as a C++ programmer writes it; any other name as it is.
std::string demangled(const char* symbol);

/// Whether a function is one of the standard's replaceable allocation functions, which are `operator new` and `operator
/// new[]` of all alignments and ways to fail ([new.delete]): by its symbol ("_Znwm"), or by its demangled name.
bool is_allocation_function(std::string_view function);

}  // namespace snapshot::recorder
