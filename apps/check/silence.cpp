#include "silence.h"

#include "scopes.h"

#include <algorithm>

namespace cli {
namespace {

using snapshot::Snapshot;

std::vector<std::size_t> find_all(const Snapshot& snapshot, Suppressor& suppressor) {
  std::vector<std::size_t> rows;
  for (const snapshot::Total& total : snapshot.totals()) {
    rows.push_back(suppressor.find(snapshot.symbols(), total.traceback));
  }
  return rows;
}

std::vector<bool> marked(const std::vector<std::size_t>& suppressions) {
  std::vector<bool> marks;
  for (const std::size_t each : suppressions) marks.push_back(each != Suppressor::kNone);
  return marks;
}

void take(SilencedSizes& sizes, std::size_t suppression, const snapshot::Total& total) {
  const auto [found, is_new] = sizes.try_emplace(suppression, total.size);
  if (!is_new) found->second = std::max(found->second, total.size);
}

bool is_nothing(const Holding& holding) { return holding == Holding{}; }

Holding most_of(const std::vector<Holding>& runs) {
  Holding most;
  for (const Holding& each : runs) most = {std::max(most.size, each.size), std::max(most.count, each.count)};
  return most;
}

}  // namespace

std::size_t longest_traceback(std::span<const Snapshot> snapshots) {
  std::size_t longest = 0;
  for (const Snapshot& snapshot : snapshots) {
    for (const snapshot::Total& total : snapshot.totals()) {
      longest = std::max(longest, snapshot.symbols().traceback(total.traceback).size());
    }
  }
  return longest;
}

std::vector<snapshot::Key> sites_of(const Groups& groups, const Snapshot& snapshot, const snapshot::Total& total) {
  const snapshot::Grouping& grouping = groups.outer();
  if (snapshot::is_of_traces(grouping.by())) return {};
  if (!snapshot::is_of_frames(grouping.by())) return {grouping.of_trace(snapshot, total, std::nullopt, {})};
  std::vector<snapshot::Key> keys;
  const auto frames = snapshot.symbols().traceback(total.traceback);
  for (const snapshot::FrameId frame : groups.is_cumulative() ? frames : frames.last(1)) {
    keys.push_back(grouping.of_frame(frame));
  }
  return keys;
}

Silence::Silence(Suppressor& suppressor, const Groups& groups, std::span<const Snapshot> base,
                 std::span<const Snapshot> head)
    : base_(base), head_(head), base_is_shallow_(longest_traceback(base) < longest_traceback(head)) {
  std::vector<Snapshot> silenced;
  for (const std::span<const Snapshot> side : {base, head}) {
    for (const Snapshot& snapshot : side) {
      by_total_.push_back(find_all(snapshot, suppressor));
      silenced.push_back(snapshot.where_total(marked(by_total_.back())));
    }
  }
  base_sites_ = keyed_runs(groups, std::span(silenced).first(base.size()));
  head_sites_ = keyed_runs(groups, std::span(silenced).subspan(base.size()));
  for (std::size_t run = 0; run < head.size(); ++run) {
    const std::vector<std::size_t>& rows = by_total_[base.size() + run];
    for (std::size_t at = 0; at < rows.size(); ++at) {
      if (rows[at] == Suppressor::kNone) continue;
      const snapshot::Total& total = head[run].totals()[at];
      for (const snapshot::Key key : sites_of(groups, head[run], total)) {
        take(by_site_[key], rows[at], total);
      }
    }
  }
}

Runs Silence::without(const Runs& runs, const std::vector<Holding>& base, const std::vector<Holding>& head) const {
  Runs rest = runs;
  for (std::size_t at = 0; at < rest.head.size(); ++at) {
    rest.head[at] = {runs.head[at].size - head[at].size, runs.head[at].count - head[at].count};
  }
  const Holding most = base_is_shallow_ ? most_of(head) : Holding{};
  for (std::size_t at = 0; at < rest.base.size(); ++at) {
    const Holding& all = runs.base[at];
    const Holding silenced{std::max(base[at].size, std::min(all.size, most.size)),
                           std::max(base[at].count, std::min(all.count, most.count))};
    rest.base[at] = {all.size - silenced.size, all.count - silenced.count};
  }
  return rest;
}

std::optional<Runs> Silence::rest_of(const SiteRuns& site) const {
  const std::vector<Holding>* const head = find_runs(head_sites_, site.head_key);
  if (head == nullptr) return std::nullopt;
  const std::vector<Holding>* const base = find_runs(base_sites_, site.base_key);
  return without(site.runs, base == nullptr ? std::vector<Holding>(base_.size()) : *base, *head);
}

std::optional<Runs> Silence::rest_of(const RuleName& rule, const Runs& runs) const {
  Runs silenced;
  for (std::size_t at = 0; at < by_total_.size(); ++at) {
    const bool is_base = at < base_.size();
    const Snapshot& snapshot = is_base ? base_[at] : head_[at - base_.size()];
    std::vector<bool> rows = totals_in(rule, snapshot);
    for (std::size_t total = 0; total < rows.size(); ++total) {
      rows[total] = rows[total] && by_total_[at][total] != Suppressor::kNone;
    }
    (is_base ? silenced.base : silenced.head).push_back(holding_of(snapshot, rows));
  }
  if (std::ranges::all_of(silenced.head, is_nothing)) return std::nullopt;
  return without(runs, silenced.base, silenced.head);
}

SilencedSizes Silence::suppressions_of(const SiteRuns& site) const {
  const auto found = site.head_key ? by_site_.find(*site.head_key) : by_site_.end();
  return found == by_site_.end() ? SilencedSizes{} : found->second;
}

SilencedSizes Silence::suppressions_of(const RuleName& rule) const {
  SilencedSizes sizes;
  for (std::size_t run = 0; run < head_.size(); ++run) {
    const std::vector<bool> in_scope = totals_in(rule, head_[run]);
    const std::vector<std::size_t>& rows = by_total_[base_.size() + run];
    for (std::size_t at = 0; at < rows.size(); ++at) {
      if (in_scope[at] && rows[at] != Suppressor::kNone) take(sizes, rows[at], head_[run].totals()[at]);
    }
  }
  return sizes;
}

}  // namespace cli
