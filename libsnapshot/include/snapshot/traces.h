#pragma once

#include <snapshot/column.h>
#include <snapshot/ids.h>
#include <snapshot/size_column.h>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace snapshot {

/// The traces of a snapshot. A row is one block; or, where `count` has rows, as many as that which differ in nothing.
/// A column without rows is one that the recorder did not know.
struct TraceColumns {
  static constexpr std::uint32_t kUnknownThread = std::numeric_limits<std::uint32_t>::max();

  Column<std::uint32_t> total;  ///< row of Snapshot::totals()
  SizeColumn size;              ///< bytes of one block
  Column<std::int64_t> count;   ///< blocks, at least 1; without rows: 1 everywhere
  Column<StringId> type;        ///< name of the type of the object that lives in the block, or kUnknownString

  // Of single blocks, so not where `count` has rows; the thread alone may stand there in estimates.
  Column<std::uint64_t> address;
  Column<std::uint32_t> thread;  ///< row of SnapshotInfo::threads, or kUnknownThread
  Column<std::int64_t> birth;    ///< nanoseconds since 1970-01-01T00:00:00Z
  Column<std::uint64_t> weight;  ///< bytes that a sampled block stands for

  std::size_t rows() const { return total.size(); }
  std::int64_t count_of(std::size_t row) const { return count.empty() ? 1 : count[row]; }

  /// Appends a row of `from`, whose total is row `total_row` here. Both have the same columns, or this has no rows yet.
  void append_row(const TraceColumns& from, std::size_t row, std::uint32_t total_row) {
    total.push_back(total_row);
    size.push_back(from.size[row]);
    if (!from.count.empty()) count.push_back(from.count[row]);
    if (!from.type.empty()) type.push_back(from.type[row]);
    if (!from.address.empty()) address.push_back(from.address[row]);
    if (!from.thread.empty()) thread.push_back(from.thread[row]);
    if (!from.birth.empty()) birth.push_back(from.birth[row]);
    if (!from.weight.empty()) weight.push_back(from.weight[row]);
  }
};

}  // namespace snapshot
