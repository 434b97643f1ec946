#pragma once

#include "total_sections.h"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace snapshot::file {

/// Finds rows of SIZE, which are sorted by total and size. First by the total, whose rows lie near each other: there
/// may be as many rows as blocks, and a search among all of them misses the cache at each step.
template <typename Rows>  // SizeRows, or a vector of SizeRow
class SizeRowFinder {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// `rows` must outlive it; `totals` is how many rows TOTL has.
  SizeRowFinder(const Rows& rows, std::size_t totals) : rows_(rows), ends_(totals + 1) {
    for (std::size_t at = 0; at < rows.size(); ++at) ++ends_[rows[at].total + 1];
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  }

  /// The row with that total, a row of TOTL, and that size; kNone where there is none.
  std::uint32_t find(std::uint32_t total, std::int64_t size) const {
    std::uint32_t first = ends_[total];
    const std::uint32_t end = ends_[total + 1];
    for (std::uint32_t length = end - first; length > 1;) {  // the row is one of so many from `first` on
      const std::uint32_t half = length / 2;
      if (rows_[first + half].size <= size) first += half;
      length -= half;
    }
    return first < end && rows_[first].size == size ? first : kNone;
  }

 private:
  const Rows& rows_;
  std::vector<std::uint32_t> ends_;  // those of total t are [ends_[t], ends_[t + 1])
};

}  // namespace snapshot::file
