#include "layout.h"
#include "plain_writer.h"
#include "type_section.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace snapshot::file {
namespace {

/// The rows of types, those of one row of SIZE together.
class TypesBySizeRow {
 public:
  TypesBySizeRow(const std::vector<TypeRow>& rows, std::size_t size_rows) : rows_(rows), ends_(size_rows + 1) {
    for (const TypeRow& row : rows) ++ends_[row.size_row + 1];
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  }

  std::span<const TypeRow> of(std::size_t size_row) const {
    return std::span(rows_).subspan(ends_[size_row], ends_[size_row + 1] - ends_[size_row]);
  }

 private:
  const std::vector<TypeRow>& rows_;
  std::vector<std::size_t> ends_;  // those of row r of SIZE are [ends_[r], ends_[r + 1])
};

/// Which of the types that its row of SIZE has each block is of, and how long the part of each page is.
void put_blocks(std::string& pages, std::string& places, const TypesBySizeRow& by_size_row, const SortedBlocks& blocks,
                const TraceColumns& traces, const TypeNumbers& types, const TraceSizes& sizes) {
  std::vector<std::pair<std::size_t, std::size_t>> last(
      sizes.rows.size());  // of each row of SIZE: page, from 1, and place
  std::size_t before = 0;  // bytes of the pages before
  for (std::size_t at = 0; at < blocks.rows.size(); ++at) {
    const std::uint32_t size_row = sizes.row_of[blocks.rows[at]];
    const std::span<const TypeRow> choice = by_size_row.of(size_row);
    if (choice.size() > 1) {
      const std::uint32_t type = types.of(traces, blocks.rows[at]);
      const auto found = std::ranges::lower_bound(choice, type, {}, &TypeRow::type);
      const std::pair here(at / kPageRows + 1, static_cast<std::size_t>(found - choice.begin()));
      auto& last_here = last[size_row];
      put_varint(places, here == last_here ? 0 : here.second + 1);
      last_here = here;
    }
    if ((at + 1) % kPageRows != 0 && at + 1 != blocks.rows.size()) continue;
    put_varint(pages, places.size() - before);
    before = places.size();
  }
}

}  // namespace

TypeNumbers::TypeNumbers(const Snapshot& snapshot) {
  const Symbols& symbols = snapshot.symbols();
  const std::span<const StringId> types = snapshot.traces().type.values();
  if (types.empty()) return;
  numbers_.resize(symbols.string_count());
  for (const StringId type : types) {
    if (type == kUnknownString || numbers_[row(type)] != 0) continue;
    numbers_[row(type)] = 1;
    names_.push_back(type);
  }
  std::ranges::sort(names_, {}, [&](StringId id) { return symbols.text(id); });
  for (std::uint32_t at = 0; at < names_.size(); ++at) numbers_[row(names_[at])] = at + 1;
}

std::vector<TypeRow> type_rows(const Snapshot& snapshot, const TraceSizes& sizes, const TypeNumbers& types) {
  const TraceColumns& traces = snapshot.traces();
  std::vector<TypeRow> rows;
  std::vector<std::size_t> last(sizes.rows.size());  // of each row of SIZE: where its last row is, counted from 1
  for (std::size_t at = 0; at < traces.rows(); ++at) {
    const TypeRow row{sizes.row_of[at], types.of(traces, at), traces.count_of(at)};
    std::size_t& before = last[row.size_row];
    // Blocks of one size and traceback mostly have one type, and that in runs.
    if (before != 0 && rows[before - 1].type == row.type) {
      rows[before - 1].count += row.count;
    } else {
      rows.push_back(row);
      before = rows.size();
    }
  }
  std::ranges::sort(rows, {}, [](const TypeRow& row) { return std::tuple(row.size_row, row.type); });
  std::size_t kept = 0;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (kept > 0 && rows[kept - 1].size_row == rows[at].size_row && rows[kept - 1].type == rows[at].type) {
      rows[kept - 1].count += rows[at].count;
    } else {
      rows[kept++] = rows[at];
    }
  }
  rows.resize(kept);
  return rows;
}

std::vector<std::string> write_types(const Snapshot& snapshot, const TypeNumbers& types,
                                     const std::vector<TypeRow>& rows, const TraceSizes& sizes,
                                     const SortedBlocks* blocks) {
  const TypesBySizeRow by_size_row(rows, sizes.rows.size());
  auto [shape, bytes] = string_columns(snapshot.symbols(), types.names());
  std::string distinct;
  std::string numbers;
  std::string counts;
  for (std::size_t at = 0; at < sizes.rows.size(); ++at) {
    const std::span<const TypeRow> choice = by_size_row.of(at);
    put_varint(distinct, choice.size() - 1);
    for (std::size_t place = 0; place < choice.size(); ++place) {
      put_varint(numbers, choice[place].type - (place == 0 ? 0 : choice[place - 1].type + 1));
      if (place + 1 < choice.size()) put_varint(counts, static_cast<std::uint64_t>(choice[place].count - 1));
    }
  }
  std::string pages;
  std::string places;
  if (blocks != nullptr) put_blocks(pages, places, by_size_row, *blocks, snapshot.traces(), types, sizes);
  return with_lengths(varint_text(types.names().size()), {shape, bytes, distinct, numbers, counts, pages, places});
}

}  // namespace snapshot::file
