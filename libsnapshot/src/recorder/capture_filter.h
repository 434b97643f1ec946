#pragma once

#include "recorder/region.h"

#include <atomic>
#include <cstdint>

namespace snapshot::recorder {

/// Whether the filters of a region leave out what `matches(filter)` tells of: one that excludes matches, or there are
/// some that include and none of those does (tracemalloc's rule).
template <typename Matches>
bool filters_leave_out(const Header& header, Matches matches) {
  const std::uint32_t count = header.filter_count.load(std::memory_order_acquire);
  bool is_wanted = true;
  bool is_included = false;
  for (std::uint32_t i = 0; i < count && i < kMaxFilters; ++i) {
    const CaptureFilter& filter = header.filters[i];
    if (filter.used.load(std::memory_order_acquire) == 0) continue;
    const bool match = matches(filter);
    if (filter.inclusive == 0 && match) return true;
    if (filter.inclusive != 0) is_wanted = false;
    if (filter.inclusive != 0 && match) is_included = true;
  }
  return !is_wanted && !is_included;
}

}  // namespace snapshot::recorder
