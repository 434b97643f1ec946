#pragma once

#include <recorder/region.h>
#include <recorder/region_file.h>

#include <cstdint>
#include <string>

namespace testing {

/// A region as a recorded program would leave it, written row by row. Its file is gone in the end.
class MadeRegion {
 public:
  explicit MadeRegion(std::uint32_t traceback_limit = 8, std::uint64_t sampling_interval = 0);
  ~MadeRegion();
  MadeRegion(const MadeRegion&) = delete;
  MadeRegion& operator=(const MadeRegion&) = delete;

  const std::string& path() const { return path_; }
  snapshot::recorder::RegionMap map() const { return map_; }
  snapshot::recorder::Header& header() const { return map_.header(); }

  /// Rows are counted from 1, as the others name them.
  std::uint64_t add_module(const char* path, std::uint64_t start, std::uint64_t end, std::uint64_t bias);
  std::uint64_t add_thread(std::uint32_t id, const char* name);

  std::uint32_t add_node(std::uint32_t parent, std::uint64_t address, std::uint64_t module, std::uint32_t flags = 0);
  std::uint32_t add_tag(std::uint32_t parent, std::uint32_t domain_row, std::uint64_t size_high);

  /// Puts a block into the next slot of a shard.
  void add_block(std::size_t shard, std::uint64_t address, std::uint64_t size, std::uint32_t node,
                 std::uint64_t thread = 0);

 private:
  std::string path_;
  snapshot::recorder::Settings settings_{};
  snapshot::recorder::RegionMap map_;
};

}  // namespace testing
