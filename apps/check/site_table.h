#pragma once

#include "match_sites.h"
#include "runs.h"

#include "common/groups.h"
#include "common/source_lines.h"

#include <snapshot/grouping.h>
#include <snapshot/snapshot.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

enum class MatchHow {
  automatic,  ///< by all that tells that a line moved
  key,        ///< by the key alone
};

/// Where source lines of the two versions are; null where nobody is to look.
struct Sources {
  SourceLines* base = nullptr;
  SourceLines* head = nullptr;
};

/// A site with what it held in each run.
struct SiteRuns {
  std::optional<snapshot::Key> base_key;  ///< absent where no baseline has it
  std::optional<snapshot::Key> head_key;  ///< absent where no head has it
  MatchedBy matched = MatchedBy::nothing;
  Runs runs;
};

/// What each group of some snapshots holds: a row a key, in ascending order.
struct KeyedRuns {
  snapshot::Key key;
  std::vector<Holding> runs;  ///< one a snapshot
};
std::vector<KeyedRuns> keyed_runs(const Groups& groups, std::span<const snapshot::Snapshot> snapshots);

/// The runs of a key; null where there is none, and where no row has it.
const std::vector<Holding>* find_runs(const std::vector<KeyedRuns>& rows, const std::optional<snapshot::Key>& key);

/// The function that allocates at each line, by key, where one is known: of several that of the largest total.
class LineFunctions {
 public:
  /// `all_frames`: of every frame, not just of the most recent.
  LineFunctions(std::span<const snapshot::Snapshot> snapshots, bool all_frames);

  snapshot::StringId of(snapshot::Key line) const;

 private:
  struct Named {
    snapshot::StringId function;
    std::int64_t size;
  };
  std::unordered_map<snapshot::Key, Named> functions_;
};

/// The sites of the baselines and of the heads, those that are the same put together. A site that holds nothing
/// anywhere is none. Ordered by key: first those of the heads, then those that are gone.
std::vector<SiteRuns> match_sites(const Groups& groups, std::span<const snapshot::Snapshot> base,
                                  std::span<const snapshot::Snapshot> head, MatchHow how, RunMode mode,
                                  const Sources& sources);

}  // namespace cli
