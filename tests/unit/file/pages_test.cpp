#include "file/block_pages.h"
#include "file/layout.h"
#include "tests/support/tms_assembler.h"

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

using snapshot::Total;
using snapshot::TracebackId;
using snapshot::TraceColumns;
using snapshot::file::BlockIndex;
using snapshot::file::BlockLayout;
using snapshot::file::ChunkRule;
using snapshot::file::PlainReader;
using snapshot::file::Reference;
using snapshot::file::SizeRow;
using testing::svarint;
using testing::varints;

namespace {

constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t kMost63 = std::numeric_limits<std::int64_t>::max();

/// Blocks of two totals, in the order of the file.
struct Blocks {
  TraceColumns traces;
  std::vector<Total> totals{{TracebackId{0}, 0, 0, 0, 0}, {TracebackId{1}, 0, 0, 0, 0}};
  std::vector<SizeRow> sizes;
  std::vector<std::uint32_t> size_rows;

  void add(std::uint32_t total, std::int64_t size, std::uint64_t address, std::uint32_t thread = 0,
           std::int64_t birth = 0, std::uint64_t weight = 0) {
    traces.total.push_back(total);
    traces.size.push_back(size);
    traces.address.push_back(address);
    traces.thread.push_back(thread);
    traces.birth.push_back(birth);
    traces.weight.push_back(weight);
    ++totals[total].count;
    std::uint32_t row = 0;
    while (row < sizes.size() && (sizes[row].total != total || sizes[row].size != size)) ++row;
    if (row == sizes.size()) sizes.push_back({total, size, 0});
    ++sizes[row].count;
    size_rows.push_back(row);
  }

  BlockIndex index(BlockLayout layout) const {
    BlockIndex index{traces.rows(), layout, {}};
    for (std::size_t first = 0; first < traces.rows(); first += snapshot::file::kPageRows) {
      snapshot::file::Page page{0, traces.address[first], 0};
      for (std::size_t at = first; at < std::min(first + snapshot::file::kPageRows, traces.rows()); ++at)
        page.reach = std::max(page.reach, snapshot::file::end_of(traces.address[at], traces.size[at]));
      index.pages.push_back(page);
    }
    return index;
  }

  std::string page(BlockLayout layout, std::size_t number = 0) const {
    std::vector<std::uint32_t> rows(traces.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    snapshot::file::PageWriter writer(layout, traces, rows, size_rows, totals, sizes);
    std::string page;
    for (std::size_t at = 0; at <= number; ++at) page = writer.page(at);
    return page;
  }

  TraceColumns read(const BlockIndex& index, std::string_view bytes, std::size_t number = 0,
                    std::size_t threads = 10) const {
    PlainReader in("BLKS", 9, bytes);
    snapshot::file::SizeRows rows;
    for (const SizeRow& row : sizes) rows.push_back(row);
    return snapshot::file::PageReader(index, totals, rows).read(number, in, threads);
  }
};

BlockLayout layout_with(ChunkRule rule, Reference reference, std::uint8_t unit_shift = 0) {
  return {true, true, true, true, unit_shift, rule, reference};
}

constexpr std::array kLayouts{
    std::pair{ChunkRule::rounded, Reference::size_row}, std::pair{ChunkRule::rounded, Reference::total_and_size},
    std::pair{ChunkRule::malloc, Reference::size_row}, std::pair{ChunkRule::malloc, Reference::total_and_size}};

std::string text(const TraceColumns& blocks) {
  std::string text;
  for (std::size_t at = 0; at < blocks.rows(); ++at) {
    text += std::to_string(blocks.total[at]) + ' ' + std::to_string(blocks.size[at]) + ' ' +
            std::to_string(blocks.address[at]) + ' ' + std::to_string(blocks.thread[at]) + ' ' +
            std::to_string(blocks.birth[at]) + ' ' + std::to_string(blocks.weight[at]) + '\n';
  }
  return text;
}

Blocks at_the_edges() {
  Blocks blocks;
  blocks.add(0, 0, 0, 0, std::numeric_limits<std::int64_t>::min(), kMost64);
  blocks.add(1, kMost63, 0, TraceColumns::kUnknownThread, kMost63, 0);
  blocks.add(1, 0, 1, 9, 0, 1);
  blocks.add(1, 24, 16);
  blocks.add(1, 24, 48);
  blocks.add(1, 23, 80);
  blocks.add(0, 0, std::uint64_t{1} << 63U);
  blocks.add(0, kMost63, (std::uint64_t{1} << 63U) + 1);
  blocks.add(0, kMost63, kMost64 - 1);
  blocks.add(0, 0, kMost64);
  return blocks;
}

}  // namespace

TEST_CASE("blocks at the edges of all ranges come back by both rules and both references") {
  const Blocks blocks = at_the_edges();
  for (const auto& [rule, reference] : kLayouts) {
    const BlockLayout layout = layout_with(rule, reference);
    CHECK(text(blocks.read(blocks.index(layout), blocks.page(layout))) == text(blocks.traces));
  }
}

TEST_CASE("addresses in units come back") {
  for (std::uint8_t shift = 1; shift <= 4; ++shift) {
    Blocks blocks;
    const std::uint64_t unit = std::uint64_t{1} << shift;
    for (const std::uint64_t place : {0, 1, 2, 4, 5, 90}) blocks.add(0, 17, place * unit);
    blocks.add(0, 17, kMost64 - unit + 1);
    for (const auto& [rule, reference] : kLayouts) {
      const BlockLayout layout = layout_with(rule, reference, shift);
      CHECK(text(blocks.read(blocks.index(layout), blocks.page(layout))) == text(blocks.traces));
    }
  }
}

TEST_CASE("each page is read alone") {
  Blocks blocks;
  for (std::uint32_t at = 0; at < 2 * snapshot::file::kPageRows + 5; ++at)
    blocks.add(at % 2, at % 7, 32 * std::uint64_t{at}, at % 10, at, at);
  const BlockLayout layout = layout_with(ChunkRule::malloc, Reference::total_and_size, 4);
  const BlockIndex index = blocks.index(layout);
  CHECK(index.rows_of(0) == snapshot::file::kPageRows);
  CHECK(index.rows_of(2) == 5);
  std::string all;
  for (std::size_t page = 0; page < 3; ++page) all += text(blocks.read(index, blocks.page(layout, page), page));
  CHECK(all == text(blocks.traces));
}

TEST_CASE("pages are written as the format says") {
  Blocks blocks;
  blocks.add(0, 20, 0x1000, 1, -1, 7);
  blocks.add(1, 40, 0x1020, TraceColumns::kUnknownThread, 0, 8);  // behind a chunk of 32 bytes
  blocks.add(1, 40, 0x1060, 0, 0, 9);                             // 16 behind a chunk of 48
  const std::string facts = varints({2, 0, 1}) + svarint(-1) + svarint(1) + svarint(0) + varints({7, 8, 9});
  const std::string gaps = svarint(0) + svarint(0) + svarint(1);
  // Total 1 has two blocks, so that it is number 0.
  CHECK(blocks.page(layout_with(ChunkRule::malloc, Reference::size_row, 4)) ==
        varints({3, 3, 0, 3, 3, 3}) + gaps + varints({1, 0, 0}) + facts);
  CHECK(blocks.page(layout_with(ChunkRule::malloc, Reference::total_and_size, 4)) ==
        varints({3, 3, 3, 3, 3, 3}) + gaps + varints({1, 0, 0}) + varints({21, 41, 0}) + facts);
  // Rounded up to 16, the first ends at 0x1020 and the second at 0x1050.
  CHECK(blocks.page(layout_with(ChunkRule::rounded, Reference::size_row, 4)) ==
        varints({3, 3, 0, 3, 3, 3}) + svarint(0) + svarint(0) + svarint(1) + varints({1, 0, 0}) + facts);
  CHECK(blocks.page({false, false, false, false, 4, ChunkRule::rounded, Reference::size_row}) ==
        varints({0, 3, 0, 0, 0, 0}) + varints({1, 0, 0}));
}

TEST_CASE("pages that lie are refused") {
  Blocks blocks;
  blocks.add(0, 16, 0x100);
  blocks.add(1, 16, 0x110);
  const BlockLayout layout = layout_with(ChunkRule::rounded, Reference::total_and_size, 4);
  const BlockIndex index = blocks.index(layout);
  const auto page = [](std::string gaps, std::string numbers, std::string sizes, std::string threads) {
    return testing::columns("", {std::move(gaps), std::move(numbers), std::move(sizes), std::move(threads),
                                 std::string(2, '\0'), std::string(2, '\0')});
  };
  const std::string zeros(2, '\0');
  const auto check = [&](const std::string& bytes, const std::string& message, const BlockIndex& of) {
    const std::string expected = "offset 9: section BLKS, byte " + message;
    CHECK_THROWS_WITH(blocks.read(of, bytes), expected.c_str());
  };
  CHECK(blocks.read(index, page(zeros, varints({0, 1}), varints({17, 17}), zeros)).rows() == 2);
  check(page(zeros, varints({0, 2}), varints({17, 17}), zeros), "10: 2 is more than 1 that a reference can be", index);
  check(page(zeros, varints({0, 1}), varints({17, 0}), zeros),
        "12: a block has the size of one before, but there is none", index);
  check(page(zeros, varints({0, 1}), varints({17, 17}), varints({0, 11})), "14: 11 is more than 10 threads", index);
  check(page(varints({0, 3}), varints({0, 1}), varints({49, 17}), zeros),
        "8: the page does not end at the address that the index says", index);
  check(page(varints({0, 3}), varints({0, 1}), varints({17, 17}), zeros), "8: addresses are not in order", index);
  check(page(varints({2, 0}), varints({0, 1}), varints({17, 17}), zeros),
        "7: the page does not begin at the address that the index says", index);
  check(page(varints({1, 0}), varints({0, 1}), varints({17, 17}), zeros), "7: addresses are not in order", index);
  check(page(std::string(3, '\0'), varints({0, 1}), varints({17, 17}), zeros), "8: 1 bytes more than there should be",
        index);
  check(page("", varints({0, 1}), varints({17, 17}), zeros), "6: ends within a number", index);
  Blocks none;
  none.totals.clear();
  CHECK_THROWS_WITH(none.read(index, page(zeros, zeros, zeros, zeros)),
                    "offset 9: section BLKS, byte 8: there are blocks, but no totals");
}

TEST_CASE("the index comes back") {
  BlockIndex index{2 * snapshot::file::kPageRows + 1, layout_with(ChunkRule::malloc, Reference::size_row, 4), {}};
  index.pages = {{5, 16, 32}, {6, 1024, kMost64}, {7, kMost64 - 15, kMost64}};
  const std::string bytes = snapshot::file::write_index(index);
  CHECK(bytes == varints({32769, 15, 4, 1, 0, 5, 1, 16, 6, 63, kMost64 - 1024, 7, (kMost64 - 15 - 1024) / 16, 15}));
  PlainReader in("BIDX", 9, bytes);
  const BlockIndex again = snapshot::file::read_index(in, 18);
  in.finish();
  CHECK(again.rows == index.rows);
  REQUIRE(again.pages.size() == 3);
  CHECK(again.pages[2].stored == 7);
  CHECK(again.pages[2].first == kMost64 - 15);
  CHECK(again.pages[1].reach == kMost64);
  CHECK(snapshot::file::write_index(again) == bytes);
}

TEST_CASE("an index that lies is refused") {
  const auto check = [&](const std::string& bytes, std::uint64_t stored, const std::string& message) {
    PlainReader in("BIDX", 9, bytes);
    const std::string expected = "offset 9: section BIDX, byte " + message;
    CHECK_THROWS_WITH(static_cast<void>(snapshot::file::read_index(in, stored)), expected.c_str());
  };
  check(varints({(std::uint64_t{1} << 31U) + 1, 15, 4, 1, 0}), 0, "5: 2147483649 is more than 2147483648 blocks");
  check(varints({std::uint64_t{1} << 31U, 15, 4, 1, 0}), 0, "9: 131072 pages cannot be in 0 bytes");
  check(varints({1, 16, 4, 1, 0}), 0, "2: 16 is more than 15 kinds of columns");
  check(varints({1, 15, 5, 1, 0}), 0, "3: 5 is more than 4 binary digits of a unit");
  check(varints({1, 15, 4, 2, 0}), 0, "4: 2 is more than 1 rules of chunks");
  check(varints({1, 15, 4, 1, 2}), 0, "5: 2 is more than 1 kinds of references");
  check(varints({1, 15, 4, 1, 0, 9, 0, 0}), 8, "6: 9 is more than 8 bytes of blocks");
  check(varints({1, 15, 4, 1, 0, 7, 0, 0}), 8, "8: the pages leave 1 bytes of blocks over");
  check(varints({1, 15, 4, 1, 0, 8, std::uint64_t{1} << 60U, 0}), 8,
        "15: 1152921504606846976 is more than 1152921504606846975 that an address can be");
  check(varints({1, 15, 4, 1, 0, 8, (std::uint64_t{1} << 60U) - 1, 16}), 8,
        "16: 16 is more than 15 that an address can be");
  check(varints({0, 15, 4, 1, 0}), 8, "5: the pages leave 8 bytes of blocks over");
}

TEST_CASE("the end of a block is behind it, or the last address") {
  using snapshot::file::end_of;
  CHECK(end_of(5, 3) == 8);
  CHECK(end_of(5, 0) == 6);
  CHECK(end_of(kMost64, 0) == kMost64);
  CHECK(end_of(kMost64 - 5, 5) == kMost64);
  CHECK(end_of(kMost64 - 5, kMost63) == kMost64);
}
