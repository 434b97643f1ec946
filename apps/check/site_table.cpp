#include "site_table.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace cli {
namespace {

using snapshot::GroupBy;
using snapshot::Key;

/// By key of the head: that of the baseline, and what they were paired by.
using Matches = std::map<Key, std::pair<Key, MatchedBy>>;

/// What a version of the code has that the other has not, of one file.
struct Unpaired {
  std::vector<const KeyedRuns*> base;
  std::vector<const KeyedRuns*> head;
};

bool by_lineno(const KeyedRuns* a, const KeyedRuns* b, const snapshot::Symbols& symbols) {
  const auto lineno = [&](const KeyedRuns* each) {
    return symbols.frame(snapshot::FrameId{static_cast<std::uint32_t>(each->key)}).lineno;
  };
  return lineno(a) < lineno(b);
}

/// Pairs the lines of each file.
class LineMatcher {
 public:
  /// `all_frames`: lines are those of all frames, not just of the most recent.
  LineMatcher(const snapshot::Symbols& symbols, std::span<const snapshot::Snapshot> base,
              std::span<const snapshot::Snapshot> head, bool all_frames, RunMode mode, const Sources& sources)
      : symbols_(symbols),
        base_functions_(base, all_frames),
        head_functions_(head, all_frames),
        mode_(mode),
        sources_(sources) {}

  Matches match(const std::vector<KeyedRuns>& base, const std::vector<KeyedRuns>& head) {
    std::map<snapshot::StringId, Unpaired> files;
    for (const KeyedRuns& each : base) files[filename(each.key)].base.push_back(&each);
    for (const KeyedRuns& each : head) files[filename(each.key)].head.push_back(&each);
    Matches matches;
    for (auto& [file, sites] : files) match_file(sites, matches);
    return matches;
  }

 private:
  snapshot::Frame frame(Key key) const { return symbols_.frame(snapshot::FrameId{static_cast<std::uint32_t>(key)}); }
  snapshot::StringId filename(Key key) const { return frame(key).filename; }

  void match_file(Unpaired& sites, Matches& matches) {
    if (std::ranges::equal(sites.base, sites.head, {}, &KeyedRuns::key, &KeyedRuns::key)) {
      for (const KeyedRuns* each : sites.head) matches[each->key] = {each->key, MatchedBy::key};
      return;
    }
    const auto before = [&](const KeyedRuns* a, const KeyedRuns* b) { return by_lineno(a, b, symbols_); };
    std::ranges::sort(sites.base, before);
    std::ranges::sort(sites.head, before);
    const auto base = places(sites.base, base_functions_, sources_.base);
    const auto head = places(sites.head, head_functions_, sources_.head);
    for (const PlacePair& pair : match_places(base, head)) {
      matches[sites.head[pair.head]->key] = {sites.base[pair.base]->key, pair.by};
    }
  }

  std::vector<CodePlace> places(const std::vector<const KeyedRuns*>& sites, const LineFunctions& functions,
                                SourceLines* sources) const {
    std::vector<CodePlace> places;
    for (const KeyedRuns* each : sites) {
      const snapshot::Frame at = frame(each->key);
      const auto source = sources == nullptr ? "" : sources->line(symbols_.text(at.filename), at.lineno);
      places.push_back({at.lineno, functions.of(each->key), source, combine({{}, each->runs}, mode_).head});
    }
    return places;
  }

  const snapshot::Symbols& symbols_;
  LineFunctions base_functions_;
  LineFunctions head_functions_;
  RunMode mode_;
  const Sources& sources_;
};

using Statistics = std::function<std::vector<snapshot::Statistic>(std::span<const snapshot::Snapshot>)>;

std::vector<KeyedRuns> keyed_runs(const Statistics& statistics, std::span<const snapshot::Snapshot> snapshots) {
  std::map<Key, std::vector<Holding>> rows;
  for (std::size_t run = 0; run < snapshots.size(); ++run) {
    for (const snapshot::Statistic& row : statistics(snapshots.subspan(run, 1))) {
      std::vector<Holding>& runs = rows[row.key];
      runs.resize(snapshots.size());
      runs[run] = {row.size, row.count};
    }
  }
  std::vector<KeyedRuns> result;
  result.reserve(rows.size());
  for (auto& [key, runs] : rows) result.push_back({key, std::move(runs)});
  return result;
}

/// Pairs tracebacks all of whose lines are paired, in their order.
class TracebackMatcher {
 public:
  TracebackMatcher(const snapshot::Symbols& symbols, std::span<const snapshot::Snapshot> base,
                   std::span<const snapshot::Snapshot> head, RunMode mode, const Sources& sources)
      : symbols_(symbols) {
    const Statistics by_line = [](std::span<const snapshot::Snapshot> snapshots) {
      return snapshot::statistics(snapshots, GroupBy::lineno, snapshot::Charge::once);
    };
    LineMatcher matcher(symbols, base, head, true, mode, sources);
    lines_ = matcher.match(keyed_runs(by_line, base), keyed_runs(by_line, head));
  }

  /// `matches` has those that are the same already.
  void match(const std::vector<KeyedRuns>& base, const std::vector<KeyedRuns>& head, Matches& matches) const {
    std::map<std::vector<Key>, Key> left;
    for (const KeyedRuns& each : base) {
      if (!matches.contains(each.key)) left.emplace(lines_of(each.key), each.key);
    }
    for (const KeyedRuns& each : head) {
      if (matches.contains(each.key)) continue;
      MatchedBy by = MatchedBy::key;
      const auto found = left.find(base_lines(each.key, by));
      if (found == left.end()) continue;
      matches[each.key] = {found->second, by};
      left.erase(found);
    }
  }

 private:
  std::vector<Key> lines_of(Key traceback) const {
    std::vector<Key> lines;
    for (const snapshot::FrameId id :
         symbols_.traceback(snapshot::TracebackId{static_cast<std::uint32_t>(traceback)})) {
      lines.push_back(row(symbols_.line(id)));
    }
    return lines;
  }

  /// The lines as they were in the baseline, where all are known; `by` becomes the weakest that they are known by.
  std::vector<Key> base_lines(Key traceback, MatchedBy& by) const {
    std::vector<Key> lines = lines_of(traceback);
    for (Key& line : lines) {
      const auto found = lines_.find(line);
      if (found == lines_.end()) return {};
      line = found->second.first;
      by = std::max(by, found->second.second);
    }
    return lines;
  }

  const snapshot::Symbols& symbols_;
  Matches lines_;
};

}  // namespace

std::vector<KeyedRuns> keyed_runs(const Groups& groups, std::span<const snapshot::Snapshot> snapshots) {
  return keyed_runs([&](std::span<const snapshot::Snapshot> run) { return groups.statistics(run); }, snapshots);
}

const std::vector<Holding>* find_runs(const std::vector<KeyedRuns>& rows, const std::optional<Key>& key) {
  if (!key) return nullptr;
  const auto found = std::ranges::lower_bound(rows, *key, {}, &KeyedRuns::key);
  return found != rows.end() && found->key == *key ? &found->runs : nullptr;
}

LineFunctions::LineFunctions(std::span<const snapshot::Snapshot> snapshots, bool all_frames) {
  for (const snapshot::Snapshot& snapshot : snapshots) {
    const snapshot::Symbols& symbols = snapshot.symbols();
    for (const snapshot::Total& total : snapshot.totals()) {
      const std::span<const snapshot::FrameId> frames = symbols.traceback(total.traceback);
      for (const snapshot::FrameId id : all_frames ? frames : frames.last(1)) {
        const snapshot::StringId function = symbols.frame(id).function;
        if (function == snapshot::kUnknownString) continue;
        const auto [entry, added] = functions_.try_emplace(row(symbols.line(id)), Named{function, total.size});
        if (!added && total.size > entry->second.size) entry->second = {function, total.size};
      }
    }
  }
}

snapshot::StringId LineFunctions::of(Key line) const {
  const auto found = functions_.find(line);
  return found == functions_.end() ? snapshot::kUnknownString : found->second.function;
}

std::vector<SiteRuns> match_sites(const Groups& groups, std::span<const snapshot::Snapshot> base,
                                  std::span<const snapshot::Snapshot> head, MatchHow how, RunMode mode,
                                  const Sources& sources) {
  const std::vector<KeyedRuns> base_rows = keyed_runs(groups, base);
  const std::vector<KeyedRuns> head_rows = keyed_runs(groups, head);
  const snapshot::Symbols& symbols = groups.outer().symbols();
  const bool by_line = groups.outer().by() == GroupBy::lineno;
  const bool weakly = how == MatchHow::automatic && !base.empty();
  Matches matches;
  if (weakly && by_line) {
    matches = LineMatcher(symbols, base, head, groups.is_cumulative(), mode, sources).match(base_rows, head_rows);
  } else {
    for (const KeyedRuns& each : head_rows) {
      if (find_runs(base_rows, each.key) != nullptr) matches[each.key] = {each.key, MatchedBy::key};
    }
  }
  if (weakly && groups.outer().by() == GroupBy::traceback && matches.size() < head_rows.size()) {
    TracebackMatcher(symbols, base, head, mode, sources).match(base_rows, head_rows, matches);
  }
  std::vector<SiteRuns> sites;
  std::vector<Key> taken;
  const std::vector<Holding> no_base(base.size());
  for (const KeyedRuns& each : head_rows) {
    const auto match = matches.find(each.key);
    SiteRuns site{std::nullopt, each.key, MatchedBy::nothing, {no_base, each.runs}};
    if (match != matches.end()) {
      site.base_key = match->second.first;
      site.matched = match->second.second;
      site.runs.base = *find_runs(base_rows, site.base_key);
      taken.push_back(*site.base_key);
    }
    sites.push_back(std::move(site));
  }
  std::ranges::sort(taken);
  for (const KeyedRuns& each : base_rows) {
    if (std::ranges::binary_search(taken, each.key)) continue;
    sites.push_back({each.key, std::nullopt, MatchedBy::nothing, {each.runs, std::vector<Holding>(head.size())}});
  }
  return sites;
}

}  // namespace cli
