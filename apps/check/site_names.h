#pragma once

#include "site_table.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace cli {

/// Makes sites for reports of the groups of two versions.
class SiteNames {
 public:
  SiteNames(const Groups& groups, std::span<const snapshot::Snapshot> base, std::span<const snapshot::Snapshot> head,
            const Sources& sources);

  /// The site without its traceback and its source.
  Site site_of(const SiteRuns& site, const Compared& compared) const;

  /// Puts in the traceback and the source line of the heads, which take time.
  void add_details(Site& site, const SiteRuns& of);

 private:
  void find_tracebacks();

  const Groups& groups_;
  std::span<const snapshot::Snapshot> head_;
  Sources sources_;
  LineFunctions base_functions_;
  LineFunctions head_functions_;
  bool has_tracebacks_ = false;
  std::unordered_map<snapshot::Key, snapshot::Total> tracebacks_;  // by site, its largest total in the heads
};

}  // namespace cli
