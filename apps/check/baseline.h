#pragma once

#include "common/load_snapshots.h"

#include <formats/registry.h>
#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <vector>

namespace cli {

/// How a baseline is written.
struct BaselineTarget {
  std::string path;
  const formats::Format* format = nullptr;  ///< null: as the name says, else .tms
};

/// Throws UsageError, or std::runtime_error where it is one of the inputs.
void check_target(const BaselineTarget& target, const std::vector<std::string>& inputs);

/// The run that is neither the largest nor the least: by size, the lower of the middle two.
std::size_t median_run(const std::vector<snapshot::Snapshot>& snapshots);

/// The sums of a snapshot, with this program among what recorded it.
snapshot::Snapshot baseline_of(const snapshot::Snapshot& snapshot, const std::shared_ptr<snapshot::Symbols>& symbols);

/// Writes the median run, whole or not at all. Throws std::runtime_error.
void write_baseline(const BaselineTarget& target, const std::vector<snapshot::Snapshot>& runs,
                    const std::shared_ptr<snapshot::Symbols>& symbols);

}  // namespace cli
