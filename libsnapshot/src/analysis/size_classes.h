#pragma once

#include <snapshot/grouping.h>

#include <cstdint>
#include <vector>

namespace snapshot {

/// The largest block size of each class, ascending; the last is 2^63 - 1, so that every size has a class.
std::vector<std::int64_t> size_class_ends(SizeClasses classes);

}  // namespace snapshot
