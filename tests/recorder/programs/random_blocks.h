// What random_blocks says of itself: the blocks that it holds, where each was allocated, and by which calls. C and C++.
//
// Nothing here calls an allocator: the list lies in static memory and is written by write(2).
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

enum { kSlots = 4096, kSites = 32, kLevels = 8, kMaxDepth = 16 };

// How a block must be given back.
enum Family { kMalloc, kNew, kNewArray, kNewAligned, kNewArrayAligned };

// A live block, as it is written: exact.py reads these 48 bytes.
struct Block {
  uint64_t address;
  uint64_t size;
  uint64_t path;  // the levels that were called, the first in the lowest 3 bits
  uint32_t thread;
  uint16_t site;
  uint8_t depth;  // levels in `path`
  uint8_t root;   // 0: work, 1: on_signal
  uint32_t family;
  uint32_t alignment;
  uint64_t used;  // 1 in a slot that holds a block
};

struct Slot {
  int busy;
  struct Block block;
};

static struct Slot slots[kSlots];

// splitmix64: seeded, small, and the same everywhere.
static uint64_t next_random(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static size_t random_below(uint64_t* state, size_t bound) { return (size_t)(next_random(state) % bound); }

// Mostly small, now and then none at all, or so large that malloc maps it.
static size_t random_size(uint64_t* state) {
  switch (random_below(state, 16)) {
    case 0: return random_below(state, 2);
    case 1: return 1024 + random_below(state, 20000);
    case 2: return random_below(state, 24) == 0 ? 100000 + random_below(state, 400000) : 200;
    default: return 1 + random_below(state, 300);
  }
}

static int try_slot(struct Slot* slot) { return __atomic_exchange_n(&slot->busy, 1, __ATOMIC_ACQUIRE) == 0; }
static void leave_slot(struct Slot* slot) { __atomic_store_n(&slot->busy, 0, __ATOMIC_RELEASE); }

// False where the file does not take all.
static int write_list(int descriptor) {
  for (size_t i = 0; i < kSlots; ++i) {
    if (slots[i].block.used == 0) continue;
    if (write(descriptor, &slots[i].block, sizeof(struct Block)) != (ssize_t)sizeof(struct Block)) return 0;
  }
  return 1;
}
