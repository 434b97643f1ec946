#include "block_pages.h"

#include <algorithm>
#include <limits>

namespace snapshot::file {

PageReader::PageReader(const BlockIndex& index, std::span<const Total> totals, const SizeRows& sizes)
    : index_(index),
      sizes_(sizes),
      order_(index.layout.reference == Reference::size_row ? reference_order(sizes) : reference_order(totals)),
      last_sizes_(index.layout.reference == Reference::total_and_size ? totals.size() : 0) {}

TraceColumns PageReader::read(std::size_t page, PlainReader& in, std::size_t threads) {
  const BlockLayout& layout = index_.layout;
  const std::size_t rows = index_.rows_of(page);
  TraceColumns blocks;
  auto [gaps, numbers, sizes, thread_numbers, births, weights] = in.columns<6>();
  read_references(rows, numbers, sizes, blocks);
  if (layout.has_address) read_addresses(page, gaps, blocks);
  for (std::size_t at = 0; layout.has_thread && at < rows; ++at) {
    const std::uint64_t thread = thread_numbers.varint(threads, "threads");
    blocks.thread.push_back(thread == 0 ? TraceColumns::kUnknownThread : static_cast<std::uint32_t>(thread - 1));
  }
  std::uint64_t birth = 0;
  for (std::size_t at = 0; layout.has_birth && at < rows; ++at) {
    birth += static_cast<std::uint64_t>(births.signed_varint());
    blocks.birth.push_back(static_cast<std::int64_t>(birth));
  }
  for (std::size_t at = 0; layout.has_weight && at < rows; ++at) blocks.weight.push_back(weights.varint());
  for (const PlainReader& column : {gaps, numbers, sizes, thread_numbers, births, weights}) column.finish();
  return blocks;
}

void PageReader::read_references(std::size_t rows, PlainReader& numbers, PlainReader& sizes, TraceColumns& blocks) {
  if (order_.empty()) numbers.fail("there are blocks, but no totals");
  const auto most = static_cast<std::uint32_t>(order_.size() - 1);
  last_sizes_.begin_page();
  for (std::size_t at = 0; at < rows; ++at) {
    const std::uint32_t named = order_[numbers.varint32(most, "that a reference can be")];
    if (index_.layout.reference == Reference::size_row) {
      const SizeRow row = sizes_[named];
      blocks.total.push_back(row.total);
      blocks.size.push_back(row.size);
      continue;
    }
    const std::uint64_t coded = sizes.varint(std::uint64_t{1} << 63U, "bytes");  // the size and 1
    auto size = static_cast<std::int64_t>(coded - 1);
    if (coded == 0 && !last_sizes_.find(named, size))
      sizes.fail("a block has the size of one before, but there is none");
    last_sizes_.set(named, size);
    blocks.total.push_back(named);
    blocks.size.push_back(size);
  }
}

void PageReader::read_addresses(std::size_t page, PlainReader& gaps, TraceColumns& blocks) const {
  const Page& entry = index_.pages[page];
  std::uint64_t before = entry.first;
  std::uint64_t expected = entry.first;
  std::uint64_t reach = 0;
  for (std::size_t at = 0; at < blocks.rows(); ++at) {
    const auto gap = static_cast<std::uint64_t>(gaps.signed_varint());
    const std::uint64_t address = expected + (gap << index_.layout.unit_shift);
    const std::int64_t size = blocks.size[at];
    if (address < before) gaps.fail("addresses are not in order");
    if (at == 0 && address != entry.first) gaps.fail("the page does not begin at the address that the index says");
    blocks.address.push_back(address);
    reach = std::max(reach, end_of(address, size));
    before = address;
    expected = index_.layout.after(address, size);
  }
  if (reach != entry.reach) gaps.fail("the page does not end at the address that the index says");
}

}  // namespace snapshot::file
