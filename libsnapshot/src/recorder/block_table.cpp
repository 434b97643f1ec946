#include "recorder/block_table.h"

#include "recorder/system.h"

#include <emmintrin.h>

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kBucket = BlockTable::kBucket;
constexpr std::uint64_t kKeyMask = kAddressMask | Block::kDomainBit;
constexpr std::uint64_t kFirstSlots = 256;  // a page
constexpr std::uint64_t kSmall = 2048;      // shards double up to here
constexpr std::uint64_t kLongestHold = 15'000'000'000;

std::uint64_t key_of(const Slot& slot) { return slot.key.load(std::memory_order_relaxed); }
Block load(const Slot& slot) { return {key_of(slot), slot.value.load(std::memory_order_relaxed)}; }

/// One instruction, so that a program that dies leaves whole slots.
void store(Slot& slot, const Block& block) {
  _mm_store_si128(reinterpret_cast<__m128i*>(&slot),
                  _mm_set_epi64x(static_cast<long long>(block.value), static_cast<long long>(block.key)));
}

std::uint64_t next_bucket(std::uint64_t bucket, std::uint64_t capacity) {
  return bucket + kBucket == capacity ? 0 : bucket + kBucket;
}

std::uint64_t most_blocks(std::uint64_t capacity) { return capacity / 32 * 27; }

/// Shards grow at different times, so that all together are never all nearly empty: the steps up from kSmall begin a
/// little further for each.
std::uint64_t next_capacity(std::uint64_t capacity, std::uint32_t shard) {
  if (capacity < kSmall) return capacity * 2;
  const std::uint64_t more = capacity == kSmall ? capacity / 5 * shard / kShards : capacity / 5;
  return (capacity + more + kFirstSlots - 1) / kFirstSlots * kFirstSlots + (more < kFirstSlots ? kFirstSlots : 0);
}

}  // namespace

void wait_for_lock(std::atomic<std::uint32_t>& lock) {
  const KeepErrno keep;
  for (unsigned tries = 0; !try_lock(lock); ++tries) yield(tries);
}

void wait_for_hold(Header& header) {
  const KeepErrno keep;
  while (true) {
    const std::uint32_t wake = header.hold_wake.load(std::memory_order_acquire);
    std::uint64_t until = header.hold_until.load(std::memory_order_acquire);
    if (until == 0) return;
    const std::uint64_t now = monotonic_now();
    if (now >= until || until - now > kLongestHold) {
      if (header.hold_until.compare_exchange_strong(until, 0)) header.holds_broken.fetch_add(1);
      return;
    }
    futex_wait(header.hold_wake, wake, until - now);
  }
}

void become_full(Header& header, FullReason reason) {
  State expected = State::recording;
  if (header.state.compare_exchange_strong(expected, State::full)) header.full_reason.store(reason);
}

bool populate_counted(Header& header, void* begin, std::size_t size) {
  if (!populate(begin, size)) return false;
  header.memory.fetch_add(size, std::memory_order_relaxed);
  return true;
}

/// While a reader holds the program, or after it asked for all to be forgotten.
void BlockTable::Lock::wait() const {
  Header& header = region_.header();
  while (header.hold_until.load(std::memory_order_seq_cst) != 0) {
    shard_.lock.store(0, std::memory_order_release);
    wait_for_hold(header);
    spin_lock(shard_.lock);
  }
  if (shard_.cleared.load(std::memory_order_relaxed) != header.clear.load(std::memory_order_relaxed)) forget_all();
}

std::uint32_t BlockTable::Lock::domain_of(const Block& block) const {
  return block.is_tagged() ? tag_of(region_, block).domain() : 0;
}

/// The slot that has the block, or the empty one where it would be entered.
std::uint64_t BlockTable::Lock::search(std::uint64_t address, std::uint32_t domain) const {
  const std::uint64_t capacity = shard_.capacity.load(std::memory_order_relaxed);
  std::uint64_t bucket = home_bucket(hash(address), capacity);
  if (__builtin_expect(domain != 0, 0)) return search_domain(bucket, address, domain);
  while (true) {
    const Slot* slots = slots_ + bucket;
    const std::uint64_t keys[kBucket] = {key_of(slots[0]), key_of(slots[1]), key_of(slots[2]), key_of(slots[3])};
    for (std::uint64_t i = 0; i < kBucket; ++i) {
      if ((keys[i] & kKeyMask) == address) return bucket + i;
    }
    for (std::uint64_t i = 0; i < kBucket; ++i) {
      if (keys[i] == 0) return bucket + i;
    }
    bucket = next_bucket(bucket, capacity);
  }
}

/// The same in one of the program's own address spaces.
std::uint64_t BlockTable::Lock::search_domain(std::uint64_t bucket, std::uint64_t address, std::uint32_t domain) const {
  const std::uint64_t capacity = shard_.capacity.load(std::memory_order_relaxed);
  while (true) {
    std::uint64_t empty = capacity;
    for (std::uint64_t i = bucket; i < bucket + kBucket; ++i) {
      const Block block = load(slots_[i]);
      if (block.key == 0) empty = i;
      if ((block.key & kKeyMask) == (address | Block::kDomainBit) && domain_of(block) == domain) return i;
    }
    if (empty != capacity) return empty;
    bucket = next_bucket(bucket, capacity);
  }
}

BlockTable::Outcome BlockTable::Lock::insert(const Block& block, Block& old) const {
  const std::uint32_t domain = domain_of(block);
  std::uint64_t i = search(block.address(), domain);
  if (key_of(slots_[i]) != 0) {
    old = load(slots_[i]);
    store(slots_[i], block);
    return Outcome::replaced;
  }
  const std::uint64_t used = shard_.used.load(std::memory_order_relaxed);
  if (used >= most_blocks(shard_.capacity.load(std::memory_order_relaxed))) {
    if (!grow()) return Outcome::full;
    i = search(block.address(), domain);
  }
  store(slots_[i], block);
  shard_.used.store(used + 1, std::memory_order_relaxed);
  return Outcome::inserted;
}

bool BlockTable::Lock::find(std::uint64_t address, std::uint32_t domain, Block& block) const {
  block = load(slots_[search(address, domain)]);
  return block.key != 0;
}

bool BlockTable::Lock::remove(std::uint64_t address, std::uint32_t domain, Block& old) const {
  std::uint64_t hole = search(address, domain);
  old = load(slots_[hole]);
  if (old.key == 0) return false;
  fill(hole);
  shard_.used.store(shard_.used.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  return true;
}

/// Empties a slot. If its bucket was full, blocks that belong in it or before it may lie behind it, and the first of
/// them takes the place, and so on: a bucket that has room ends every search.
void BlockTable::Lock::fill(std::uint64_t hole) const {
  const std::uint64_t capacity = shard_.capacity.load(std::memory_order_relaxed);
  const auto distance = [capacity](std::uint64_t from, std::uint64_t to) {
    return to >= from ? to - from : to + capacity - from;
  };
  std::uint64_t bucket = hole / kBucket * kBucket;
  bool full = is_full(bucket);
  while (full) {
    bucket = next_bucket(bucket, capacity);
    full = is_full(bucket);
    for (std::uint64_t i = bucket; i < bucket + kBucket; ++i) {
      const Block block = load(slots_[i]);
      if (block.key == 0) continue;
      const std::uint64_t home = home_bucket(hash(block.address()), capacity);
      if (distance(home, bucket) < distance(hole / kBucket * kBucket, bucket)) continue;
      store(slots_[hole], block);
      hole = i;
      break;
    }
  }
  store(slots_[hole], {0, 0});
}

bool BlockTable::Lock::is_full(std::uint64_t bucket) const {
  for (std::uint64_t i = bucket; i < bucket + kBucket; ++i) {
    if (key_of(slots_[i]) == 0) return false;
  }
  return true;
}

std::uint64_t BlockTable::Lock::first_empty(std::uint64_t bucket, std::uint64_t capacity) const {
  for (std::uint64_t i = bucket;; i = i + 1 == capacity ? 0 : i + 1) {
    if (key_of(slots_[i]) == 0) return i;
  }
}

/// Moves the blocks to the scratch area and back into more room. There they are safe, should the program die meanwhile.
bool BlockTable::Lock::grow() const {
  const KeepErrno keep;
  Header& header = region_.header();
  const std::uint64_t capacity = shard_.capacity.load(std::memory_order_relaxed);
  std::uint64_t more = next_capacity(capacity, index_);
  const std::uint64_t most = header.settings.max_slots / kShards;
  if (more > most) more = most;
  if (more == capacity) return false;

  spin_lock(header.scratch_lock);
  Slot* scratch = region_.scratch();
  const bool there_is_memory =
      populate(slots_ + capacity, (more - capacity) * sizeof(Slot)) && populate(scratch, capacity * sizeof(Slot));
  if (there_is_memory) {
    header.memory.fetch_add((more - capacity) * sizeof(Slot), std::memory_order_relaxed);
    memcpy(static_cast<void*>(scratch), slots_, capacity * sizeof(Slot));
    shard_.version.fetch_add(1);
    shard_.in_scratch.store(capacity, std::memory_order_release);
    memset(static_cast<void*>(slots_), 0, capacity * sizeof(Slot));
    shard_.capacity.store(more, std::memory_order_relaxed);
    for (std::uint64_t i = 0; i < capacity; ++i) {
      const Block block = load(scratch[i]);
      if (block.key == 0) continue;
      store(slots_[first_empty(home_bucket(hash(block.address()), more), more)], block);
    }
    shard_.in_scratch.store(0, std::memory_order_release);
    shard_.version.fetch_add(1);
  }
  header.scratch_lock.store(0, std::memory_order_release);
  return there_is_memory;
}

void BlockTable::Lock::forget_all() const {
  Header& header = region_.header();
  const std::uint64_t capacity = shard_.capacity.load(std::memory_order_relaxed);
  std::int64_t size = 0;
  for (std::uint64_t i = 0; i < capacity; ++i) {
    const Block block = load(slots_[i]);
    if (block.key == 0) continue;
    size += whole_size(region_, block);
  }
  memset(static_cast<void*>(slots_), 0, capacity * sizeof(Slot));
  shard_.used.store(0, std::memory_order_relaxed);
  header.traced.fetch_sub(size, std::memory_order_relaxed);
  shard_.cleared.store(header.clear.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

bool BlockTable::surely_absent(Place place, std::uint64_t address) const {
  const Shard& shard = *place.shard_;
  const std::uint32_t version = shard.version.load(std::memory_order_acquire);
  const Slot* bucket = place.slots_ + home_bucket(place.hash_, shard.capacity.load(std::memory_order_relaxed));
  bool has_room = false;
  for (std::uint64_t i = 0; i < kBucket; ++i) {
    const std::uint64_t key = bucket[i].key.load(std::memory_order_acquire);
    if (key == 0) has_room = true;
    if ((key & kAddressMask) == address) return false;
  }
  return has_room && (version & 1) == 0 && shard.version.load(std::memory_order_relaxed) == version;
}

bool BlockTable::start() const {
  for (std::size_t i = 0; i < kShards; ++i) {
    if (!populate(region_.slots(i), kFirstSlots * sizeof(Slot))) return false;
    region_.shards()[i].capacity.store(kFirstSlots, std::memory_order_relaxed);
  }
  region_.header().memory.fetch_add(kShards * kFirstSlots * sizeof(Slot), std::memory_order_relaxed);
  return true;
}

}  // namespace snapshot::recorder
