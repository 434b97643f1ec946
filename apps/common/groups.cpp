#include "groups.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace cli {
namespace {

using snapshot::Statistic;
using snapshot::StatisticDiff;

snapshot::Grouping grouping(const LoadedSnapshots& loaded, snapshot::GroupSpec spec, const PathOptions& paths) {
  spec.projects = paths.projects();
  return {*loaded.symbols, loaded.snapshots, std::move(spec)};
}

/// The rows of one group by the first key, with their second keys alone. `pairs` have ascending keys.
template <typename Row>
std::vector<Row> rows_within(std::span<const Row> pairs, snapshot::Key outer) {
  const auto range =
      std::ranges::equal_range(pairs, outer, {}, [](const Row& row) { return snapshot::outer_key(row.key); });
  std::vector<Row> rows(range.begin(), range.end());
  for (Row& row : rows) row.key = snapshot::inner_key(row.key);
  return rows;
}

}  // namespace

Groups::Groups(const LoadedSnapshots& loaded, const GroupOptions& options, const PathOptions& paths)
    : options_(options), charge_(options.charge()), outer_(grouping(loaded, options.specs()[0], paths)) {
  if (options.specs().size() > 1) inner_.emplace(grouping(loaded, options.specs()[1], paths));
}

std::vector<Statistic> Groups::statistics(std::span<const snapshot::Snapshot> snapshots) const {
  // What is not of frames is charged once, whatever the second key is.
  return snapshot::is_of_frames(outer_.by()) ? snapshot::statistics(snapshots, outer_, charge_) : disjoint(snapshots);
}

std::vector<Statistic> Groups::disjoint(std::span<const snapshot::Snapshot> snapshots) const {
  return snapshot::statistics(snapshots, outer_, snapshot::Charge::most_recent);
}

std::vector<Statistic> Groups::pairs(std::span<const snapshot::Snapshot> snapshots) const {
  if (!inner_) return {};
  return snapshot::statistics(snapshots, outer_, *inner_, charge_);
}

void Groups::describe(Report& report) const {
  report.group_by = options_.names();
  report.keys = options_.keys();
  report.cumulative = charge_ != snapshot::Charge::most_recent;
  report.recursion = charge_ == snapshot::Charge::every_frame;
}

template <typename Row>
void Groups::rank_into(Report& report, std::vector<Row> rows, std::span<const Row> pairs,
                       const snapshot::RankOptions& options, snapshot::FrameOrder frame_order) const {
  const auto ranked = rank(std::move(rows), snapshot::KeyOrder(outer_, frame_order), options);
  fill_rows(report, outer_, ranked);
  if (!inner_) return;
  const snapshot::KeyOrder order(*inner_, frame_order);
  for (std::size_t at = 0; at < ranked.rows.size(); ++at) {
    std::vector<Row> within = rows_within(pairs, ranked.rows[at].key);
    if constexpr (std::is_same_v<Row, StatisticDiff>) {
      if (report.hides_unchanged) report.rows[at].unchanged = take_unchanged(within, report.cumulative);
    }
    fill_rows(report.rows[at], *inner_, rank(std::move(within), order, options));
  }
}

template void Groups::rank_into(Report&, std::vector<Statistic>, std::span<const Statistic>,
                                const snapshot::RankOptions&, snapshot::FrameOrder) const;
template void Groups::rank_into(Report&, std::vector<StatisticDiff>, std::span<const StatisticDiff>,
                                const snapshot::RankOptions&, snapshot::FrameOrder) const;

}  // namespace cli
