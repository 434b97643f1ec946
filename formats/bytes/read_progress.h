#pragma once

#include <atomic>
#include <cstdint>

namespace formats {

/// How far one file was read, for whoever looks from another thread. Bytes are those of the file, compressed as they
/// are.
struct ReadProgress {
  std::atomic<std::uint64_t> offset{0};
  std::atomic<std::uint64_t> length{0};  ///< of the file; 0 where that is not known, as of a pipe
};

}  // namespace formats
