#pragma once

#include "check_options.h"
#include "check_report.h"

#include "common/timing.h"

namespace cli {

/// Writes the heads as a baseline. Throws what loading and writing do.
void write_baseline(const BaselineTarget& target, const CheckOptions& options, Timing& timing);

/// Whether there is no such file.
bool is_missing(const std::string& path);

/// Loads the baselines and the heads, and judges them. Throws for what cannot be read, holds nothing, or cannot be
/// compared.
CheckReport run_check(CheckOptions& options, Timing& timing);

}  // namespace cli
