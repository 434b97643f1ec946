#pragma once

#include "runs.h"
#include "site_table.h"
#include "suppressions.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace cli {

/// By suppression, the bytes of the largest total that it silences.
using SilencedSizes = std::map<std::size_t, std::int64_t>;

/// What suppressions leave of a finding. Blocks are silenced by their traceback, and a finding is when the rest of what
/// it is about is within the limit.
///
/// Where the baselines do not keep the frames that a pattern asks for, all that is silenced in the heads is taken to
/// have been silenced in them too, as far as it was there: so that growth of other blocks cannot hide behind it.
class Silence {
 public:
  /// `suppressor` has something to silence. Snapshots and groups outlive this.
  Silence(Suppressor& suppressor, const Groups& groups, std::span<const snapshot::Snapshot> base,
          std::span<const snapshot::Snapshot> head);

  /// The runs of a site without the silenced blocks; nothing when none is.
  std::optional<Runs> rest_of(const SiteRuns& site) const;

  /// The same of what a rule adds up.
  std::optional<Runs> rest_of(const RuleName& rule, const Runs& runs) const;

  /// The suppressions that silence something of it in the heads, when any does.
  SilencedSizes suppressions_of(const SiteRuns& site) const;
  SilencedSizes suppressions_of(const RuleName& rule) const;

 private:
  Runs without(const Runs& runs, const std::vector<Holding>& base, const std::vector<Holding>& head) const;

  std::span<const snapshot::Snapshot> base_;
  std::span<const snapshot::Snapshot> head_;
  bool base_is_shallow_;
  std::vector<std::vector<std::size_t>> by_total_;  // by snapshot, baselines first, and row of the totals
  std::vector<KeyedRuns> base_sites_;               // what is silenced of them
  std::vector<KeyedRuns> head_sites_;
  std::unordered_map<snapshot::Key, SilencedSizes> by_site_;  // of the heads
};

/// The sites that the blocks of a total are charged to. Empty where single blocks are grouped.
std::vector<snapshot::Key> sites_of(const Groups& groups, const snapshot::Snapshot& snapshot,
                                    const snapshot::Total& total);

/// Frames of the longest traceback.
std::size_t longest_traceback(std::span<const snapshot::Snapshot> snapshots);

}  // namespace cli
