#pragma once

#include "brute_force.h"

#include <snapshot/grouping.h>

namespace brute_force {

/// The group of a block, charged to one of its frames.
Key key_of(const Trace& trace, const Frame& frame, const snapshot::GroupSpec& spec);

/// The sizes that fall into one class with `size`.
struct SizeClass {
  std::int64_t least;
  std::int64_t most;
};
SizeClass size_class_of(std::int64_t size, snapshot::SizeClasses classes);

}  // namespace brute_force
