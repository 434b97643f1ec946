#include "recorder/sort_blocks.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace snapshot::recorder {
namespace {

constexpr unsigned kDigitBits = 8;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

std::size_t digit(const Block& block, unsigned shift) { return (block.key >> shift) & (kDigits - 1); }

/// Moves the blocks to `to` by one digit, those of the same in their order. False if that is the same for all.
bool move_by_digit(const Column<Block>& from, Column<Block>& to, unsigned shift) {
  std::array<std::size_t, kDigits + 1> begins{};
  for (const Block& block : from.values()) ++begins[digit(block, shift) + 1];
  if (begins[digit(from[0], shift) + 1] == from.size()) return false;
  for (std::size_t i = 1; i <= kDigits; ++i) begins[i] += begins[i - 1];
  for (const Block& block : from.values()) to[begins[digit(block, shift)]++] = block;
  return true;
}

}  // namespace

Column<Block> by_address(const Column<Block>& blocks) {
  Column<Block> sorted = blocks;
  if (blocks.empty()) return sorted;
  Column<Block> other = blocks;
  for (unsigned shift = 0; shift < kAddressBits; shift += kDigitBits) {
    if (move_by_digit(sorted, other, shift)) std::swap(sorted, other);
  }
  return sorted;
}

}  // namespace snapshot::recorder
