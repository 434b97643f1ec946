#include "address_map.h"

#include <algorithm>
#include <limits>

namespace snapshot::recorder {

AddressMap::AddressMap(std::vector<AddressRange> ranges) {
  std::ranges::sort(ranges, [](const AddressRange& a, const AddressRange& b) {
    if (a.low != b.low) return a.low < b.low;
    return a.high != b.high ? a.high > b.high : a.value < b.value;
  });
  std::vector<AddressRange> open;  // those that hold the place, the one that began last at the end
  const auto close_until = [&](std::uint64_t address) {
    while (!open.empty() && open.back().high <= address) {
      const std::uint64_t end = open.back().high;
      while (!open.empty() && open.back().high <= end) open.pop_back();
      begin_part(end, open.empty() ? kNone : open.back().value);
    }
  };
  for (const AddressRange& range : ranges) {
    if (range.low >= range.high) continue;
    close_until(range.low);
    begin_part(range.low, range.value);
    open.push_back(range);
  }
  close_until(std::numeric_limits<std::uint64_t>::max());
}

void AddressMap::begin_part(std::uint64_t address, std::uint32_t value) {
  if (!starts_.empty() && starts_.back() == address) {
    values_.back() = value;
  } else if (values_.empty() || values_.back() != value) {
    starts_.push_back(address);
    values_.push_back(value);
  }
}

std::uint32_t AddressMap::find(std::uint64_t address) const {
  const auto after = std::ranges::upper_bound(starts_, address);
  return after == starts_.begin() ? kNone : values_[static_cast<std::size_t>(after - starts_.begin()) - 1];
}

}  // namespace snapshot::recorder
