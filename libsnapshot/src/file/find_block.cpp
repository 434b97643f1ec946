#include "blocks_reader.h"
#include "layout.h"
#include "section_reader.h"
#include "symbol_sections.h"
#include "total_rows.h"
#include "total_sections.h"
#include "type_section.h"

#include <snapshot/file.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace snapshot {

using file::BlockIndex;
using file::BlocksReader;
using file::Container;
using file::KeptSection;
using file::Page;
using file::PlainReader;

namespace {

/// Whether a block, which has a byte even if its size is 0, has the one at `address`.
bool has_byte(const TraceColumns& blocks, std::size_t row, std::uint64_t address) {
  const auto length = std::max<std::uint64_t>(static_cast<std::uint64_t>(blocks.size[row]), 1);
  return blocks.address[row] <= address && address - blocks.address[row] < length;
}

/// Whether a block of the page may have the byte: it does not begin behind it.
bool may_have(const Page& page, std::uint64_t address) {
  return page.reach > address || page.reach == std::numeric_limits<std::uint64_t>::max();
}

/// How many pages do not begin behind the byte.
std::size_t pages_before(const BlockIndex& index, std::uint64_t address) {
  const auto behind = std::ranges::upper_bound(index.pages, address, {}, &Page::first);
  return static_cast<std::size_t>(behind - index.pages.begin());
}

/// A block, the row of TOTL that it is of, and where it was found.
struct Found {
  FoundBlock block;
  std::uint32_t total;
  std::size_t page;
  std::size_t row;  // in the page
};

Found found_in(const TraceColumns& blocks, std::size_t page, std::size_t row) {
  FoundBlock block{blocks.address[row], blocks.size[row], {}, {}, {}, {}};
  const bool thread_known = !blocks.thread.empty() && blocks.thread[row] != TraceColumns::kUnknownThread;
  if (thread_known) block.thread = blocks.thread[row];
  if (!blocks.birth.empty()) block.birth = blocks.birth[row];
  if (!blocks.weight.empty()) block.weight = blocks.weight[row];
  return {block, blocks.total[row], page, row};
}

/// The innermost block with the byte.
std::optional<Found> search(const BlockIndex& index, BlocksReader& blocks, std::uint64_t address) {
  std::optional<Found> found;
  for (std::size_t at = pages_before(index, address); at-- > 0;) {
    if (!may_have(index.pages[at], address)) continue;
    const TraceColumns page = blocks.read(at);
    for (std::size_t row = page.rows(); row-- > 0;) {
      if (found && page.address[row] < found->block.address) return found;
      const bool smaller = !found || page.size[row] < found->block.size;  // of those that begin together
      if (smaller && has_byte(page, row, address)) found = found_in(page, at, row);
    }
    if (found && index.pages[at].first < found->block.address) return found;
  }
  return found;
}

/// The sizes and the counts of all totals, and nothing else of them, which is enough to read blocks.
std::vector<Total> read_sums(PlainReader in) {
  file::TotalRows rows(in);
  std::vector<Total> totals;
  totals.reserve(rows.count());
  for (std::uint32_t at = 0; at < rows.count(); ++at) {
    const file::TotalSums sums = rows.next_sums();
    totals.push_back({TracebackId{}, 0, 0, sums.size, sums.count});
  }
  return totals;
}

/// What a total is of, which joins its sums; its traceback is interned.
void read_key(Container& container, PlainReader totals, std::uint32_t number, Symbols& symbols, Total& total) {
  file::TotalRows rows(totals);
  for (std::uint32_t at = 0; at < number; ++at) rows.next_key();
  const file::TotalKey key = rows.next_key();
  const KeptSection string_section(container, file::kStrings);
  const KeptSection frame_section(container, file::kFrames);
  const KeptSection traceback_section(container, file::kTracebacks);
  PlainReader strings = string_section.reader();
  PlainReader frames = frame_section.reader();
  PlainReader tracebacks = traceback_section.reader();
  const auto [id, length] = file::find_traceback(strings, frames, tracebacks, key.traceback, symbols);
  total.traceback = id;
  total.total_nframe = rows.total_nframe(key, length);
  total.domain = key.domain;
}

/// The type of a block that was found, whose name is interned.
StringId read_type(PlainReader in, const file::SizeRows& sizes, std::size_t totals, BlocksReader& blocks,
                   const Found& found, Symbols& symbols) {
  file::TypeReader types(in, sizes);
  types.begin_pages(totals);
  for (std::size_t at = 0; at < found.page; ++at) types.skip_page();
  const TraceColumns page = blocks.read(found.page);
  const std::uint32_t number = types.read_page(page, 0, page.rows())[found.row];
  return number == 0 ? kUnknownString : types.name(number, symbols);
}

}  // namespace

std::optional<FoundBlock> SnapshotFile::find_block(std::uint64_t address, Symbols& symbols) {
  if (!has(file::kBlocks)) return std::nullopt;
  Container& container = *container_;
  const BlockIndex index = file::read_block_index(container);
  const auto pages = std::span(index.pages).first(pages_before(index, address));
  const bool somewhere = std::ranges::any_of(pages, [&](const Page& page) { return may_have(page, address); });
  if (!index.layout.has_address || !somewhere) return std::nullopt;

  const KeptSection total_section(container, file::kTotals);
  const std::vector<Total> totals = read_sums(total_section.reader());
  file::SizeRows sizes;
  if (index.layout.reference == file::Reference::size_row || has(file::kTypes)) {
    sizes = file::read_section(container, file::kSizes, [&](PlainReader& in) { return file::read_sizes(in, totals); });
  }
  BlocksReader blocks(container, index, totals, sizes, info_.threads.size());
  std::optional<Found> found = search(index, blocks, address);
  if (!found) return std::nullopt;
  found->block.total = totals[found->total];
  read_key(container, total_section.reader(), found->total, symbols, found->block.total);
  try_types([&] {
    const KeptSection section(container, file::kTypes);
    found->block.type = read_type(section.reader(), sizes, totals.size(), blocks, *found, symbols);
  });
  return found->block;
}

}  // namespace snapshot
