#pragma once

#include "recorder/frame_resolver.h"
#include "recorder/region_copy.h"

#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <vector>

namespace snapshot::recorder {

/// What a region does not tell.
struct RecordedBy {
  std::string recorder;  ///< "tmrecord 1.2.3"
  std::string host;
  std::string platform;         ///< "linux-x86_64"
  std::vector<Metric> metrics;  ///< of the process
};

/// By `recorder`, on this machine.
RecordedBy recorded_by(std::string recorder, std::vector<Metric> metrics);

/// The snapshot of what was alive. O(blocks + nodes of their tracebacks). Throws Error.
Snapshot recorded_snapshot(const RegionCopy& copy, const RecordedBy& by, FrameResolver& resolver,
                           const std::shared_ptr<Symbols>& symbols);

/// Bytes that a sampled block stands for: its size, divided by the chance that a block of that size has to be sampled
/// where samples are `interval` bytes apart in the mean.
std::uint64_t sampling_weight(std::uint64_t size, std::uint64_t interval);

}  // namespace snapshot::recorder
