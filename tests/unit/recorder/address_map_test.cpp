#include <recorder/address_map.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

using snapshot::recorder::AddressMap;
using snapshot::recorder::AddressRange;

namespace {

/// The rule itself: of the ranges that hold the address the one that begins last, then ends first, then has most.
std::uint32_t slow_find(const std::vector<AddressRange>& ranges, std::uint64_t address) {
  const AddressRange* best = nullptr;
  for (const AddressRange& range : ranges) {
    if (address < range.low || address >= range.high) continue;
    const bool better = best == nullptr || range.low > best->low ||
                        (range.low == best->low &&
                         (range.high < best->high || (range.high == best->high && range.value > best->value)));
    if (better) best = &range;
  }
  return best == nullptr ? AddressMap::kNone : best->value;
}

}  // namespace

TEST_CASE("an address is in the innermost range that holds it") {
  const AddressMap map({{10, 50, 0}, {20, 30, 1}, {20, 25, 2}, {60, 60, 3}, {70, 80, 4}, {70, 80, 5}});
  CHECK(map.find(9) == AddressMap::kNone);
  CHECK(map.find(10) == 0);
  CHECK(map.find(20) == 2);
  CHECK(map.find(25) == 1);
  CHECK(map.find(30) == 0);
  CHECK(map.find(50) == AddressMap::kNone);
  CHECK(map.find(60) == AddressMap::kNone);
  CHECK(map.find(79) == 5);
  CHECK(AddressMap().find(1) == AddressMap::kNone);
}

TEST_CASE("ranges that overlap in any way are searched as the rule says") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<AddressRange> ranges(random() % 12);
    for (std::uint32_t at = 0; at < ranges.size(); ++at) {
      const std::uint64_t low = random() % 40;
      ranges[at] = {low, low + random() % 20, at};
    }
    std::ranges::shuffle(ranges, random);
    const AddressMap map(ranges);
    for (std::uint64_t address = 0; address < 64; ++address) CHECK(map.find(address) == slow_find(ranges, address));
  }
}

TEST_CASE("a range up to the last address has it not") {
  const AddressMap map({{5, UINT64_MAX, 1}});
  CHECK(map.find(UINT64_MAX - 1) == 1);
  CHECK(map.find(UINT64_MAX) == AddressMap::kNone);
}
