#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace snapshot {

/// A hash table from the hash of a value to the row of a column: open addressing with linear probing, 8 bytes a slot,
/// at most half full. The values stay in their columns, so the caller supplies the equality. (std::unordered_set takes
/// an allocation and a pointer chase for each value: interning the 59,000 tracebacks of a real dump was 3 times
/// slower.)
class RowIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// Makes room for so many rows at once.
  void reserve(std::size_t rows) {
    if (2 * rows > slots_.size()) resize(std::bit_ceil(2 * rows));
  }

  /// The row that `equal(row)` accepts, or kNone. Amortised O(1). `hash` must be well mixed in its upper 32 bits.
  template <typename Equal>
  std::uint32_t find(std::uint64_t hash, Equal equal) const {
    return slots_.empty() ? kNone : slots_[probe(hash, equal)].row_plus_one - 1;
  }

  /// The same, but enters `next` under `hash` when there is none, and returns it. Rows are below kNone.
  template <typename Equal>
  std::uint32_t find_or_insert(std::uint64_t hash, std::uint32_t next, Equal equal) {
    if (2 * (used_ + 1) > slots_.size()) resize(slots_.empty() ? 64 : 2 * slots_.size());
    Slot& slot = slots_[probe(hash, equal)];
    if (slot.row_plus_one == 0) {
      slot = {next + 1, tag_of(hash)};
      ++used_;
    }
    return slot.row_plus_one - 1;
  }

 private:
  struct Slot {
    std::uint32_t row_plus_one = 0;  // 0: empty
    std::uint32_t tag = 0;
  };

  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }

  /// The slot of the value, or the empty one where it would go.
  template <typename Equal>
  std::size_t probe(std::uint64_t hash, Equal equal) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = tag_of(hash) & mask;
    while (slots_[at].row_plus_one != 0 && !(slots_[at].tag == tag_of(hash) && equal(slots_[at].row_plus_one - 1))) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /// `size` is a power of two.
  void resize(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.row_plus_one == 0) continue;
      std::size_t at = slot.tag & mask;
      while (slots_[at].row_plus_one != 0) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace snapshot
