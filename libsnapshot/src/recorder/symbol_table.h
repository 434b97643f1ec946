#pragma once

#include "address_map.h"

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <vector>

namespace snapshot::recorder {

/// The functions of a module by its symbols: those of .symtab, in the binary or in its debug file, and of
/// .gnu_debugdata; else those of .dynsym.
class SymbolTable {
 public:
  SymbolTable() = default;
  explicit SymbolTable(Dwfl_Module* module);

  /// The symbol of the function that holds an address, or null. O(log n).
  const char* at(std::uint64_t address) const;

  /// The same, if the function begins there.
  const char* beginning_at(std::uint64_t address) const;

 private:
  struct Function {
    std::uint64_t address;
    const char* name;  // of the Dwfl_Module
  };

  std::vector<Function> functions_;
  AddressMap map_;  // rows of functions_
};

}  // namespace snapshot::recorder
