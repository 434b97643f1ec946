#pragma once

#include "recorder/unwind_row.h"

#include <cstdint>

namespace snapshot::recorder {

/// read_unwind_row(), remembered for the process: a table of single words, each of which has its whole key, so that
/// threads read and write it without locks.
UnwindRow cached_unwind_row(std::uint64_t pc);

void forget_unwind_rows();

}  // namespace snapshot::recorder
