#pragma once

#include "address_map.h"
#include "line_table.h"

#include <elfutils/libdw.h>
#include <snapshot/ids.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace snapshot::recorder {

/// The functions and the line table of a compilation unit.
class DebugUnit {
 public:
  /// A function at some addresses, or one that was inlined there.
  struct Scope {
    static constexpr std::uint32_t kNone = AddressMap::kNone;

    Dwarf_Off die;
    std::uint32_t parent;  ///< row of the scope around it, always less than its own, or kNone
    bool inlined;
    std::uint32_t call_file;             ///< of an inlined function: where it was called, as for file_name()
    std::uint32_t call_lineno;           ///< 0: not known
    StringId function = kUnknownString;  ///< for the user: its name, when that was found
  };

  struct Place {
    const char* filename;  ///< null: not known. As long as the debug information is open, one file has one pointer
    std::uint32_t lineno;  ///< 0: not known
  };

  /// `size` bytes of .debug_info bound what is read.
  DebugUnit(Dwarf_Die die, std::uint64_t size);

  /// The row of the innermost scope at an address, or Scope::kNone. O(log n).
  std::uint32_t scope_at(std::uint64_t address) const { return map_.find(address); }
  Scope& scope(std::uint32_t row) { return scopes_[row]; }

  /// O(log n).
  Place place_at(std::uint64_t address) const;

  /// What file names that do not begin with / are below, or null.
  const char* directory() const { return directory_; }

  /// Where an inlined function was called.
  Place call_place(const Scope& scope) const;

  /// The linker's name of a function, or null.
  const char* linkage_name(const Scope& scope) const;

  /// Its name in the source, without namespaces and parameters, or null.
  const char* name(const Scope& scope) const;

  /// Its first instruction.
  std::optional<std::uint64_t> entry(const Scope& scope) const;

 private:
  void read_scopes(std::uint64_t size);

  /// The row of the scope that the children of a debugging information entry are in.
  std::uint32_t enter(Dwarf_Die& die, std::uint32_t parent, std::uint64_t& ranges_left,
                      std::vector<AddressRange>& ranges);
  std::optional<Dwarf_Die> die_of(const Scope& scope) const;

  Dwarf_Die unit_;       // has the line table
  Dwarf_Die functions_;  // the same, but for split debug information
  const char* directory_;
  LineTable lines_;
  Dwarf_Files* line_files_ = nullptr;  // of lines_
  Dwarf_Files* files_ = nullptr;       // of functions_
  std::vector<Scope> scopes_;
  AddressMap map_;  // rows of scopes_
};

/// How many address ranges debug information of `size` bytes is believed to have. Lists can be shared, so that a
/// made-up file could have any number.
constexpr std::uint64_t most_ranges(std::uint64_t size) { return size * 16 + 65536; }

/// Calls `take` with [low, high) of each range, and counts `ranges_left` down to 0 at most.
template <typename Take>
void for_each_range(Dwarf_Die die, std::uint64_t& ranges_left, const Take& take) {
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  std::ptrdiff_t offset = 0;
  while (ranges_left > 0 && (offset = dwarf_ranges(&die, offset, &base, &low, &high)) > 0) {
    --ranges_left;
    take(std::uint64_t{low}, std::uint64_t{high});
  }
}

}  // namespace snapshot::recorder
