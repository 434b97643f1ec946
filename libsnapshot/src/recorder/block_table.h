#pragma once

#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// What the table keeps of a live block, as in Slot.
struct Block {
  std::uint64_t key;
  std::uint64_t value;

  static constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << 48) - 1;
  static constexpr std::uint64_t kDomainBit = std::uint64_t{1} << 48;
  static constexpr std::uint64_t kSizeMask = (std::uint64_t{1} << 40) - 1;

  std::uint64_t address() const { return key & kAddressMask; }
  std::uint64_t size() const { return value & kSizeMask; }
  std::uint32_t node() const { return static_cast<std::uint32_t>(value >> 40); }
};

/// The live blocks: kShards hash tables, each with a lock of its own. Linear probing; growth by a fifth, so that a
/// block takes 19 to 23 bytes in all; deletion shifts back, so that there are no tombstones. A writer takes one shard
/// at a time:
///
///     const BlockTable::Lock lock(table, address);
///     lock.insert(block, old);
///
/// and no allocator is called, nothing is thrown. Memory is asked for before it is touched (populate), so that where
/// there is none insert() fails and no page fault kills the program.
class BlockTable {
 public:
  explicit BlockTable(RegionMap region) : region_(region) {}

  enum class Outcome { inserted, replaced, full };

  /// Which shard has the address.
  static std::uint32_t shard_of(std::uint64_t address) { return static_cast<std::uint32_t>(hash(address) >> 58); }

  /// Holds the shard of an address. Waits while the reader holds the program.
  class Lock {
   public:
    Lock(const BlockTable& table, std::uint64_t address);
    ~Lock() { shard_.lock.store(0, std::memory_order_release); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    /// `old` is the block that was there under the same address and domain, when replaced.
    Outcome insert(const Block& block, Block& old) const;

    /// Takes out the block of this address in `domain`, a row of Header::domains (0: the malloc family's). False when
    /// there is none.
    bool remove(std::uint64_t address, std::uint32_t domain, Block& old) const;

    bool find(std::uint64_t address, std::uint32_t domain, Block& block) const;

   private:
    bool grow() const;
    void forget_all() const;
    std::uint64_t search(std::uint64_t address, std::uint32_t domain) const;

    RegionMap region_;
    std::uint32_t index_;
    Shard& shard_;
    Slot* slots_;
  };

  /// Whether there is surely no block at the address, without a lock: cheap where most blocks are not recorded.
  bool surely_absent(std::uint64_t address) const;

  /// Sets up the shards of a new region. False when there is no memory.
  bool start() const;

 private:
  /// Blocks that are near each other in memory, which mostly come and go together, share a line of the table: 128 bytes
  /// of memory have four slots.
  static std::uint64_t hash(std::uint64_t address) { return (address >> 7) * 0x9e3779b97f4a7c15; }
  static std::uint64_t home_slot(std::uint64_t address, std::uint64_t capacity) {
    return ((((hash(address) << 6) >> 32) * (capacity / 4)) >> 32) * 4 + ((address >> 5) & 3);
  }

  RegionMap region_;
};

/// Waits until no reader holds the program, or the hold ran out.
void wait_for_hold(Header& header);

/// Takes a lock that is held for microseconds, by other threads.
void spin_lock(std::atomic<std::uint32_t>& lock);
bool try_lock(std::atomic<std::uint32_t>& lock);

}  // namespace snapshot::recorder
