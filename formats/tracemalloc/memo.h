#pragma once

#include "value.h"

#include <snapshot/column.h>
#include <snapshot/row_index.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace formats::tracemalloc {

/// Pickle's memo: values by number. CPython numbers every tuple of a dump, millions of frames and traces, and then uses
/// none of those numbers again: just names and tracebacks are shared. So a lean memo forgets frames and traces, which
/// took more memory than all else together; the reader starts again with a full one where a dump does share them.
class Memo {
 public:
  explicit Memo(bool lean) : lean_(lean) {}

  void put(std::uint32_t at, Value value) {
    ++puts_;
    const bool again = at < size_;
    if (!again) size_ = std::size_t{at} + 1;
    if (value.kind != Kind::frame && value.kind != Kind::trace) {
      const std::uint32_t row = index_.find_or_insert(hash(at), static_cast<std::uint32_t>(values_.size()), kFound);
      if (row == values_.size()) values_.push_back(value);
      values_[row] = value;
      return;
    }
    if (!lean_) {
      if (at >= rows_.size()) rows_.resize(size_);
      rows_[at] = {value.kind, static_cast<std::uint32_t>(value.payload)};
    }
    if (!again) return;
    const std::uint32_t row = index_.find(hash(at), kFound);
    if (row != snapshot::RowIndex::kNone) values_[row] = lean_ ? Value{Kind::forgotten} : value;
  }

  /// Puts each value, frames or traces all, under the next number.
  void append(std::span<const Value> values) {
    if (!lean_) {
      for (const Value value : values) put(static_cast<std::uint32_t>(size_), value);
    } else {
      size_ += values.size();
      puts_ += values.size();
    }
  }

  /// The value put there last; a value of kind Kind::forgotten for a number without one (for a lean memo it may be a
  /// frame or a trace).
  Value get(std::uint32_t at) const {
    const std::uint32_t row = index_.find(hash(at), kFound);
    if (row != snapshot::RowIndex::kNone) return values_[row];
    return at < rows_.size() ? Value{rows_[at].kind, rows_[at].payload} : Value{Kind::forgotten};
  }

  /// The number that MEMOIZE gives next.
  std::size_t size() const { return size_; }
  /// Whether a pickler may have come to this number: they are given one after the other. Some are left out at most.
  bool plausible(std::uint64_t at) const { return at <= kSlack + 2 * puts_; }
  std::size_t value_count() const { return values_.size(); }
  bool lean() const { return lean_; }

 private:
  static constexpr std::uint64_t kSlack = 1U << 16U;

  struct Row {
    Kind kind = Kind::forgotten;
    std::uint32_t payload = 0;
  };

  /// Multiplying by an odd number permutes the 32-bit numbers, so that equal hashes are equal numbers.
  static std::uint64_t hash(std::uint32_t at) {
    return std::uint64_t{static_cast<std::uint32_t>(at * 0x9E3779B1U)} << 32U;
  }
  static constexpr auto kFound = [](std::uint32_t) { return true; };

  bool lean_;
  std::size_t size_ = 0;
  std::uint64_t puts_ = 0;
  snapshot::RowIndex index_;  // of values_, by number
  snapshot::Column<Value> values_;
  snapshot::Column<Row> rows_;  // frames and traces, by number
};

}  // namespace formats::tracemalloc
