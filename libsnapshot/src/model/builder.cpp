#include <snapshot/builder.h>
#include <snapshot/error.h>

#include "hash.h"

#include <utility>

namespace snapshot {

SnapshotBuilder::SnapshotBuilder(std::shared_ptr<Symbols> symbols, bool totals_only)
    : symbols_(std::move(symbols)), totals_only_(totals_only) {}

std::uint32_t SnapshotBuilder::find_total(TracebackId traceback, std::uint32_t total_nframe, std::uint32_t domain) {
  if (row(traceback) >= first_totals_.size()) first_totals_.resize(symbols_->traceback_count());
  const auto next = static_cast<std::uint32_t>(totals_.size());
  std::uint32_t found = next;
  if (std::uint32_t& first = first_totals_[row(traceback)]; first == 0) {
    first = next + 1;
  } else {
    const std::uint64_t limits = (std::uint64_t{total_nframe} << 32U) | domain;
    const std::uint64_t hash = mix(mix(limits ^ kHashMultiplier, kHashMultiplier) ^ row(traceback), kHashMultiplier);
    found = other_totals_.find_or_insert(hash, next, [&](std::uint32_t candidate) {
      const Total& total = totals_[candidate];
      return total.traceback == traceback && total.total_nframe == total_nframe && total.domain == domain;
    });
  }
  if (found == next) totals_.push_back({traceback, total_nframe, domain, 0, 0});
  return found;
}

void SnapshotBuilder::keep(std::span<const TraceRange> ranges) {
  if (ranges.size() == 1 && ranges[0].first == 0 && ranges[0].last == trace_count()) return;
  const TraceColumns all = std::move(traces_);
  traces_ = {};
  trace_count_ = 0;
  size_ = 0;
  for (Total& total : totals_.values()) total.size = total.count = 0;
  for (const TraceRange& range : ranges) {
    for (std::size_t at = range.first; at < range.last; ++at) add_trace(all.total[at], all.size[at]);
  }
}

Snapshot SnapshotBuilder::finish() && {
  Snapshot snapshot;
  snapshot.symbols_ = std::move(symbols_);
  snapshot.totals_ = std::move(totals_);
  snapshot.traces_ = std::move(traces_);
  snapshot.has_traces_ = !totals_only_;
  snapshot.traceback_limit_ = traceback_limit_;
  snapshot.size_ = size_;
  snapshot.count_ = static_cast<std::int64_t>(trace_count_);
  return snapshot;
}

void SnapshotBuilder::refuse_size() {
  throw Error("the sizes of the blocks add up to more than 9223372036854775807 bytes");
}

}  // namespace snapshot
