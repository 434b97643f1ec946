#pragma once

#include <snapshot/symbols.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snapshot {

/// A place in a program as people name it: a file, or a line of one.
struct Place {
  std::string filename;  ///< generalised UTF-8
  std::optional<std::uint32_t> lineno;
};

/// Which frames are at the place, by FrameId. A file name is meant when it equals that of the place, or ends with a
/// slash and it, or, where the place's has one of "*?[", when it matches it as a shell pattern (Filter). A trailing
/// ".pyc" counts as ".py" everywhere. O(names * length + frames).
std::vector<bool> frames_at(const Symbols& symbols, const Place& place);

}  // namespace snapshot
