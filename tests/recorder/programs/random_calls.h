// The calls of random_blocks: chains of functions of different kinds that end in one of 32 that call the allocator.
//
// Each function is compiled by itself and stays on the chain until the call behind it is over, so that a traceback must
// have exactly the names that the path tells. Their frames are what unwinders know and fear: large ones, ones of a
// size that is not known beforehand, realigned ones, ones that use rbp for something else, and a callback of libc.
#pragma once

#include <alloca.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#include <new>
#endif

#include "random_blocks.h"

#define ALONE __attribute__((noinline, used))

enum Call {
  kCallMalloc,
  kCallCalloc,
  kCallMemalign,
  kCallAlignedAlloc,
  kCallPosixMemalign,
  kCallValloc,
  kCallPvalloc,
  kCallReallocOfNull,
  kCallReallocarrayOfNull,
#ifdef __cplusplus
  kCallNew,
  kCallNewArray,
  kCallNewNothrow,
  kCallNewAligned,
  kCallNewArrayAligned,
#endif
  kCallsThatAllocate,
  // These take a block that is there.
  kCallFree = 100,
  kCallRealloc,
  kCallReallocarray,
  kCallReallocToZero,
  kCallFailing,
};

struct Request {
  enum Call call;
  struct Block* block;
  size_t size;
  size_t alignment;
  int site;
  int left;  // levels to go
  uint64_t path;
  volatile unsigned long returned;
};

static void set_block(struct Request* request, void* address, size_t size, enum Family family) {
  request->block->address = (uint64_t)(uintptr_t)address;
  request->block->size = size;
  request->block->family = family;
  request->block->alignment = (uint32_t)request->alignment;
  request->block->used = address != NULL;
}

static void give_back(struct Request* request, void* address) {
  struct Block* block = request->block;
  block->used = 0;
  switch (block->family) {
#ifdef __cplusplus
    // A third of each with the size, which sized deletes are given by compilers.
    case kNew: return block->size % 3 ? operator delete(address) : operator delete(address, block->size);
    case kNewArray: return block->size % 3 ? operator delete[](address) : operator delete[](address, block->size);
    case kNewAligned: return operator delete(address, std::align_val_t(block->alignment));
    case kNewArrayAligned: return operator delete[](address, block->size, std::align_val_t(block->alignment));
#endif
    default: free(address);
  }
}

// Calls that fail must leave what was there.
static void fail(void* address) {
  volatile size_t huge = (size_t)1 << 62;
  void* unset = NULL;
  if (realloc(address, huge) != NULL || reallocarray(address, huge, 8) != NULL || malloc(huge) != NULL ||
      calloc(huge, 16) != NULL || memalign(64, huge) != NULL || posix_memalign(&unset, 24, 10) != EINVAL)
    abort();
}

static inline __attribute__((always_inline)) void perform(struct Request* request) {
  void* const old = (void*)(uintptr_t)request->block->address;
  const size_t size = request->size;
  const size_t alignment = request->alignment;
  void* made = NULL;
  switch (request->call) {
    case kCallMalloc: return set_block(request, malloc(size), size, kMalloc);
    case kCallCalloc: return set_block(request, calloc(size, 1 + alignment % 3), size * (1 + alignment % 3), kMalloc);
    case kCallMemalign: return set_block(request, memalign(alignment, size), size, kMalloc);
    case kCallAlignedAlloc: return set_block(request, aligned_alloc(alignment, size), size, kMalloc);
    case kCallPosixMemalign:
      if (posix_memalign(&made, alignment, size) != 0) abort();
      return set_block(request, made, size, kMalloc);
    case kCallValloc: return set_block(request, valloc(size), size, kMalloc);
    case kCallPvalloc: return set_block(request, pvalloc(size), size, kMalloc);
    case kCallReallocOfNull: return set_block(request, realloc(NULL, size), size, kMalloc);
    case kCallReallocarrayOfNull: return set_block(request, reallocarray(NULL, size, 2), 2 * size, kMalloc);
#ifdef __cplusplus
    case kCallNew: return set_block(request, operator new(size), size, kNew);
    case kCallNewArray: return set_block(request, operator new[](size), size, kNewArray);
    case kCallNewNothrow: return set_block(request, operator new(size, std::nothrow), size, kNew);
    case kCallNewAligned: return set_block(request, operator new(size, std::align_val_t(alignment)), size, kNewAligned);
    case kCallNewArrayAligned:
      return set_block(request, operator new[](size, std::align_val_t(alignment)), size, kNewArrayAligned);
#endif
    case kCallFree: return give_back(request, old);
    case kCallRealloc: return set_block(request, realloc(old, size), size, kMalloc);
    case kCallReallocarray: return set_block(request, reallocarray(old, size, 3), 3 * size, kMalloc);
    case kCallReallocToZero: return set_block(request, realloc(old, 0), 0, kMalloc);  // glibc frees
    case kCallFailing: return fail(old);
    default: abort();
  }
}
