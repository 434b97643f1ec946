#pragma once

#include "plain_reader.h"
#include "size_row_finder.h"
#include "sorted_blocks.h"
#include "total_sections.h"
#include "trace_sizes.h"
#include "type_numbers.h"

#include <snapshot/snapshot.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace snapshot::file {

// tYPE: the types of the objects that live in blocks. For each row of SIZE how many blocks are of which type, and,
// where there are BLKS, which of these types each block is of. It has its own names and goes by the order of SIZE and
// BLKS alone: a reader that does not know it keeps it byte for byte, and writes other sections anew.

/// So many blocks of one type in one row of SIZE.
struct TypeRow {
  std::uint32_t size_row;
  std::uint32_t type;  ///< number, 0 where it is not known
  std::int64_t count;
};

/// By row of SIZE, and then by type.
std::vector<TypeRow> type_rows(const Snapshot& snapshot, const TraceSizes& sizes, const TypeNumbers& types);

/// The columns of the section. `blocks` is null where there are no BLKS.
std::vector<std::string> write_types(const Snapshot& snapshot, const TypeNumbers& types,
                                     const std::vector<TypeRow>& rows, const TraceSizes& sizes,
                                     const SortedBlocks* blocks);

/// Reads the section, the types of blocks page by page.
class TypeReader {
 public:
  /// `sizes` must outlive it, and so must the bytes of `in`.
  TypeReader(PlainReader in, const SizeRows& sizes);

  /// The names of numbers from 1 on.
  std::vector<StringId> names(Symbols& symbols) const;

  /// The name of one number from 1 on; no other is interned.
  StringId name(std::uint32_t number, Symbols& symbols) const;

  /// The numbers of the types that a row of SIZE has, ascending.
  std::span<const std::uint32_t> types_of(std::size_t size_row) const {
    return types_.values().subspan(ends_[size_row], ends_[size_row + 1] - ends_[size_row]);
  }

  /// Blocks of the type at a place of types_of().
  std::int64_t count(std::size_t size_row, std::size_t place) const { return counts_[ends_[size_row] + place]; }

  /// To be called before pages are read; `totals` is how many rows TOTL has.
  void begin_pages(std::size_t totals);

  void skip_page() { next_page(); }

  /// The numbers of the types of the next page's blocks, which are rows [first, end) of `blocks`. They hold until the
  /// next call.
  std::span<const std::uint32_t> read_page(const TraceColumns& blocks, std::size_t first, std::size_t end);

  /// To be called when all pages were read, or, where there are no BLKS, none. Checks that the types of blocks add up.
  void finish() const;

 private:
  void read_row(std::size_t size_row);
  PlainReader next_page();

  enum : std::size_t { kShape, kBytes, kDistinct, kType, kCount, kPage, kBlock, kColumns };

  struct Last {
    std::uint32_t page = 0;   // counted from 1
    std::uint32_t place = 0;  // of types_of()
  };

  const SizeRows& sizes_;
  std::uint64_t names_;  // how many there are
  std::array<PlainReader, kColumns> columns_;
  Column<std::uint32_t> ends_{0};  // those of row r of SIZE are [ends_[r], ends_[r + 1])
  Column<std::uint32_t> types_;
  SizeColumn counts_;
  std::optional<SizeRowFinder<SizeRows>> finder_;
  std::vector<std::int64_t> left_;  // blocks of each of types_ that are still to come
  std::vector<Last> last_;          // of the last block of each row of SIZE
  std::vector<std::uint32_t> page_types_;
  std::uint32_t page_ = 0;
};

/// The types of all blocks, which are in the order of BLKS; `totals` is how many rows TOTL has.
Column<StringId> types_of_blocks(PlainReader in, const SizeRows& sizes, std::size_t totals, const TraceColumns& blocks,
                                 Symbols& symbols);

/// Rows of SIZE, of which each is of one type; or without types.
struct TypedSizes {
  SizeRows sizes;
  Column<StringId> types;
};

/// The rows of SIZE, taken apart by type. `has_blocks` says whether there are BLKS.
TypedSizes typed_sizes(PlainReader in, const SizeRows& sizes, bool has_blocks, Symbols& symbols);

}  // namespace snapshot::file
