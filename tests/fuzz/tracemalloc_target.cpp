// Any bytes as a dump: whatever they hold, they load or are refused, by the same words on every way in, and what loads
// can be analysed. Links with libFuzzer, or with replay.cpp for the corpus.
#include "../formats/outcome.h"
#include "require.h"

#include <snapshot/compare.h>
#include <snapshot/error.h>
#include <snapshot/filter.h>
#include <snapshot/grouping.h>
#include <snapshot/map_frames.h>
#include <snapshot/rank.h>
#include <snapshot/statistics.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace {

using formats::Detail;
using fuzz::require;
using snapshot::Charge;
using snapshot::GroupBy;
using snapshot::Snapshot;
using snapshot::Statistic;

void rank_all(const Snapshot& snapshot, GroupBy group_by, const std::vector<Statistic>& rows) {
  const snapshot::Grouping grouping(snapshot.symbols(), std::span(&snapshot, 1), {.by = group_by});
  const snapshot::KeyOrder order(grouping, snapshot::FrameOrder::oldest_first);
  const auto ranked = snapshot::rank(rows, order, {snapshot::SortBy::standard, false, 3});
  require(ranked.rows.size() + ranked.other_count == rows.size(), "rank loses no row");
}

void check_sums(const Snapshot& snapshot, GroupBy group_by) {
  const std::vector<Statistic> rows = snapshot::statistics(std::span(&snapshot, 1), group_by, Charge::most_recent);
  std::int64_t size = 0;
  std::int64_t count = 0;
  for (const Statistic& row : rows) {
    size += row.size;
    count += row.count;
  }
  require(size == snapshot.size() && count == snapshot.count(), "statistics add up to the snapshot");
  for (const snapshot::StatisticDiff& row : snapshot::compare(rows, rows)) {
    require(row.status() == snapshot::Status::same, "a snapshot is the same as itself");
  }
  rank_all(snapshot, group_by, rows);
}

void check_cumulative(const Snapshot& snapshot, GroupBy group_by, Charge charge) {
  try {
    rank_all(snapshot, group_by, snapshot::statistics(std::span(&snapshot, 1), group_by, charge));
  } catch (const snapshot::Error&) {
    // A block that is charged to many frames can add up to more than 63 bits.
  }
}

void check_filters(const Snapshot& snapshot) {
  const snapshot::Filter inside{true, "*[a-m]*", {}, true, {}};
  const snapshot::Filter outside{false, "*[a-m]*", {}, true, {}};
  const std::array<snapshot::TraceFilter, 1> in{inside};
  const std::array<snapshot::TraceFilter, 1> out{outside};
  const std::array<snapshot::TraceFilter, 2> some{snapshot::Filter{true, "*.py", 1, false, 0},
                                                  snapshot::DomainFilter{false, 1}};
  const Snapshot kept = snapshot::filter_traces(snapshot, in);
  const Snapshot rest = snapshot::filter_traces(snapshot, out);
  require(kept.size() + rest.size() == snapshot.size(), "a filter and its opposite share the snapshot out");
  require(kept.count() + rest.count() == snapshot.count(), "a filter and its opposite share the blocks out");
  check_sums(snapshot::filter_traces(snapshot, some), GroupBy::lineno);
  if (!snapshot.has_traces()) return;
  const Snapshot all = snapshot.where_size(0, std::numeric_limits<std::int64_t>::max());
  require(all.size() == snapshot.size() && all.count() == snapshot.count(), "every size is in the range of all sizes");
}

/// By two keys at once, the rows add up to those by one.
void check_pairs(const Snapshot& snapshot) {
  const auto snapshots = std::span(&snapshot, 1);
  const snapshot::Grouping outer(snapshot.symbols(), snapshots, {.by = GroupBy::directory, .depth = 2});
  const snapshot::Grouping inner(snapshot.symbols(), snapshots, {.by = GroupBy::lineno});
  const std::vector<Statistic> rows = snapshot::statistics(snapshots, outer, Charge::most_recent);
  std::vector<Statistic> sums;
  for (const Statistic& row : snapshot::statistics(snapshots, outer, inner, Charge::most_recent)) {
    if (sums.empty() || sums.back().key != snapshot::outer_key(row.key))
      sums.push_back({snapshot::outer_key(row.key), 0, 0});
    sums.back().size += row.size;
    sums.back().count += row.count;
  }
  for (const snapshot::StatisticDiff& row : snapshot::compare(rows, sums)) {
    require(row.status() == snapshot::Status::same, "groups within a group add up to it");
  }
}

/// Leaves out every frame of an even line.
void check_map(const Snapshot& snapshot, const std::shared_ptr<snapshot::Symbols>& symbols) {
  const auto map =
      snapshot::kept_frames(*symbols, [&](snapshot::FrameId frame) { return symbols->frame(frame).lineno % 2 == 1; });
  const snapshot::MappedSnapshot mapped = snapshot::map_frames(snapshot, symbols, map);
  require(mapped.snapshot.size() + mapped.size == snapshot.size(), "no block is lost with its frames");
  require(mapped.snapshot.count() + mapped.count == snapshot.count(), "every block is counted");
  for (const snapshot::Total& total : mapped.snapshot.totals()) {
    for (const snapshot::FrameId frame : symbols->traceback(total.traceback)) {
      require(symbols->frame(frame).lineno % 2 == 1, "frames that are left out are gone");
    }
  }
}

void analyse(const Snapshot& snapshot, const std::shared_ptr<snapshot::Symbols>& symbols) {
  for (const GroupBy group_by : {GroupBy::lineno, GroupBy::filename, GroupBy::traceback, GroupBy::function,
                                 GroupBy::directory, GroupBy::module, GroupBy::domain}) {
    check_sums(snapshot, group_by);
  }
  if (snapshot.has_traces()) {
    check_sums(snapshot, GroupBy::thread);
    check_sums(snapshot, GroupBy::type);
    check_sums(snapshot, GroupBy::size_class);
  }
  check_pairs(snapshot);
  check_map(snapshot, symbols);
  for (const GroupBy group_by :
       {GroupBy::lineno, GroupBy::filename, GroupBy::function, GroupBy::directory, GroupBy::module}) {
    check_cumulative(snapshot, group_by, Charge::once);
    check_cumulative(snapshot, group_by, Charge::every_frame);
  }
  check_filters(snapshot);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const auto lean = formats_test::load_mapped(bytes, symbols, Detail::totals);
  const auto full = formats_test::load_mapped(bytes, symbols, Detail::traces);
  const auto streamed = formats_test::load_streamed(bytes, 1 + size % 61, symbols, Detail::traces);
  require(formats_test::agree(lean, full), "sums alone agree with the traces");
  require(formats_test::agree_across(full, streamed), "a pipe agrees with a file");
  for (const auto* outcome : {&lean, &full, &streamed}) {
    if (outcome->snapshot) analyse(*outcome->snapshot, symbols);
  }
  return 0;
}
