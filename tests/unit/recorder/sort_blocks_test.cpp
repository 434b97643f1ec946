#include "recorder/sort_blocks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

using namespace snapshot::recorder;

namespace {

/// Blocks at these addresses, numbered in their sizes.
snapshot::Column<Block> blocks_at(const std::vector<std::uint64_t>& addresses) {
  snapshot::Column<Block> blocks;
  for (const std::uint64_t address : addresses) {
    const std::uint64_t thread = addresses.size() - blocks.size();  // above the address, and of no meaning to its order
    blocks.push_back({address | thread << Block::kThreadShift, blocks.size()});
  }
  return blocks;
}

bool sorts_as_comparing_does(const std::vector<std::uint64_t>& addresses) {
  const snapshot::Column<Block> blocks = blocks_at(addresses);
  std::vector<Block> expected(blocks.values().begin(), blocks.values().end());
  std::ranges::stable_sort(expected, {}, [](const Block& block) { return block.address(); });
  return std::ranges::equal(by_address(blocks).values(), expected);
}

/// Addresses from `first` on below `end`, multiples of `unit`.
std::vector<std::uint64_t> drawn(std::size_t count, std::uint64_t first, std::uint64_t end, std::uint64_t unit) {
  std::mt19937_64 random(count);
  std::vector<std::uint64_t> addresses;
  for (std::size_t i = 0; i < count; ++i) addresses.push_back(first + random() % (end - first) / unit * unit);
  return addresses;
}

std::vector<std::uint64_t> joined(std::vector<std::uint64_t> some, const std::vector<std::uint64_t>& others) {
  some.insert(some.end(), others.begin(), others.end());
  return some;
}

constexpr std::uint64_t kHeap = 0x5555'1234'0000;
constexpr std::uint64_t kMapped = 0x7fff'0000'0000;

}  // namespace

TEST_CASE("blocks are sorted by address, those of one address in their order") {
  CHECK(sorts_as_comparing_does({}));
  CHECK(sorts_as_comparing_does({48, 32, 48, 16}));
  CHECK(sorts_as_comparing_does(drawn(64, kHeap, kHeap + 1000, 1)));
  CHECK(sorts_as_comparing_does(drawn(65, kHeap, kHeap + 1000, 1)));
  const auto heap = drawn(50'000, kHeap, kHeap + (20 << 20), 16);
  CHECK(sorts_as_comparing_does(heap));
  CHECK(sorts_as_comparing_does(joined(heap, drawn(300, kMapped, kMapped + (std::uint64_t{1} << 36U), 4096))));
  CHECK(sorts_as_comparing_does(drawn(20'000, kHeap, kHeap + (20 << 20), 1)));
  CHECK(sorts_as_comparing_does(std::vector<std::uint64_t>(1000, kHeap)));
}

TEST_CASE("blocks are sorted by address wherever in the address space they are") {
  CHECK(sorts_as_comparing_does(drawn(20'000, 1, kAddressMask, 1)));  // in more GiB than are told apart by the MiB
  CHECK(sorts_as_comparing_does(drawn(400'000, 1, kAddressMask, 16)));
  CHECK(sorts_as_comparing_does(drawn(100'000, kHeap, kHeap + (std::uint64_t{200} << 30U), 16)));
  CHECK(sorts_as_comparing_does({kAddressMask, 1, kAddressMask - 1}));
  auto sorted = drawn(5000, kHeap, kHeap + (1 << 20), 16);
  std::ranges::sort(sorted);
  CHECK(sorts_as_comparing_does(sorted));
}
