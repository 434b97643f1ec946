#pragma once

#include "address_map.h"
#include "debug_unit.h"

#include <memory>
#include <vector>

namespace snapshot::recorder {

/// The compilation units of a binary by their addresses, each of which is read when it is first asked for.
class DebugUnits {
 public:
  explicit DebugUnits(Dwarf* dwarf);

  /// The unit that holds an address, or null. O(log n).
  DebugUnit* at(std::uint64_t address);

 private:
  struct Unit {
    Dwarf_Die die;
    std::uint64_t size;  // bytes of .debug_info
    std::unique_ptr<DebugUnit> read;
  };

  void list(Dwarf* dwarf);

  std::vector<Unit> units_;
  AddressMap map_;  // rows of units_
};

}  // namespace snapshot::recorder
