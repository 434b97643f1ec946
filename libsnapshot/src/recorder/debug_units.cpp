#include "debug_units.h"

#include <dwarf.h>

namespace snapshot::recorder {

DebugUnits::DebugUnits(Dwarf* dwarf) {
  list(dwarf);
  std::uint64_t size = 0;
  for (const Unit& unit : units_) size += unit.size;
  std::uint64_t ranges_left = most_ranges(size);
  std::vector<AddressRange> ranges;
  for (std::uint32_t row = 0; row < units_.size(); ++row) {
    for_each_range(units_[row].die, ranges_left, [&](std::uint64_t low, std::uint64_t high) {
      // The linker leaves units whose code it dropped at 0, where no code is.
      if (low != 0) ranges.push_back({low, high, row});
    });
  }
  map_ = AddressMap(std::move(ranges));
}

void DebugUnits::list(Dwarf* dwarf) {
  Dwarf_Off offset = 0;
  Dwarf_Off next = 0;
  std::size_t header_size = 0;
  while (dwarf_nextcu(dwarf, offset, &next, &header_size, nullptr, nullptr, nullptr) == 0) {
    if (next <= offset) return;
    Dwarf_Die die;
    if (dwarf_offdie(dwarf, offset + header_size, &die) != nullptr && dwarf_tag(&die) != DW_TAG_partial_unit) {
      units_.push_back({die, next - offset, nullptr});
    }
    offset = next;
  }
}

DebugUnit* DebugUnits::at(std::uint64_t address) {
  const std::uint32_t row = map_.find(address);
  if (row == AddressMap::kNone) return nullptr;
  Unit& unit = units_[row];
  if (!unit.read) unit.read = std::make_unique<DebugUnit>(unit.die, unit.size);
  return unit.read.get();
}

}  // namespace snapshot::recorder
