#pragma once

#include <snapshot/column.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>

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
      wide_.emplace(narrow_.size(), size);
      narrow_.push_back(kWide);
    }
  }

  std::int64_t operator[](std::size_t at) const { return narrow_[at] < kWide ? narrow_[at] : wide_.at(at); }
  std::size_t size() const { return narrow_.size(); }

 private:
  static constexpr std::uint32_t kWide = std::numeric_limits<std::uint32_t>::max();

  Column<std::uint32_t> narrow_;
  std::unordered_map<std::size_t, std::int64_t> wide_;  // by row
};

}  // namespace snapshot
