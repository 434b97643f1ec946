#include <snapshot/builder.h>
#include <snapshot/error.h>

#include "hash.h"

#include <string>
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

void SnapshotBuilder::count_in(std::int64_t size, std::int64_t count) {
  if (__builtin_add_overflow(size_, size, &size_)) refuse_size();
  if (__builtin_add_overflow(count_, count, &count_)) throw Error("more than 9223372036854775807 blocks");
}

void SnapshotBuilder::add_equal_traces(std::uint32_t total, std::int64_t size, std::int64_t count) {
  std::int64_t together = 0;
  if (__builtin_mul_overflow(size, count, &together)) refuse_size();
  count_in(together, count);
  totals_[total].add(size, count);
  if (totals_only_) return;
  traces_.total.push_back(total);
  traces_.size.push_back(size);
  traces_.count.push_back(count);
}

void SnapshotBuilder::add_sum(std::uint32_t total, std::int64_t size, std::int64_t count) {
  count_in(size, count);
  totals_[total].size += size;
  totals_[total].count += count;
}

void SnapshotBuilder::set_totals(Column<Total> totals) {
  totals_ = std::move(totals);
  for (Total& total : totals_.values()) {
    if (totals_only_) {
      count_in(total.size, total.count);
    } else {
      total.size = total.count = 0;
    }
  }
}

void SnapshotBuilder::keep(std::span<const TraceRange> ranges) {
  if (ranges.size() == 1 && ranges[0].first == 0 && ranges[0].last == traces_.rows()) return;
  const TraceColumns all = std::move(traces_);
  traces_ = {};
  count_ = 0;
  size_ = 0;
  for (Total& total : totals_.values()) total.size = total.count = 0;
  for (const TraceRange& range : ranges) {
    for (std::size_t at = range.first; at < range.last; ++at) {
      const std::int64_t count = all.count_of(at);
      count_in(all.size[at] * count, count);
      totals_[all.total[at]].add(all.size[at], count);
      traces_.append_row(all, at, all.total[at]);
    }
  }
}

void SnapshotBuilder::check_columns() const {
  const std::size_t rows = traces_.rows();
  const auto whole = [&](std::size_t size) { return size == 0 || size == rows; };
  if (!whole(traces_.count.size()) || !whole(traces_.type.size()) || !whole(traces_.address.size()) ||
      !whole(traces_.thread.size()) || !whole(traces_.birth.size()) || !whole(traces_.weight.size())) {
    throw Error("a column of the traces has not a row for each");
  }
  const bool single = !traces_.address.empty() || (!traces_.thread.empty() && !info_.is_estimate) ||
                      !traces_.birth.empty() || !traces_.weight.empty();
  if (single && !traces_.count.empty()) throw Error("rows of several equal traces have columns of single blocks");
  for (const std::uint32_t thread : traces_.thread.values()) {
    if (thread >= info_.threads.size() && thread != TraceColumns::kUnknownThread) {
      throw Error("a trace names thread " + std::to_string(thread) + ", but there are " +
                  std::to_string(info_.threads.size()));
    }
  }
  for (const StringId type : traces_.type.values()) {
    if (type != kUnknownString && row(type) >= symbols_->string_count()) {
      throw Error("a trace names string " + std::to_string(row(type)) + " as its type, but there are " +
                  std::to_string(symbols_->string_count()));
    }
  }
}

Snapshot SnapshotBuilder::finish() && {
  check_columns();
  Snapshot snapshot;
  snapshot.symbols_ = std::move(symbols_);
  snapshot.totals_ = std::move(totals_);
  snapshot.traces_ = std::move(traces_);
  snapshot.has_traces_ = !totals_only_;
  snapshot.info_ = std::move(info_);
  snapshot.size_ = size_;
  snapshot.count_ = count_;
  return snapshot;
}

void SnapshotBuilder::refuse_size() {
  throw Error("the sizes of the blocks add up to more than 9223372036854775807 bytes");
}

}  // namespace snapshot
