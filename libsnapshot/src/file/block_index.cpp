#include "block_pages.h"
#include "layout.h"
#include "plain_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

namespace snapshot::file {
namespace {

constexpr unsigned kHasAddress = 1;
constexpr unsigned kHasThread = 2;
constexpr unsigned kHasBirth = 4;
constexpr unsigned kHasWeight = 8;
constexpr std::uint8_t kMostUnitShift = 4;  // what both rules keep to

/// The places of `counts`, those with more binary digits first.
template <typename Rows>
std::vector<std::uint32_t> by_digits_of_count(const Rows& rows) {
  constexpr unsigned kDigits = 64;
  std::array<std::uint32_t, kDigits + 1> starts{};  // of the places with so many digits
  const auto digits = [](std::int64_t count) {
    return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(count)));
  };
  for (std::size_t at = 0; at < rows.size(); ++at) ++starts[digits(rows[at].count)];
  std::uint32_t start = 0;
  for (unsigned at = kDigits + 1; at-- > 0;) start += std::exchange(starts[at], start);
  std::vector<std::uint32_t> order(rows.size());
  for (std::uint32_t at = 0; at < rows.size(); ++at) order[starts[digits(rows[at].count)]++] = at;
  return order;
}

}  // namespace

std::uint64_t end_of(std::uint64_t address, std::int64_t size) {
  const std::uint64_t length = std::max<std::uint64_t>(static_cast<std::uint64_t>(size), 1);
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  return length > kLast - address ? kLast : address + length;
}

std::size_t BlockIndex::rows_of(std::size_t page) const {
  return std::min<std::uint64_t>(kPageRows, rows - std::uint64_t{page} * kPageRows);
}

std::string write_index(const BlockIndex& index) {
  const BlockLayout& layout = index.layout;
  std::string out;
  put_varint(out, index.rows);
  put_varint(out, (layout.has_address ? kHasAddress : 0) | (layout.has_thread ? kHasThread : 0) |
                      (layout.has_birth ? kHasBirth : 0) | (layout.has_weight ? kHasWeight : 0));
  put_varint(out, layout.unit_shift);
  put_varint(out, static_cast<std::uint64_t>(layout.rule));
  put_varint(out, static_cast<std::uint64_t>(layout.reference));
  std::uint64_t before = 0;
  for (const Page& page : index.pages) {
    put_varint(out, page.stored);
    if (!layout.has_address) continue;
    put_varint(out, (page.first - before) >> layout.unit_shift);
    put_varint(out, page.reach - page.first);
    before = page.first;
  }
  return out;
}

BlockIndex read_index(PlainReader& in, std::uint64_t stored) {
  BlockIndex index;
  index.rows = in.varint(kMostBlocks, "blocks");
  const std::uint64_t has = in.varint(kHasAddress | kHasThread | kHasBirth | kHasWeight, "kinds of columns");
  BlockLayout& layout = index.layout;
  layout.has_address = (has & kHasAddress) != 0;
  layout.has_thread = (has & kHasThread) != 0;
  layout.has_birth = (has & kHasBirth) != 0;
  layout.has_weight = (has & kHasWeight) != 0;
  layout.unit_shift = static_cast<std::uint8_t>(in.varint(kMostUnitShift, "binary digits of a unit"));
  layout.rule = static_cast<ChunkRule>(in.varint(1, "rules of chunks"));
  layout.reference = static_cast<Reference>(in.varint(1, "kinds of references"));
  const std::uint64_t pages = (index.rows + kPageRows - 1) / kPageRows;
  if (pages > in.left()) in.fail(std::to_string(pages) + " pages cannot be in " + std::to_string(in.left()) + " bytes");
  index.pages.resize(pages);
  std::uint64_t left = stored;
  std::uint64_t first = 0;
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  for (Page& page : index.pages) {
    page.stored = in.varint(left, "bytes of blocks");
    left -= page.stored;
    if (!layout.has_address) continue;
    first += in.varint((kLast - first) >> layout.unit_shift, "that an address can be") << layout.unit_shift;
    page.first = first;
    page.reach = first + in.varint(kLast - first, "that an address can be");
  }
  if (left != 0) in.fail("the pages leave " + std::to_string(left) + " bytes of blocks over");
  return index;
}

std::vector<std::uint32_t> reference_order(std::span<const Total> totals) { return by_digits_of_count(totals); }
std::vector<std::uint32_t> reference_order(std::span<const SizeRow> sizes) { return by_digits_of_count(sizes); }
std::vector<std::uint32_t> reference_order(const SizeRows& sizes) { return by_digits_of_count(sizes); }

}  // namespace snapshot::file
