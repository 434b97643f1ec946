#pragma once

#include "timing.h"
#include "trace_options.h"
#include "trace_report.h"

#include <optional>

namespace cli {

/// The block that has the byte at the selector's address, of those that pass the filters the innermost; nothing when
/// there is none. Throws std::runtime_error with the name of a file that cannot be read, or has no addresses.
std::optional<TraceReport> find_block(const TraceOptions& options, Timing& timing);

}  // namespace cli
