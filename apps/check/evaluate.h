#pragma once

#include "check_report.h"
#include "runs.h"
#include "site_table.h"
#include "suppressions.h"

#include "common/groups.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cli {

enum class UnusedSuppressions { warn, error, ignore };

/// How snapshots are judged.
struct CheckSettings {
  std::vector<Rule> rules;
  RunMode mode = RunMode::median;
  MatchHow match = MatchHow::automatic;
  bool strict = false;  ///< what is inconclusive, and a rule about nothing, fail
  std::vector<Suppression> suppressions;
  UnusedSuppressions unused = UnusedSuppressions::warn;
  Date today;
};

/// What is judged: snapshots with the same Symbols.
struct CheckInput {
  std::span<const snapshot::Snapshot> base;
  std::span<const snapshot::Snapshot> head;
  const Groups& groups;
  Sources sources;
};

/// Judges the heads by the rules. The report has no snapshots yet, no version and no name of the key. O(totals + sites
/// * rules), and what match_places() takes for each file.
CheckReport evaluate(const CheckInput& input, const CheckSettings& settings);

}  // namespace cli
