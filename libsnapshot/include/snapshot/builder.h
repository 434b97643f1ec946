#pragma once

#include <snapshot/snapshot.h>

#include <cstddef>
#include <memory>
#include <span>

namespace snapshot {

/// Rows [first, last) of the traces added so far.
struct TraceRange {
  std::size_t first;
  std::size_t last;
};

/// The only way to make a Snapshot. Readers intern what a file shares once, and then add each trace in O(1), or, where
/// sums are all that there is, each sum. Throws Error when the sizes of all blocks add up to more than 2^63 - 1 bytes,
/// so that no sum over a Snapshot can.
class SnapshotBuilder {
 public:
  /// Sums alone are kept of the traces when `totals_only`: a Snapshot without has_traces().
  explicit SnapshotBuilder(std::shared_ptr<Symbols> symbols, bool totals_only = false);

  Symbols& symbols() { return *symbols_; }

  /// The row of the totals for traces with these three properties. `traceback` is of symbols() and has a frame.
  /// O(1).
  std::uint32_t total(TracebackId traceback, std::uint32_t total_nframe, std::uint32_t domain) {
    const std::uint32_t first = row(traceback) < first_totals_.size() ? first_totals_[row(traceback)] : 0;
    if (first != 0 && totals_[first - 1].total_nframe == total_nframe && totals_[first - 1].domain == domain) {
      return first - 1;
    }
    return find_total(traceback, total_nframe, domain);
  }

  /// Adds one block of `size` bytes, at least 0; `total` is a row from total(). O(1).
  void add_trace(std::uint32_t total, std::int64_t size) {
    if (__builtin_add_overflow(size_, size, &size_)) refuse_size();  // first: no row's sum is more than this
    ++count_;
    totals_[total].add(size);
    if (totals_only_) return;
    traces_.total.push_back(total);
    traces_.size.push_back(size);
  }

  /// Adds `count` blocks, at least 1, of `size` bytes each that differ in nothing, as one row; either all rows are
  /// added so, or none.
  void add_equal_traces(std::uint32_t total, std::int64_t size, std::int64_t count);

  /// Adds `count` blocks of together `size` bytes. With `totals_only` alone.
  void add_sum(std::uint32_t total, std::int64_t size, std::int64_t count);

  /// Takes all rows of the totals at once, in place of calls of total(): they are distinct, which the caller knows, and
  /// each has a block. With `totals_only` their sums are those of the snapshot; without, the traces are still to be
  /// added.
  void set_totals(Column<Total> totals);

  std::size_t trace_count() const { return static_cast<std::size_t>(count_); }

  /// Where further columns of the traces go: each has a row for each trace in the end, or none.
  TraceColumns& columns() { return traces_; }

  /// Keeps just these traces, in this order; a row may be kept more than once. Not with `totals_only`. Each of
  /// columns() has a row for each trace by now, or none.
  void keep(std::span<const TraceRange> ranges);

  bool totals_only() const { return totals_only_; }

  SnapshotInfo& info() { return info_; }

  /// Hands over. Throws Error when a column has neither a row for each trace nor none, when one of single blocks
  /// stands beside counts, or when it names a thread that is not among those of info() or a type that is no string of
  /// symbols().
  Snapshot finish() &&;

 private:
  [[noreturn]] static void refuse_size();
  void count_in(std::int64_t size, std::int64_t count);
  void check_columns() const;
  std::uint32_t find_total(TracebackId traceback, std::uint32_t total_nframe, std::uint32_t domain);

  std::shared_ptr<Symbols> symbols_;
  Column<Total> totals_;
  Column<std::uint32_t> first_totals_;  // by TracebackId: its first row of totals_, counted from 1; 0: none
  RowIndex other_totals_;               // of the few rows that are not their traceback's first
  TraceColumns traces_;
  bool totals_only_;
  std::int64_t size_ = 0;
  std::int64_t count_ = 0;
  SnapshotInfo info_;
};

}  // namespace snapshot
