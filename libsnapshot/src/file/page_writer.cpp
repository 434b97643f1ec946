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
  if (layout_.reference == Reference::size_row) {
    columns[1] = references_by_size(first, end);
  } else {
    put_references_by_total(columns[1], columns[2], first, end);
  }
  if (layout_.has_thread) columns[3] = threads(first, end);
  if (layout_.has_birth) columns[4] = births(first, end);
  if (layout_.has_weight) columns[5] = weights(first, end);
  std::string plain;
  for (const std::string& column : with_lengths("", std::move(columns))) plain += column;
  return plain;
}

std::string PageWriter::gaps(std::size_t first, std::size_t end) const {
  VarintColumn gaps;
  std::uint64_t expected = traces_.address[rows_[first]];
  for (std::size_t at = first; at < end; ++at) {
    const std::uint64_t address = traces_.address[rows_[at]];
    gaps.put_signed(static_cast<std::int64_t>(address - expected) >> layout_.unit_shift);
    expected = layout_.after(address, traces_.size[rows_[at]]);
  }
  return gaps.take();
}

std::string PageWriter::references_by_size(std::size_t first, std::size_t end) const {
  VarintColumn numbers;
  for (std::size_t at = first; at < end; ++at) numbers.put(numbers_[size_rows_[rows_[at]]]);
  return numbers.take();
}

void PageWriter::put_references_by_total(std::string& numbers, std::string& sizes, std::size_t first, std::size_t end) {
  VarintColumn number_column;
  VarintColumn size_column;
  last_sizes_.begin_page();
  for (std::size_t at = first; at < end; ++at) {
    const SizeRow& row = sizes_[size_rows_[rows_[at]]];
    number_column.put(numbers_[row.total]);
    std::int64_t last = 0;
    const bool same = last_sizes_.find(row.total, last) && last == row.size;
    size_column.put(same ? 0 : static_cast<std::uint64_t>(row.size) + 1);
    last_sizes_.set(row.total, row.size);
  }
  numbers = number_column.take();
  sizes = size_column.take();
}

std::string PageWriter::threads(std::size_t first, std::size_t end) const {
  VarintColumn threads;
  for (std::size_t at = first; at < end; ++at) {
    const std::uint32_t thread = traces_.thread[rows_[at]];
    threads.put(thread == TraceColumns::kUnknownThread ? 0 : std::uint64_t{thread} + 1);
  }
  return threads.take();
}

std::string PageWriter::births(std::size_t first, std::size_t end) const {
  VarintColumn births;
  std::uint64_t before = 0;
  for (std::size_t at = first; at < end; ++at) {
    const auto birth = static_cast<std::uint64_t>(traces_.birth[rows_[at]]);
    births.put_signed(static_cast<std::int64_t>(birth - before));
    before = birth;
  }
  return births.take();
}

std::string PageWriter::weights(std::size_t first, std::size_t end) const {
  VarintColumn weights;
  for (std::size_t at = first; at < end; ++at) weights.put(traces_.weight[rows_[at]]);
  return weights.take();
}

}  // namespace snapshot::file
