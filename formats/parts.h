#pragma once

#include <snapshot/snapshot.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace formats {

// Parts that a snapshot may have, and that a format can carry or not; one bit each. What every format carries is the
// sum of the blocks of each most recent frame, by file name and line number.

using Parts = std::uint32_t;

enum Part : Parts {
  kBlocks = 1U << 0U,  ///< the size of every block
  kSums = 1U << 1U,    ///< sums where no block is known, as --totals-only leaves them
  kTotalNframe = 1U << 2U,
  kDomains = 1U << 3U,
  kDomainNames = 1U << 4U,
  kAddresses = 1U << 5U,
  kThreads = 1U << 6U,
  kBirthTimes = 1U << 7U,
  kWeights = 1U << 8U,
  kFunctions = 1U << 9U,
  kModules = 1U << 10U,  ///< of frames and of the process
  kTime = 1U << 11U,
  kRecorder = 1U << 12U,
  kProcess = 1U << 13U,
  kTracebackLimit = 1U << 14U,
  kSamplingInterval = 1U << 15U,
  kTracedMemory = 1U << 16U,
  kRecorderMemory = 1U << 17U,
  kMetrics = 1U << 18U,
  kExtraSections = 1U << 19U,
  kTracebacks = 1U << 20U,  ///< frames besides the most recent
  kTypes = 1U << 21U,       ///< of the objects that live in blocks
};
inline constexpr Parts kAllParts = (1U << 22U) - 1;

/// What a snapshot has. O(traces of one column + frames of the totals' tracebacks).
Parts parts_of(const snapshot::Snapshot& snapshot);

/// Their names, for people: "single blocks", "addresses".
std::vector<std::string_view> part_names(Parts parts);

}  // namespace formats
