#pragma once

#include "load_snapshots.h"
#include "options.h"
#include "report.h"

#include <snapshot/rank.h>
#include <snapshot/statistics.h>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace cli {

/// The groups that loaded snapshots fall into, by one key, or by a second one within the first.
class Groups {
 public:
  Groups(const LoadedSnapshots& loaded, const GroupOptions& options, const PathOptions& paths);

  /// By the first key.
  std::vector<snapshot::Statistic> statistics(std::span<const snapshot::Snapshot> snapshots) const;
  /// The same without charging more than the most recent frame, so that no groups overlap.
  std::vector<snapshot::Statistic> disjoint(std::span<const snapshot::Snapshot> snapshots) const;
  /// By both, with pair keys; empty where there is one.
  std::vector<snapshot::Statistic> pairs(std::span<const snapshot::Snapshot> snapshots) const;

  bool is_cumulative() const { return charge_ != snapshot::Charge::most_recent; }

  /// Puts into the report what all reports say of groups.
  void describe(Report& report) const;

  /// Ranks the rows of the first key, and within each that is kept those of `pairs`, into the report. What did not
  /// change is left out of the latter where the report leaves it out of the former.
  template <typename Row>
  void rank_into(Report& report, std::vector<Row> rows, std::span<const Row> pairs,
                 const snapshot::RankOptions& options, snapshot::FrameOrder frame_order) const;

  const snapshot::Grouping& outer() const { return outer_; }

 private:
  const GroupOptions& options_;
  snapshot::Charge charge_;
  snapshot::Grouping outer_;
  std::optional<snapshot::Grouping> inner_;
};

}  // namespace cli
