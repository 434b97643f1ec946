#pragma once

#include <snapshot/column.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace snapshot {

/// Block sizes in bytes, one a trace, in 4 bytes each: nearly every block is smaller than 4 GiB, and the sizes of the
/// others are kept aside. Halves the largest column of a snapshot of millions of blocks.
class SizeColumn {
 public:
  /// `size` is not negative.
  void push_back(std::int64_t size) {
    if (size < kWide) {
      narrow_.push_back(static_cast<std::uint32_t>(size));
    } else {
      wide_rows_.push_back(narrow_.size());
      wide_sizes_.push_back(size);
      narrow_.push_back(kWide);
    }
  }

  /// O(1), and O(log(blocks of 4 GiB or more)) for one of those.
  std::int64_t operator[](std::size_t at) const { return narrow_[at] < kWide ? narrow_[at] : wide(at); }
  std::size_t size() const { return narrow_.size(); }

 private:
  static constexpr std::uint32_t kWide = std::numeric_limits<std::uint32_t>::max();

  std::int64_t wide(std::size_t row) const {
    const auto found = std::ranges::lower_bound(wide_rows_.values(), row);
    return wide_sizes_[static_cast<std::size_t>(found - wide_rows_.values().begin())];
  }

  Column<std::uint32_t> narrow_;
  Column<std::size_t> wide_rows_;  // ascending
  Column<std::int64_t> wide_sizes_;
};

}  // namespace snapshot
