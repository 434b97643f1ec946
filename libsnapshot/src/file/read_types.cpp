#include "layout.h"
#include "symbol_rows.h"
#include "type_section.h"

#include <algorithm>
#include <limits>

namespace snapshot::file {
namespace {

StringId name_of(std::uint32_t number, const std::vector<StringId>& names) {
  return number == 0 ? kUnknownString : names[number - 1];
}

}  // namespace

TypeReader::TypeReader(PlainReader in, const SizeRows& sizes)
    : sizes_(sizes), names_(in.varint()), columns_(in.columns<kColumns>()) {
  columns_[kShape].check_rows(names_, kMostRows, "types");
  for (std::size_t row = 0; row < sizes.size(); ++row) read_row(row);
  for (const std::size_t at : {kDistinct, kType, kCount}) columns_[at].finish();
}

void TypeReader::read_row(std::size_t size_row) {
  constexpr std::uint64_t kMost63 = std::numeric_limits<std::int64_t>::max();
  PlainReader& types = columns_[kType];
  PlainReader& counts = columns_[kCount];
  const auto fail = [&](const PlainReader& in, const std::string& what) {
    in.fail("row " + std::to_string(size_row) + " of SIZE " + what);
  };
  const std::uint64_t others = columns_[kDistinct].varint(kMostRows, "types");
  if (others > counts.left()) fail(columns_[kDistinct], "has more types than there are");
  std::int64_t left = sizes_[size_row].count;
  std::uint64_t type = 0;
  for (std::uint64_t place = 0; place <= others; ++place) {
    type += types.varint(names_, "types");
    if (type > names_) {
      fail(types, "names type " + std::to_string(type) + ", but there are " + std::to_string(names_));
    }
    // The last has what is left.
    const std::int64_t count =
        place == others ? left : 1 + static_cast<std::int64_t>(counts.varint(kMost63 - 1, "blocks"));
    left -= count;
    if (count <= 0 || left < 0) fail(counts, "has more types than blocks");
    types_.push_back(static_cast<std::uint32_t>(type++));
    counts_.push_back(count);
  }
  ends_.push_back(static_cast<std::uint32_t>(types_.size()));
}

std::vector<StringId> TypeReader::names(Symbols& symbols) const {
  StringRows rows(names_, {columns_[kShape], columns_[kBytes]});
  std::vector<StringId> ids;
  ids.reserve(rows.count());
  for (std::uint32_t at = 0; at < rows.count(); ++at) ids.push_back(symbols.intern(rows.next()));
  rows.finish();
  return ids;
}

StringId TypeReader::name(std::uint32_t number, Symbols& symbols) const {
  StringRows rows(names_, {columns_[kShape], columns_[kBytes]});
  for (std::uint32_t at = 1; at < number; ++at) rows.next();
  return symbols.intern(rows.next());
}

void TypeReader::begin_pages(std::size_t totals) {
  finder_.emplace(sizes_, totals);
  last_.resize(sizes_.size());
  for (std::size_t at = 0; at < counts_.size(); ++at) left_.push_back(counts_[at]);
}

PlainReader TypeReader::next_page() {
  const std::uint64_t length = columns_[kPage].varint(columns_[kBlock].left(), "bytes of types of blocks");
  return columns_[kBlock].part(length);
}

std::span<const std::uint32_t> TypeReader::read_page(const TraceColumns& blocks, std::size_t first, std::size_t end) {
  PlainReader part = next_page();
  ++page_;
  page_types_.clear();
  for (std::size_t at = first; at < end; ++at) {
    const std::uint32_t size_row = finder_->find(blocks.total[at], blocks.size[at]);
    if (size_row == finder_->kNone) part.fail("block " + std::to_string(at) + " has a size that is not one of SIZE");
    const std::span<const std::uint32_t> choice = types_of(size_row);
    if (choice.size() == 1) {
      page_types_.push_back(choice.front());
      continue;
    }
    Last& last = last_[size_row];
    const auto code = part.varint32(static_cast<std::uint32_t>(choice.size()), "types of blocks of that size");
    if (code == 0 && last.page != page_) part.fail("a block has the type of one before, but there is none");
    if (code != 0) last = {page_, code - 1};
    page_types_.push_back(choice[last.place]);
    --left_[ends_[size_row] + last.place];
  }
  part.finish();
  return page_types_;
}

void TypeReader::finish() const {
  columns_[kPage].finish();
  columns_[kBlock].finish();
  for (std::size_t row = 0; finder_ && row < sizes_.size(); ++row) {
    const std::span<const std::int64_t> left = std::span(left_).subspan(ends_[row], types_of(row).size());
    if (left.size() > 1 && std::ranges::any_of(left, [](std::int64_t blocks) { return blocks != 0; })) {
      columns_[kBlock].fail("the types of blocks do not add up to row " + std::to_string(row) + " of SIZE");
    }
  }
}

Column<StringId> types_of_blocks(PlainReader in, const SizeRows& sizes, std::size_t totals, const TraceColumns& blocks,
                                 Symbols& symbols) {
  TypeReader reader(in, sizes);
  const std::vector<StringId> names = reader.names(symbols);
  reader.begin_pages(totals);
  Column<StringId> types;
  for (std::size_t first = 0; first < blocks.rows(); first += kPageRows) {
    const std::size_t end = std::min(first + kPageRows, blocks.rows());
    for (const std::uint32_t number : reader.read_page(blocks, first, end)) types.push_back(name_of(number, names));
  }
  reader.finish();
  return types;
}

TypedSizes typed_sizes(PlainReader in, const SizeRows& sizes, bool has_blocks, Symbols& symbols) {
  const TypeReader reader(in, sizes);
  if (!has_blocks) reader.finish();
  const std::vector<StringId> names = reader.names(symbols);
  TypedSizes typed;
  for (std::size_t at = 0; at < sizes.size(); ++at) {
    const std::span<const std::uint32_t> types = reader.types_of(at);
    for (std::size_t place = 0; place < types.size(); ++place) {
      typed.sizes.push_back({sizes[at].total, sizes[at].size, reader.count(at, place)});
      typed.types.push_back(name_of(types[place], names));
    }
  }
  return typed;
}

}  // namespace snapshot::file
