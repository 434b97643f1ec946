#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

// The part of the region (region.h) that has the blocks of up to 512 bytes that Python's own allocator gave out. These
// lie in pages of one size class each, so that a block's page and its place there say where its entry is: neighbours
// have neighbouring entries, 8 bytes each, where a hash table would have two cache misses for each block. Python's lock
// makes their updates one after the other; the reader's hold is kept as with a Shard.

namespace snapshot::recorder {

inline constexpr unsigned kSmallPageShift = 12;
inline constexpr std::uint32_t kLargestSmall = 512;  ///< bytes: CPython's SMALL_REQUEST_THRESHOLD
inline constexpr unsigned kLeastSmallShift = 4;      ///< classes are powers of two, from 16 bytes
inline constexpr unsigned kMostSmallShift = 9;
inline constexpr std::size_t kSmallGenerations = 13;  ///< of the table of pages: of 2^10 to 2^22 rows

struct SmallPart {
  std::atomic<std::uint32_t> lock;          ///< 1 while an update is made
  std::atomic<std::uint32_t> cleared;       ///< behind Header::clear: all blocks here are to be forgotten
  std::atomic<std::uint32_t> generation;    ///< of the table of pages in use
  std::uint32_t pages;                      ///< rows of it that are used
  std::uint64_t entries_used;               ///< from their start
  std::uint64_t free[kMostSmallShift + 1];  ///< by class: first of the parts of the entries that no page has, + 1, or 0
};

/// A page, found by hashing its number. Zero `page` is an empty row.
struct SmallPage {
  std::atomic<std::uint64_t> page;  ///< number (address >> kSmallPageShift) and << kSmallClassShift the class
  std::uint64_t first;              ///< entry of the page's first place
};
inline constexpr unsigned kSmallClassShift = 56;
constexpr unsigned class_of_page(std::uint64_t page) { return static_cast<unsigned>(page >> kSmallClassShift); }
constexpr std::uint64_t number_of_page(std::uint64_t page) {
  return page & ((std::uint64_t{1} << kSmallClassShift) - 1);
}

/// A live block: 0, or kSmallThere, the node (24 bits), << 24 size (10 bits), << 34 the place of the block behind that
/// of the entry in units of 16 bytes (5 bits), << 40 the thread's row, counted from 1 (14 bits), << 54 the type of the
/// object in it, if that was noted (9 bits, code_rows.h).
using SmallEntry = std::atomic<std::uint64_t>;
inline constexpr std::uint64_t kSmallThere = std::uint64_t{1} << 63;

constexpr std::uint64_t small_rows(std::uint32_t generation) { return std::uint64_t{1024} << generation; }
constexpr std::uint64_t small_pages_before(std::uint32_t generation) { return small_rows(generation) - small_rows(0); }
constexpr std::uint64_t small_entry_count(std::uint64_t max_slots) { return max_slots; }
constexpr std::uint32_t small_entries_of(unsigned shift) { return 1U << (kSmallPageShift - shift); }
constexpr std::uint64_t hash_of_page(std::uint64_t page) { return (page * 0x9e3779b97f4a7c15) >> 20; }

/// The class of a block of this size, at most kLargestSmall: the highest power of two that it takes in whole.
constexpr unsigned small_shift(std::uint64_t size) {
  const std::uint64_t taken = size == 0 ? 16 : (size + 15) & ~std::uint64_t{15};
  return 63U - static_cast<unsigned>(__builtin_clzll(taken));
}

struct SmallBlock {
  std::uint64_t entry;
  std::uint32_t node() const { return static_cast<std::uint32_t>(entry & 0xff'ffff); }
  std::uint64_t size() const { return entry >> 24 & 0x3ff; }
  std::uint64_t offset() const { return (entry >> 34 & 31) * 16; }
  std::uint32_t thread() const { return static_cast<std::uint32_t>(entry >> 40) & 0x3fff; }
  std::uint32_t type() const { return static_cast<std::uint32_t>(entry >> kTypeShift) & kTypeMask; }
  SmallBlock with_type(std::uint32_t type) const {
    return {(entry & ~(std::uint64_t{kTypeMask} << kTypeShift)) | std::uint64_t{type} << kTypeShift};
  }

  static constexpr unsigned kTypeShift = 54;
  static constexpr std::uint32_t kTypeMask = 0x1ff;
  static constexpr std::uint64_t make(std::uint32_t node, std::uint64_t size, std::uint64_t offset,
                                      std::uint32_t thread) {
    return kSmallThere | node | size << 24 | offset / 16 << 34 | std::uint64_t{thread} << 40;
  }
};

}  // namespace snapshot::recorder
