#pragma once

#include "address_map.h"

#include <elfutils/libdw.h>

#include <cstdint>
#include <vector>

namespace snapshot::recorder {

/// The line table of a compilation unit (DWARF 2 to 5, section 6.2), without its names of files.
///
/// libdw has one, too, but sorts the rows of all sequences together: a row without length at the end of one sequence is
/// then taken for that of the sequence which begins there, a function that lies directly behind.
class LineTable {
 public:
  struct Row {
    std::uint32_t file;    ///< as for dwarf_filesrc()
    std::uint32_t lineno;  ///< 0: the code is of no line
  };

  LineTable() = default;
  explicit LineTable(Dwarf_Die unit);

  /// Null where it says nothing. O(log n).
  const Row* at(std::uint64_t address) const {
    const std::uint32_t row = map_.find(address);
    return row == AddressMap::kNone ? nullptr : &rows_[row];
  }

 private:
  std::vector<Row> rows_;
  AddressMap map_;  // rows of rows_
};

}  // namespace snapshot::recorder
