#pragma once

#include "symbolizer.h"

#include <snapshot/snapshot.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace snapshot::recorder {

/// Frames of one module that stay unfinished.
struct UnfinishedFrames {
  std::string module;  ///< path
  std::uint64_t count = 0;
  std::string why;  ///< in words
};

struct Symbolized {
  Snapshot snapshot;
  std::uint64_t finished = 0;                ///< distinct frames that were unfinished and are no longer
  std::vector<UnfinishedFrames> unfinished;  ///< by module
};

/// The same traces with frames in the place of those that were left unfinished, by the modules of the snapshot's info.
/// Tracebacks that have become equal are one. Allocation functions that are now seen to be most recent are left out: a
/// user wants the caller of `new`. `symbols` are those of the snapshot and of the symbolizer.
Symbolized symbolize(const Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols, Symbolizer& symbolizer);

}  // namespace snapshot::recorder
