#pragma once

#include "brute_force.h"

#include <snapshot/snapshot.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testing {

/// A block, or `count` equal ones, in plain words.
struct BlockSpec {
  std::vector<brute_force::Frame> frames;  ///< oldest first
  std::uint32_t total_nframe = 0;
  std::uint32_t domain = 0;
  std::int64_t size = 0;
  std::int64_t count = 1;
  std::uint64_t address = 0;
  std::uint32_t thread = snapshot::TraceColumns::kUnknownThread;
  std::int64_t birth = 0;
  std::uint64_t weight = 0;
  std::optional<std::string> type = std::nullopt;
};

/// A snapshot before it is built, so that it can be built in any order.
struct SnapshotSpec {
  std::vector<BlockSpec> blocks;
  bool counted = false;
  bool has_address = false;
  bool has_thread = false;
  bool has_birth = false;
  bool has_weight = false;
  bool has_type = false;
  snapshot::SnapshotInfo info;
};

/// With every field of the info, every column, and the edges of every range.
SnapshotSpec spec_of_everything();

/// Up to `most` blocks. Anything may be there or not, edges are frequent.
SnapshotSpec random_spec(brute_force::Random& random, std::uint64_t most);

/// As it stands.
snapshot::Snapshot build(const SnapshotSpec& spec, bool totals_only = false);

/// The same with blocks, strings, frames and tracebacks in another order, among others that are not used.
snapshot::Snapshot build_shuffled(const SnapshotSpec& spec, std::uint64_t seed);

}  // namespace testing
