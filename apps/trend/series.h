#pragma once

#include "common/groups.h"
#include "common/report.h"
#include "trend/options.h"

#include <snapshot/symbols.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cli {

/// What each group holds in each of several snapshots, of which nothing else is kept: 8 bytes for each group and
/// snapshot. A group that is absent from a snapshot holds 0 there.
class Series {
 public:
  Series(snapshot::GroupBy by, TrendQuantity quantity) : by_(by), quantity_(quantity) {}

  /// The groups of the next snapshot, whose Symbols and Grouping may go thereafter.
  void add(const Groups& groups, const LoadedSnapshots& loaded);

  /// Puts the snapshots into another order: the first becomes the one at order[0].
  void reorder(std::span<const std::size_t> order);

  std::size_t site_count() const { return keys_.size(); }
  std::size_t snapshot_count() const { return columns_.size(); }

  std::vector<std::int64_t> values(std::size_t site) const;
  const std::vector<std::int64_t>& totals() const { return totals_; }
  const std::vector<std::int64_t>& outside() const { return outside_; }  ///< not of the project

  /// The group, without amounts. Its texts hold as long as no snapshot is added.
  ReportRow row(std::size_t site) const;

  /// The order of the groups' names.
  int compare(std::size_t a, std::size_t b) const;

 private:
  std::size_t site_of(const snapshot::Grouping& grouping, snapshot::Key key);
  snapshot::Key key_of(const snapshot::Grouping& grouping, snapshot::Key key);
  snapshot::FrameId copy(const snapshot::Symbols& from, snapshot::FrameId frame);
  std::int64_t amount(const Amounts& amounts) const;

  snapshot::GroupBy by_;
  TrendQuantity quantity_;
  snapshot::Symbols symbols_;        // of the groups alone
  std::vector<snapshot::Key> keys_;  // by site: a row of symbols_
  std::unordered_map<snapshot::Key, std::size_t> sites_;
  std::vector<std::vector<std::int64_t>> columns_;  // by snapshot and site; sites that came later are missing
  std::vector<std::int64_t> totals_;
  std::vector<std::int64_t> outside_;
};

}  // namespace cli
