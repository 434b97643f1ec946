#pragma once

#include "recorder/region.h"

#include <sys/single_threaded.h>

#include <cstdint>

namespace snapshot::recorder {

/// Takes a lock that other threads hold for microseconds.
[[gnu::cold]] void wait_for_lock(std::atomic<std::uint32_t>& lock);
inline bool try_lock(std::atomic<std::uint32_t>& lock) { return lock.exchange(1, std::memory_order_seq_cst) == 0; }
inline void spin_lock(std::atomic<std::uint32_t>& lock) {
  if (__builtin_expect(!try_lock(lock), 0)) wait_for_lock(lock);
}

/// Waits until no reader holds the program, or the hold ran out.
[[gnu::cold]] void wait_for_hold(Header& header);

/// Recording ends: there is no more room.
[[gnu::cold]] void become_full(Header& header, FullReason reason);

/// populate(), counted as memory of the recorder's own.
bool populate_counted(Header& header, void* begin, std::size_t size);

/// What the tag of a tagged block says of it.
inline Tag tag_of(RegionMap region, const Block& block) {
  return {region.nodes()[block.node()].frame.load(std::memory_order_relaxed)};
}

/// The bytes of a block, with those that its tag has.
inline std::int64_t whole_size(RegionMap region, const Block& block) {
  if (!block.is_tagged()) return static_cast<std::int64_t>(block.size());
  return static_cast<std::int64_t>(whole_size(block, tag_of(region, block).size_high()));
}

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

  static constexpr std::uint64_t kBucket = 4;  ///< slots of a cache line

  /// Where an address belongs.
  class Place {
   public:
    Place(RegionMap region, std::uint64_t address)
        : hash_(hash(address)),
          index_(shard_of(hash_)),
          shard_(&region.shards()[index_]),
          slots_(region.slots(index_)) {}

    std::uint32_t shard() const { return index_; }

    /// Has the processor fetch the line that has the block, or will have it, while other things are done.
    void prefetch() const {
      __builtin_prefetch(slots_ + home_bucket(hash_, shard_->capacity.load(std::memory_order_relaxed)), 1);
    }

   private:
    friend class BlockTable;
    std::uint64_t hash_;
    std::uint32_t index_;
    Shard* shard_;
    Slot* slots_;
  };

  Place place_of(std::uint64_t address) const { return {region_, address}; }

  enum class Outcome { inserted, replaced, full };

  /// Holds the shard of an address. Waits while the reader holds the program.
  class Lock {
   public:
    Lock(const BlockTable& table, std::uint64_t address) : Lock(table, table.place_of(address)) {}
    Lock(const BlockTable& table, const Place& place)
        : Lock(table.region_, place.index_, *place.shard_, place.slots_) {}
    Lock(RegionMap region, std::uint32_t index) : Lock(region, index, region.shards()[index], region.slots(index)) {}
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
    Lock(RegionMap region, std::uint32_t index, Shard& shard, Slot* slots)
        : region_(region), index_(index), shard_(shard), slots_(slots) {
      take(shard_.lock);
      const Header& header = region.header();
      if (__builtin_expect(
              header.hold_until.load(std::memory_order_seq_cst) != 0 ||
                  shard_.cleared.load(std::memory_order_relaxed) != header.clear.load(std::memory_order_relaxed),
              0)) {
        wait();
      }
    }

    /// A program's only thread needs no atomic operation, which would be a fifth of what a block costs. Readers, who
    /// look at the lock after they set Header::hold_until, make up for the order that it would give: with membarrier().
    static void take(std::atomic<std::uint32_t>& lock) {
      if (__libc_single_threaded) {
        lock.store(1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
      } else {
        spin_lock(lock);
      }
    }

    [[gnu::cold]] void wait() const;
    void fill(std::uint64_t hole) const;
    bool is_full(std::uint64_t bucket) const;
    std::uint64_t first_empty(std::uint64_t bucket, std::uint64_t capacity) const;
    [[gnu::cold]] bool grow() const;
    [[gnu::cold]] void forget_all() const;
    std::uint32_t domain_of(const Block& block) const;
    std::uint64_t search_domain(std::uint64_t bucket, std::uint64_t address, std::uint32_t domain) const;
    std::uint64_t search(std::uint64_t address, std::uint32_t domain) const;

    RegionMap region_;
    std::uint32_t index_;
    Shard& shard_;
    Slot* slots_;
  };

  /// Whether there is surely no block at the address, without a lock: cheap where most blocks are not recorded. A copy
  /// of the place stays in registers.
  bool surely_absent(Place place, std::uint64_t address) const;

  /// Has all shards forget their blocks at once after Header::clear was counted up, which each does at its next update.
  void settle_clear() const {
    for (std::uint32_t i = 0; i < kShards; ++i) const Lock lock(region_, i);
  }

  /// Sets up the shards of a new region. False when there is no memory.
  bool start() const;

 private:
  static std::uint64_t hash(std::uint64_t address) { return (address >> 6) * 0x9e3779b97f4a7c15; }
  static std::uint32_t shard_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 58); }
  static std::uint64_t home_bucket(std::uint64_t hash, std::uint64_t capacity) {
    return (((hash << 6) >> 32) * (capacity / kBucket) >> 32) * kBucket;
  }

  RegionMap region_;
};

}  // namespace snapshot::recorder
