#pragma once

#include <snapshot/column.h>
#include <snapshot/info.h>
#include <snapshot/symbols.h>
#include <snapshot/traces.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace snapshot {

/// What the traces with the same traceback, total_nframe and domain hold together.
struct Total {
  TracebackId traceback;
  std::uint32_t total_nframe;  ///< frames before the traceback limit cut them off; 0: the recorder did not say
  std::uint32_t domain;        ///< address space of the blocks: 0 is Python's heap (PEP 445, PyTraceMalloc_Track)
  std::int64_t size;           ///< bytes
  std::int64_t count;          ///< blocks

  void add(std::int64_t block_size, std::int64_t blocks = 1) {
    size += block_size * blocks;
    count += blocks;
  }
};

/// How many blocks of `size` bytes one stands for that was sampled at a mean interval in bytes: the inverse of its
/// probability to be a sample, 1 - exp(-size / interval). 1 where one of the two is 0.
double blocks_of_sample(std::uint64_t size, std::uint64_t interval);

/// Memory blocks that were alive at one moment, and where they were allocated: tracemalloc.Snapshot. Immutable and
/// valid: every row number is in range, every traceback has a frame, every sum over the snapshot fits 63 bits.
class Snapshot {
 public:
  const Symbols& symbols() const { return *symbols_; }

  /// One row for each distinct (traceback, total_nframe, domain). Enough for all statistics but those by block size.
  std::span<const Total> totals() const { return totals_.values(); }

  /// Without rows when the sums alone were kept.
  const TraceColumns& traces() const { return traces_; }
  bool has_traces() const { return has_traces_; }

  /// What is known of the moment and of the process. The threads of traces() are rows of it.
  const SnapshotInfo& info() const { return info_; }

  /// The traces whose row of totals() is marked in `kept` (one entry a row). O(totals + traces).
  Snapshot where_total(const std::vector<bool>& kept) const;

  /// The traces of blocks of `least` to `most` bytes, both included. Throws Error without has_traces(). O(totals +
  /// traces).
  Snapshot where_size(std::int64_t least, std::int64_t most) const;

  /// The traces whose row is wanted. Throws Error without has_traces(). O(totals + traces).
  Snapshot where_trace(const std::function<bool(std::size_t row)>& wanted) const;

  /// The same without traces(), for grouping alone. O(totals).
  Snapshot totals_only() const;

  /// Whether the traces are samples of the blocks, and amounts of them alone. Where there are only sums of sampled
  /// blocks those are estimates already.
  bool has_samples() const { return info_.sampling_interval.value_or(0) != 0 && !info_.is_estimate && has_traces_; }

  /// What samples stand for: each as many blocks of its size as blocks_of_sample() says, in whole numbers that add up.
  /// Single blocks are not kept, as there are more than are known: rows of traces() have counts, and of other columns
  /// the type and the thread. Throws Error when a sum leaves 63 bits. O(totals + traces log(traces)). With
  /// has_samples() alone.
  Snapshot estimated() const;

  std::int64_t size() const { return size_; }    ///< bytes of all blocks
  std::int64_t count() const { return count_; }  ///< number of blocks

 private:
  friend class SnapshotBuilder;
  Snapshot() = default;
  void add_shares(const Snapshot& from, std::span<const std::uint32_t> rows, std::int64_t samples, std::int64_t blocks);

  std::shared_ptr<const Symbols> symbols_;
  Column<Total> totals_;
  TraceColumns traces_;
  bool has_traces_ = true;
  SnapshotInfo info_;
  std::int64_t size_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace snapshot
