#pragma once

#include "address_map.h"
#include "line_table.h"

#include <cstdint>
#include <span>
#include <vector>

namespace snapshot::recorder {

/// Runs the line number program that begins at `offset` of .debug_line, as far as it is sound, and appends its rows,
/// and the addresses of each. Sequences at address 0, where the linker leaves those whose code it dropped, are left
/// out.
void run_line_program(std::span<const unsigned char> section, std::uint64_t offset, bool is_big_endian,
                      std::vector<LineTable::Row>& rows, std::vector<AddressRange>& ranges);

}  // namespace snapshot::recorder
