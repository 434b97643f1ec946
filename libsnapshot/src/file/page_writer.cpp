#include "block_pages.h"
#include "layout.h"
#include "plain_writer.h"

#include <algorithm>

namespace snapshot::file {

PageWriter::PageWriter(const BlockLayout& layout, const TraceColumns& traces, std::span<const std::uint32_t> rows,
                       std::span<const std::uint32_t> size_rows, std::span<const Total> totals,
                       std::span<const SizeRow> sizes)
    : layout_(layout), traces_(traces), rows_(rows), size_rows_(size_rows), sizes_(sizes), last_sizes_(totals.size()) {
  const bool by_size = layout.reference == Reference::size_row;
  const std::vector<std::uint32_t> order = by_size ? reference_order(sizes) : reference_order(totals);
  numbers_.resize(order.size());
  for (std::uint32_t number = 0; number < order.size(); ++number) numbers_[order[number]] = number;
}

std::string PageWriter::page(std::size_t number) {
  const std::size_t first = number * kPageRows;
  const std::size_t end = std::min(first + kPageRows, rows_.size());
  std::vector<std::string> columns(6);
  if (layout_.has_address) columns[0] = gaps(first, end);
  put_references(columns[1], columns[2], first, end);
  put_facts(columns[3], columns[4], columns[5], first, end);
  std::string plain;
  for (const std::string& column : with_lengths("", std::move(columns))) plain += column;
  return plain;
}

std::string PageWriter::gaps(std::size_t first, std::size_t end) const {
  std::string gaps;
  std::uint64_t expected = traces_.address[rows_[first]];
  for (std::size_t at = first; at < end; ++at) {
    const std::uint64_t address = traces_.address[rows_[at]];
    put_signed(gaps, static_cast<std::int64_t>(address - expected) >> layout_.unit_shift);
    expected = layout_.after(address, sizes_[size_rows_[rows_[at]]].size);
  }
  return gaps;
}

void PageWriter::put_references(std::string& numbers, std::string& sizes, std::size_t first, std::size_t end) {
  if (layout_.reference == Reference::size_row) {
    for (std::size_t at = first; at < end; ++at) put_varint(numbers, numbers_[size_rows_[rows_[at]]]);
    return;
  }
  for (std::size_t at = first; at < end; ++at) put_varint(numbers, numbers_[sizes_[size_rows_[rows_[at]]].total]);
  last_sizes_.begin_page();
  for (std::size_t at = first; at < end; ++at) {
    const SizeRow& row = sizes_[size_rows_[rows_[at]]];
    std::int64_t last = 0;
    const bool same = last_sizes_.find(row.total, last) && last == row.size;
    put_varint(sizes, same ? 0 : static_cast<std::uint64_t>(row.size) + 1);
    last_sizes_.set(row.total, row.size);
  }
}

void PageWriter::put_facts(std::string& threads, std::string& births, std::string& weights, std::size_t first,
                           std::size_t end) const {
  for (std::size_t at = first; layout_.has_thread && at < end; ++at) {
    const std::uint32_t thread = traces_.thread[rows_[at]];
    put_varint(threads, thread == TraceColumns::kUnknownThread ? 0 : std::uint64_t{thread} + 1);
  }
  std::uint64_t before = 0;
  for (std::size_t at = first; layout_.has_birth && at < end; ++at) {
    const auto birth = static_cast<std::uint64_t>(traces_.birth[rows_[at]]);
    put_signed(births, static_cast<std::int64_t>(birth - before));
    before = birth;
  }
  for (std::size_t at = first; layout_.has_weight && at < end; ++at) put_varint(weights, traces_.weight[rows_[at]]);
}

}  // namespace snapshot::file
