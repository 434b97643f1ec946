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

/// How many snapshots it takes until one group alone can be significant among so many; 0 where there are enough.
std::size_t snapshots_needed(const TrendReport& report);

}  // namespace cli
