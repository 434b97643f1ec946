#include "keep_groups.h"

#include <snapshot/statistics.h>

#include <algorithm>
#include <span>
#include <vector>

namespace cli {

snapshot::Snapshot keep_groups(const snapshot::Snapshot& snapshot, const GroupOptions& group, const PathOptions& paths,
                               std::int64_t min_count) {
  snapshot::GroupSpec spec = group.specs()[0];
  spec.projects = paths.projects();
  const snapshot::Symbols& symbols = snapshot.symbols();
  const snapshot::Grouping grouping(symbols, std::span(&snapshot, 1), spec);
  const bool of_frames = snapshot::is_of_frames(grouping.by());
  const snapshot::Charge charge = of_frames ? group.charge() : snapshot::Charge::most_recent;
  std::vector<bool> kept(grouping.key_count());
  for (const snapshot::Statistic& row : snapshot::statistics(std::span(&snapshot, 1), grouping, charge)) {
    kept[row.key] = row.count >= min_count;
  }
  const std::vector<snapshot::Key> threads = grouping.thread_keys(snapshot);
  if (snapshot::is_of_traces(grouping.by())) {
    return snapshot.where_trace([&](std::size_t row) {
      return kept[grouping.of_trace(snapshot, snapshot.totals()[snapshot.traces().total[row]], row, threads)];
    });
  }
  std::vector<bool> totals;
  for (const snapshot::Total& total : snapshot.totals()) {
    const auto frames = symbols.traceback(total.traceback);
    totals.push_back(of_frames
                         ? std::ranges::any_of(frames.last(charge == snapshot::Charge::most_recent ? 1 : frames.size()),
                                               [&](snapshot::FrameId frame) { return kept[grouping.of_frame(frame)]; })
                         : kept[grouping.of_trace(snapshot, total, std::nullopt, threads)]);
  }
  return snapshot.where_total(totals);
}

}  // namespace cli
