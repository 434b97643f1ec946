#pragma once

#include <snapshot/file.h>

#include <string>
#include <vector>

namespace formats {

using snapshot::Detail;

/// How a file is read.
struct ReadOptions {
  Detail detail = Detail::traces;  ///< what is wanted; a reader may give more
  bool salvage = false;            ///< of a damaged file, read what is left
};

/// What could not be read of a damaged file, one line each: filled when salvaging alone.
using Lost = std::vector<std::string>;

}  // namespace formats
