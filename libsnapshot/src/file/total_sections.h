#pragma once

#include "plain_reader.h"
#include "symbol_sections.h"
#include "used_symbols.h"

#include <snapshot/column.h>
#include <snapshot/size_column.h>
#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace snapshot::file {

// TOTL and SIZE: what the traces of each (traceback, total_nframe, domain) hold together, and which sizes their blocks
// have. Rows of totals are sorted by these three, sizes by row of totals and then by size.

/// A row of SIZE: so many blocks of one size in one row of TOTL.
struct SizeRow {
  std::uint32_t total;  ///< row of TOTL
  std::int64_t size;    ///< bytes of one block
  std::int64_t count;   ///< blocks, at least 1

  friend bool operator==(const SizeRow&, const SizeRow&) = default;
};

/// Many of them, in half the memory.
class SizeRows {
 public:
  void push_back(const SizeRow& row) {
    total_.push_back(row.total);
    size_.push_back(row.size);
    count_.push_back(row.count);
  }
  SizeRow operator[](std::size_t at) const { return {total_[at], size_[at], count_[at]}; }
  std::size_t size() const { return total_.size(); }

 private:
  Column<std::uint32_t> total_;
  SizeColumn size_;
  SizeColumn count_;
};

/// The rows of Snapshot::totals() that hold a block, in the order of TOTL.
std::vector<std::uint32_t> order_of_totals(const Snapshot& snapshot, const UsedSymbols& used);

std::vector<std::string> write_totals(const Snapshot& snapshot, const UsedSymbols& used,
                                      const std::vector<std::uint32_t>& order);
/// `totals` is the number of rows of TOTL.
std::vector<std::string> write_sizes(std::size_t totals, const std::vector<SizeRow>& rows);

/// Calls `use` with each.
void read_totals(PlainReader& in, const Tracebacks& tracebacks, const std::function<void(const Total&)>& use);

/// Checks that the sizes add up to the totals.
SizeRows read_sizes(PlainReader& in, std::span<const Total> totals);

}  // namespace snapshot::file
