#pragma once

#include "recorder/python/code_rows.h"

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// The line of an instruction (in units of two bytes; -1: before the first), as CPython's PyCode_Addr2Line(); 0 where
/// there is none, as tracemalloc has it. `table` may be any bytes. O(size). No allocator is called.
std::uint32_t line_number(LineTable kind, const unsigned char* table, std::size_t size, std::uint32_t first_line,
                          std::int32_t instruction);

}  // namespace snapshot::recorder
