#pragma once

#include "block_pages.h"
#include "container_reader.h"

#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace snapshot::file {

/// Reads BIDX. Throws Error when BLKS is missing, or cannot hold the blocks that there should be.
BlockIndex read_block_index(Container& container);

/// Reads the blocks of a file, page by page. All that it is made of must outlive it.
class BlocksReader {
 public:
  /// `totals` are the rows of TOTL, of which sizes and counts are enough. `sizes` are those of SIZE, or none where
  /// references do not name them. `threads` is how many there are.
  BlocksReader(const Container& container, const BlockIndex& index, std::span<const Total> totals,
               const SizeRows& sizes, std::size_t threads);

  TraceColumns read(std::size_t page);

  /// To be called when each page was read once.
  void finish() const;

 private:
  const BlockIndex& index_;
  std::size_t threads_;
  const Section& section_;
  std::string_view stored_;
  std::uint64_t plain_read_ = 0;  // bytes of pages so far
  PageReader reader_;
  Decompressor decompressor_;
  std::vector<std::uint64_t> starts_;  // of pages, within the section
};

}  // namespace snapshot::file
