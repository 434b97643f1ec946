#pragma once

#include <snapshot/snapshot.h>

#include <cstdint>
#include <vector>

namespace snapshot::file {

/// The strings, frames and tracebacks that a snapshot's blocks have, in the order of the file: strings by their bytes,
/// frames by (filename, lineno, function, module), tracebacks frame by frame, the oldest first. A number is a place in
/// that order.
struct UsedSymbols {
  static constexpr std::uint32_t kUnused = 0xFFFFFFFF;

  std::vector<StringId> strings;
  std::vector<FrameId> frames;
  std::vector<TracebackId> tracebacks;
  std::vector<std::uint32_t> string_numbers;     // by row of Symbols
  std::vector<std::uint32_t> frame_numbers;      // by row of Symbols
  std::vector<std::uint32_t> traceback_numbers;  // by row of Symbols

  explicit UsedSymbols(const Snapshot& snapshot);
};

}  // namespace snapshot::file
