#pragma once

#include "recorder/python/read_small.h"
#include "recorder/region_copy.h"

#include <array>
#include <cstdint>
#include <memory>

namespace snapshot::recorder {

/// What has to be read at one moment, as it lies in the region: the header, the counters and the live blocks.
struct RawTable {
  struct Part {
    std::uint64_t slots = 0;  ///< of the table or of the scratch area, behind those of the parts before
    bool forgotten = false;   ///< cleared, which the program will do itself when it next comes by
    bool torn = false;        ///< a block may be there twice
    bool damaged = false;     ///< no slots were read, because these could not be
  };

  RawTable();

  /// Makes room, so that a program that is held need not wait for the pages.
  void prepare(const RegionFile& region);
  void read(const RegionFile& region);

  std::unique_ptr<Header> header;
  std::unique_ptr<CounterSlot[]> counters;
  std::array<Part, kShards> parts;
  Column<Block> slots;  ///< empty ones too
  RawSmallBlocks small;

 private:
  std::uint64_t read_shards(const RegionFile& region);

  std::unique_ptr<Shard[]> shards_;
};

/// What is alive in the table: without empty slots, forgotten and double blocks. Sets copy.blocks and what depends on
/// them; rows that they name are not looked at.
void take_blocks(RawTable& raw, RegionCopy& copy);

}  // namespace snapshot::recorder
