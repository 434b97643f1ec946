#pragma once

#include <optional>
#include <string_view>

#include "value.h"

namespace formats::tracemalloc {

/// The globals that a dump may name. Nothing else is looked up, and none of them is ever called.
enum class Class {
  snapshot,       // tracemalloc.Snapshot
  traces,         // tracemalloc._Traces
  object,         // builtins.object, the base that _reconstructor is told
  reconstructor,  // copyreg._reconstructor: how protocols 0 and 1 make an object
  encode,         // _codecs.encode: how protocols 0 to 2 write bytes
  set,            // the built-in types whose values old protocols write as calls
  frozenset,
  bytes,
  bytearray,
  builtin,   // complex, range, slice and what has no kind of its own
  constant,  // Ellipsis and NotImplemented, which are pickled by name
};

/// The class that `module`.`name` means in a pickle of any protocol: those below 3 use Python 2's module names.
std::optional<Class> find_class(std::string_view module, std::string_view name);

/// The kind of what a call of this class makes.
Kind kind_of_instance(Class type);

}  // namespace formats::tracemalloc
