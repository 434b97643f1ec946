#pragma once

#include "recorder/region_copy.h"

#include <cstdint>
#include <vector>

namespace snapshot::recorder {

/// Python's small blocks (small_rows.h) as they lie in a region at one moment. All of it may be anything.
class RawSmallBlocks {
 public:
  /// Makes room, so that a program that is held need not wait for the pages.
  void prepare(const RegionFile& region);
  void read(const RegionFile& region);

  /// Appends what is alive, by address where the program did not write over it. Sets what depends on it.
  void take(RegionCopy& copy) const;

 private:
  struct Page {  // as SmallPage
    std::uint64_t page;
    std::uint64_t first;
  };

  void measure(const RegionFile& region);
  std::vector<Page> pages_in_order() const;

  std::uint32_t generation_ = 0;
  bool is_there_ = false;
  bool forgotten_ = false;  ///< cleared, which the program will do itself when it next comes by
  std::uint64_t entry_count_ = 0;
  std::vector<Page> pages_;
  Column<std::uint64_t> entries_;
};

}  // namespace snapshot::recorder
