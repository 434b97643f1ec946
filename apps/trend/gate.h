#pragma once

#include "trend/options.h"
#include "trend/report.h"
#include "trend/trends.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// What --fail-on does not let pass, one line each, in the order given: groups, and the total. Empty when all passes.
std::vector<std::string> refused(const TrendOptions& options, const Trends& trends, const TrendReport& report,
                                 std::span<const std::size_t> order);

/// Why no group alone could be significant, however it grows: among so many that vary there are too few snapshots.
/// Empty when one could.
std::string undecided(const TrendReport& report);

}  // namespace cli
