#pragma once

#include "recorder/frame_resolver.h"
#include "recorder/region_copy.h"

#include <snapshot/builder.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace snapshot::recorder {

/// Tracebacks of a snapshot from the nodes where they end. Each node and each address is looked at once.
class RecordedTracebacks {
 public:
  RecordedTracebacks(const RegionCopy& copy, FrameResolver& resolver, SnapshotBuilder& builder);

  struct End {
    std::uint32_t total_plus_one = 0;  ///< row of the builder's totals; 0: not yet looked up
    std::uint32_t size_high = 0;       ///< bits 40 and up of the sizes of its blocks
  };

  /// What a block that ends in this node has.
  const End& end(std::uint32_t node) { return ends_[node].total_plus_one != 0 ? ends_[node] : find(node); }

 private:
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };

  const End& find(std::uint32_t node);
  Range frames_of(const RegionCopy::NodeRow& node);
  FrameId python_frame(std::uint64_t frame);
  void resolve(std::uint64_t address, std::uint64_t module_row);
  void note_allocation(FrameId id);
  void walk(std::uint32_t node, bool& whole);
  std::uint32_t domain_of(std::uint32_t domain_row) const;

  const RegionCopy& copy_;
  FrameResolver& resolver_;
  SnapshotBuilder& builder_;
  std::vector<End> ends_;  // by node
  std::unordered_map<std::uint64_t, Range> by_address_;
  std::vector<FrameId> frames_;      // of all addresses, each the oldest first
  std::vector<FrameId> traceback_;   // of one node
  std::vector<bool> is_allocation_;  // by FrameId
};

}  // namespace snapshot::recorder
