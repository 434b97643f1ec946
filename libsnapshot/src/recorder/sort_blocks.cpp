#include "recorder/sort_blocks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace snapshot::recorder {
namespace {

constexpr unsigned kDigitBits = 8;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr std::size_t kFew = 64;  // blocks that are sorted sooner by comparing

/// Parts of the address space: all blocks are moved to theirs at once, and are then sorted where the processor's caches
/// have them. Digit by digit over all blocks takes three times as long, since each digit goes through memory. Programs
/// have blocks in few places that lie far from each other, so only those GiB are cut into parts where there is a block.
class Parts {
 public:
  explicit Parts(std::span<const Block> blocks) : first_(kGiBs) {
    for (const Block& block : blocks) first_[block.address() >> kGiBBits] = 1;
    std::uint32_t used = 0;
    for (std::uint32_t& gib : first_) gib = gib == 0 ? 0 : used++;
    while (bits_ < kGiBBits && std::size_t{used} << (kGiBBits - bits_) > kMost) ++bits_;
    for (std::uint32_t& gib : first_) gib <<= kGiBBits - bits_;
    count_ = std::size_t{used} << (kGiBBits - bits_);
  }

  std::size_t count() const { return count_; }
  unsigned bits() const { return bits_; }  ///< lowest bits of the address, in which blocks of one part may differ

  std::size_t of(const Block& block) const {
    constexpr std::uint64_t kInGiB = (std::uint64_t{1} << kGiBBits) - 1;
    return first_[block.address() >> kGiBBits] + ((block.address() & kInGiB) >> bits_);
  }

 private:
  static constexpr unsigned kGiBBits = 30;
  static constexpr std::size_t kGiBs = std::size_t{1} << (kAddressBits - kGiBBits);
  static constexpr std::size_t kMost = std::size_t{1} << 16U;  // but for one for each GiB

  std::vector<std::uint32_t> first_;  // part of each GiB that has a block
  unsigned bits_ = 20;                // a MiB has some thousands of small blocks
  std::size_t count_ = 0;
};

/// Moves the blocks to `to` by one digit, those of the same in their order.
void move_by_digit(std::span<const Block> from, Block* to, unsigned shift) {
  const auto digit = [shift](const Block& block) { return (block.key >> shift) & (kDigits - 1); };
  std::array<std::uint32_t, kDigits + 1> begins{};
  for (const Block& block : from) ++begins[digit(block) + 1];
  for (std::size_t i = 1; i <= kDigits; ++i) begins[i] += begins[i - 1];
  for (const Block& block : from) to[begins[digit(block)]++] = block;
}

/// Sorts blocks of one part, with room for as many in `spare`.
void sort_part(std::span<Block> blocks, unsigned bits, Column<Block>& spare) {
  const auto address = [](const Block& block) { return block.address(); };
  if (std::ranges::is_sorted(blocks, {}, address)) return;
  if (blocks.size() <= kFew) {
    std::ranges::stable_sort(blocks, {}, address);
    return;
  }
  if (spare.size() < blocks.size()) spare.resize(blocks.size());
  std::uint64_t different = 0;
  for (const Block& block : blocks) different |= block.key ^ blocks[0].key;
  Block* from = blocks.data();
  Block* to = spare.values().data();
  for (auto shift = static_cast<unsigned>(std::countr_zero(different)); shift < bits; shift += kDigitBits) {
    move_by_digit({from, blocks.size()}, to, shift);
    std::swap(from, to);
  }
  if (from != blocks.data()) std::copy_n(from, blocks.size(), blocks.data());
}

}  // namespace

Column<Block> by_address(const Column<Block>& blocks) {
  Column<Block> sorted;
  if (blocks.size() <= kFew) {
    sorted = blocks;
    std::ranges::stable_sort(sorted.values(), {}, [](const Block& block) { return block.address(); });
    return sorted;
  }
  const Parts parts(blocks.values());
  std::vector<std::size_t> ends(parts.count() + 1);
  for (const Block& block : blocks.values()) ++ends[parts.of(block) + 1];
  for (std::size_t at = 1; at < ends.size(); ++at) ends[at] += ends[at - 1];
  sorted.resize(blocks.size());
  for (const Block& block : blocks.values()) sorted[ends[parts.of(block)]++] = block;  // which moves starts to ends
  Column<Block> spare;
  std::size_t first = 0;
  for (std::size_t part = 0; part < parts.count(); ++part) {
    sort_part(sorted.values().subspan(first, ends[part] - first), parts.bits(), spare);
    first = ends[part];
  }
  return sorted;
}

}  // namespace snapshot::recorder
