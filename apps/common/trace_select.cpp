#include "trace_select.h"

#include "load_snapshots.h"
#include "size_text.h"

#include <fmt/format.h>
#include <snapshot/rank.h>
#include <snapshot/statistics.h>

#include <algorithm>
#include <span>
#include <utility>

namespace cli {
namespace {

using snapshot::FrameId;
using snapshot::GroupBy;
using snapshot::Snapshot;
using snapshot::Symbols;
using snapshot::Total;

/// The file, filtered, with the sums of each traceback.
SelectedTraces load(const TraceOptions& options, Timing& timing) {
  LoadedSnapshots loaded =
      load_snapshots({options.path}, {options.input, options.filter, options.paths}, formats::Detail::totals, timing);
  SelectedTraces selected{
      std::move(loaded.symbols), std::move(loaded.snapshots[0]), std::move(loaded.files[0]), {}, {}, ""};
  if (options.paths.mine()) selected.outside = loaded.outside[0];
  return selected;
}

Snapshot at_place(const Snapshot& snapshot, const std::vector<bool>& frames, bool any_frame) {
  const Symbols& symbols = snapshot.symbols();
  std::vector<bool> kept;
  kept.reserve(snapshot.totals().size());
  for (const Total& total : snapshot.totals()) {
    const auto traceback = symbols.traceback(total.traceback);
    kept.push_back(any_frame ? std::ranges::any_of(traceback, [&](FrameId frame) { return frames[row(frame)]; })
                             : frames[row(traceback.back())]);
  }
  return snapshot.where_total(kept);
}

std::string why_empty(const SelectedTraces& all, const TraceOptions& options) {
  const Snapshot passing = at_place(all.snapshot, all.at_place, true);
  if (passing.count() == 0) return "no traceback passes through " + options.selector.text;
  return fmt::format("nothing was allocated at {}, but {} in {} block{} by what it calls: see --any-frame",
                     options.selector.text, size_text(passing.size()), passing.count(),
                     passing.count() == 1 ? "" : "s");
}

}  // namespace

void add_total(TracebackRow& traceback, const Total& total, const std::vector<snapshot::Domain>& names) {
  if (total.total_nframe != 0) {
    if (!traceback.total_nframe) traceback.total_nframe = {total.total_nframe, total.total_nframe};
    traceback.total_nframe->least = std::min(traceback.total_nframe->least, total.total_nframe);
    traceback.total_nframe->most = std::max(traceback.total_nframe->most, total.total_nframe);
  }
  auto found = std::ranges::lower_bound(traceback.domains, total.domain, {}, &DomainRow::id);
  if (found == traceback.domains.end() || found->id != total.domain) {
    const auto named = std::ranges::find(names, total.domain, &snapshot::Domain::id);
    found = traceback.domains.insert(found, {total.domain, named == names.end() ? "" : named->name});
  }
  found->size += total.size;
  found->count += total.count;
}

SelectedTraces select_traces(const TraceOptions& options, Timing& timing) {
  SelectedTraces selection = load(options, timing);
  if (!options.selector.place) return selection;
  selection.at_place = frames_at(*selection.symbols, *options.selector.place);
  Snapshot selected = at_place(selection.snapshot, selection.at_place, options.any_frame);
  if (selected.count() == 0) selection.why_empty = why_empty(selection, options);
  selection.snapshot = std::move(selected);
  timing.end(Step::filter);
  return selection;
}

TraceReport report_on(const SelectedTraces& selection, const TraceOptions& options) {
  const Snapshot& snapshot = selection.snapshot;
  TraceReport report;
  report.symbols = selection.symbols;
  report.snapshot = selection.file;
  report.selector = options.selector;
  report.any_frame = options.any_frame;
  report.outside = selection.outside;
  report.total = {snapshot.size(), snapshot.count()};
  for (const Total& total : snapshot.totals()) {
    if (total.total_nframe <= selection.symbols->traceback(total.traceback).size()) continue;
    report.cut.size += total.size;
    report.cut.count += total.count;
  }
  return report;
}

TraceReport rank_tracebacks(const SelectedTraces& selection, const TraceOptions& options) {
  const Snapshot& snapshot = selection.snapshot;
  snapshot::RankOptions rank_options;
  rank_options.limit = options.limit();
  const snapshot::KeyOrder order(*selection.symbols, GroupBy::traceback, snapshot::FrameOrder::oldest_first);
  const auto ranked =
      rank(statistics({&snapshot, 1}, GroupBy::traceback, snapshot::Charge::most_recent), order, rank_options);

  TraceReport report = report_on(selection, options);
  report.others = {ranked.other_count, {ranked.others.size, ranked.others.count}};
  std::vector<std::uint32_t> rows(selection.symbols->traceback_count());  // by TracebackId, counted from 1
  for (const snapshot::Statistic& statistic : ranked.rows) {
    const auto traceback = static_cast<snapshot::TracebackId>(statistic.key);
    report.rows.push_back({traceback, statistic.size, statistic.count, {}, {}});
    rows[row(traceback)] = static_cast<std::uint32_t>(report.rows.size());
  }
  for (const Total& total : snapshot.totals()) {
    const std::uint32_t at = rows[row(total.traceback)];
    if (at != 0 && total.count != 0) add_total(report.rows[at - 1], total, snapshot.info().domains);
  }
  return report;
}

}  // namespace cli
