#pragma once

#include "recorder/python/code_copy.h"
#include "recorder/region_file.h"

#include <snapshot/column.h>
#include <snapshot/info.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snapshot::recorder {

/// What could not be what a recorder writes, and was left out: the program wrote over its own region.
struct Damage {
  std::uint64_t blocks = 0;
  std::uint64_t shards = 0;
  std::uint64_t nodes = 0;
  std::uint64_t modules = 0;
  std::uint64_t threads = 0;
  std::uint64_t domains = 0;

  std::uint64_t sum() const { return blocks + shards + nodes + modules + threads + domains; }
};

/// What a region held at one moment, checked: every row that one names is there.
struct RegionCopy {
  struct NodeRow {
    std::uint64_t frame;   ///< as Node::frame; the module is one of `modules`, or none
    std::uint32_t parent;  ///< less than the own row, but for the root
    std::uint32_t flags;
  };
  struct ModuleCopy {
    Module module;
    std::uint64_t bias = 0;
    bool known = false;  ///< false: it was just being written
  };

  Settings settings{};
  State state{};
  FullReason full_reason{};
  std::int64_t time = 0;  ///< when this was copied: nanoseconds since 1970-01-01T00:00:00Z
  bool exact = false;     ///< nothing changed while it was copied
  std::chrono::nanoseconds held{0};

  Process process;
  std::string refusal;
  std::int64_t traced = 0;  ///< bytes
  std::int64_t peak = 0;
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  std::uint64_t allocated = 0;  ///< bytes, ever
  std::uint64_t memory = 0;     ///< of the recorder
  std::uint64_t lost_updates = 0;

  Column<Block> blocks;   ///< each one's node is one of `nodes`, its thread one of `threads` or none
  Column<NodeRow> nodes;  ///< row 0 is the root
  CodeCopy code;          ///< of Python

  /// What blocks hold, where that was noted: numbers of types of `code`, by address.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> types;
  std::vector<ModuleCopy> modules;
  std::vector<Thread> threads;
  std::vector<std::optional<Domain>> domains;  ///< by their row
  std::vector<Metric> metrics;                 ///< the program's own
  Damage damage;
};

/// Copies a region. A program that is `alive` is held meanwhile, where it can be: for as long as memory of the size of
/// the table takes to copy. Throws Error when the file cannot be read.
RegionCopy copy_region(const RegionFile& region, bool alive);

/// Traced memory now, without a copy: for limits.
std::int64_t traced_now(const RegionFile& region);

}  // namespace snapshot::recorder
