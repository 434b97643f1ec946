#pragma once

#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// The binaries whose code stands in tracebacks. Each is entered before the first node of its code, so that addresses
/// can be told even after it is gone. Rows are counted from 1 here, as in Node::frame; 0 is "in none".
class CodeModules {
 public:
  explicit CodeModules(RegionMap region) : region_(region) {}

  /// The module of a code address. Asks the dynamic linker without a lock (_dl_find_object, glibc 2.35).
  std::uint32_t row_of(std::uint64_t pc, bool nested) const;

  /// Whether the filters at capture leave out what is allocated by the module's code.
  bool is_excluded(std::uint32_t row) const;

  /// Marks the modules that are no longer loaded, after dlclose. Whether there are any.
  bool mark_gone() const;

 private:
  bool leave(ModuleRow& module) const;
  std::uint32_t enter(std::uint64_t pc) const;

  RegionMap region_;
};

}  // namespace snapshot::recorder
