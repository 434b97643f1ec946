#pragma once

#include "options.h"
#include "report.h"
#include "timing.h"

#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <vector>

namespace cli {

/// Snapshots that share their Symbols, and what to say of each.
struct LoadedSnapshots {
  std::shared_ptr<snapshot::Symbols> symbols;
  std::vector<snapshot::Snapshot> snapshots;  ///< filtered
  std::vector<ReportSnapshot> files;          ///< as they were before the filters; the roles are empty
};

/// Reads of each file what the filters and the grouping need, and filters it. Throws std::runtime_error with the name
/// of the file that could not be read.
LoadedSnapshots load_snapshots(const std::vector<std::string>& paths, const InputOptions& input,
                               const FilterOptions& filter, const GroupOptions& group, Timing& timing);

}  // namespace cli
