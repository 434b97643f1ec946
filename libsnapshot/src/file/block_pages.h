#pragma once

#include "plain_reader.h"
#include "total_sections.h"

#include <snapshot/traces.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace snapshot::file {

// BIDX and BLKS: the single blocks, sorted by address, in pages that can each be read alone.

/// Where the end of a block says that the next begins.
enum class ChunkRule : std::uint8_t {
  rounded,  ///< at the next multiple of the unit: arenas
  malloc,   ///< behind 8 bytes of header, at a multiple of 16 and 32 bytes away at least: glibc
};

/// How a block names its traceback and size.
enum class Reference : std::uint8_t {
  size_row,        ///< by the row of SIZE
  total_and_size,  ///< by the row of TOTL, and the size where it is not that of the block before in that row
};

/// What is the same for all pages of a file.
struct BlockLayout {
  bool has_address = false;
  bool has_thread = false;
  bool has_birth = false;
  bool has_weight = false;
  std::uint8_t unit_shift = 0;  ///< all addresses are multiples of 1 << unit_shift
  ChunkRule rule = ChunkRule::rounded;
  Reference reference = Reference::size_row;

  /// Where the block behind one at `address` is expected.
  std::uint64_t after(std::uint64_t address, std::int64_t size) const {
    const auto bytes = static_cast<std::uint64_t>(size);
    if (rule == ChunkRule::malloc) return address + (bytes < 24 ? 32 : (bytes + 8 + 15) / 16 * 16);
    const std::uint64_t rest = (std::uint64_t{1} << unit_shift) - 1;
    return address + ((bytes + rest) & ~rest);
  }
};

struct Page {
  std::uint64_t stored;  ///< bytes of its frame
  std::uint64_t first;   ///< address of its first block
  std::uint64_t reach;   ///< one behind the last byte of any of its blocks
};

struct BlockIndex {
  std::uint64_t rows = 0;
  BlockLayout layout;
  std::vector<Page> pages;

  std::size_t rows_of(std::size_t page) const;
};

/// One behind the last byte of a block, which has one even if its size is 0; the last address where that is no number.
std::uint64_t end_of(std::uint64_t address, std::int64_t size);

std::string write_index(const BlockIndex& index);

/// `stored` are the bytes that BLKS has.
BlockIndex read_index(PlainReader& in, std::uint64_t stored);

/// The rows that references mean, in the order of their numbers: those with many blocks have small numbers, by the
/// binary digits of the count, descending, and then by row. No sort is needed. O(rows).
std::vector<std::uint32_t> reference_order(std::span<const Total> totals);
std::vector<std::uint32_t> reference_order(std::span<const SizeRow> sizes);
std::vector<std::uint32_t> reference_order(const SizeRows& sizes);

/// Sizes of the last block of each total in a page.
class LastSizes {
 public:
  explicit LastSizes(std::size_t totals) : of_total_(totals) {}

  void begin_page() { ++page_; }

  /// Whether a block of this total came before in the page; then `size` is its size.
  bool find(std::uint32_t total, std::int64_t& size) const {
    size = of_total_[total].size;
    return of_total_[total].page == page_;
  }
  void set(std::uint32_t total, std::int64_t size) { of_total_[total] = {page_, size}; }

 private:
  struct Last {
    std::uint64_t page = 0;
    std::int64_t size = 0;
  };
  std::vector<Last> of_total_;
  std::uint64_t page_ = 0;
};

/// Makes the plain bytes of pages from traces that are sorted by address.
class PageWriter {
 public:
  /// Block `at` of the file is row `rows[at]` of `traces`, whose rows of SIZE are `size_rows`.
  PageWriter(const BlockLayout& layout, const TraceColumns& traces, std::span<const std::uint32_t> rows,
             std::span<const std::uint32_t> size_rows, std::span<const Total> totals, std::span<const SizeRow> sizes);

  const BlockLayout& layout() const { return layout_; }
  void set_rule(ChunkRule rule) { layout_.rule = rule; }

  std::string page(std::size_t number);

 private:
  std::string gaps(std::size_t first, std::size_t end) const;
  std::string references_by_size(std::size_t first, std::size_t end) const;
  void put_references_by_total(std::string& numbers, std::string& sizes, std::size_t first, std::size_t end);
  std::string threads(std::size_t first, std::size_t end) const;
  std::string births(std::size_t first, std::size_t end) const;
  std::string weights(std::size_t first, std::size_t end) const;

  BlockLayout layout_;
  const TraceColumns& traces_;
  std::span<const std::uint32_t> rows_;
  std::span<const std::uint32_t> size_rows_;
  std::span<const SizeRow> sizes_;
  std::vector<std::uint32_t> numbers_;  // of references
  LastSizes last_sizes_;
};

/// Reads pages.
class PageReader {
 public:
  /// Both `index` and `sizes` must outlive it.
  PageReader(const BlockIndex& index, std::span<const Total> totals, const SizeRows& sizes);

  /// The blocks of a page, whose totals are rows of TOTL. Threads are below `threads`.
  TraceColumns read(std::size_t page, PlainReader& in, std::size_t threads);

 private:
  void read_references(std::size_t rows, PlainReader& numbers, PlainReader& sizes, TraceColumns& blocks);
  void read_addresses(std::size_t page, PlainReader& gaps, TraceColumns& blocks) const;

  const BlockIndex& index_;
  const SizeRows& sizes_;
  std::vector<std::uint32_t> order_;
  LastSizes last_sizes_;
};

}  // namespace snapshot::file
