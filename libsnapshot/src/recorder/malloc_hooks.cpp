// The malloc family, in front of the C library's or of whatever allocator the program brings. Each entry point asks the
// one that comes next and tells the recorder. While the next ones are being looked up, memory comes from a small
// buffer of this file's own.

#include "recorder/ask_by_signal.h"
#include "recorder/core.h"
#include "recorder/follow_fork.h"
#include "recorder/new_region.h"
#include "recorder/python/start.h"
#include "recorder/real_malloc.h"
#include "recorder/threads.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#define SNAPSHOT_HOOK extern "C" __attribute__((visibility("default")))

namespace {

using namespace snapshot::recorder;

std::atomic<std::uint32_t> g_joined{0};

/// Looks for tmrecord's wish as soon as there is an environment: the constructors of others allocate too.
void join(char** environment) {
  if (environment == nullptr || g_joined.exchange(1) != 0) return;
  constexpr const char* kName = "TMRECORD_REGION=";
  const char* path = nullptr;
  for (; *environment != nullptr; ++environment) {
    if (strncmp(*environment, kName, strlen(kName)) == 0) path = *environment + strlen(kName);
  }
  const RegionMap region = path != nullptr ? join_region(path) : RegionMap{};
  if (!region) return;
  if (region.header().settings.python != 0) await_python(region.header());
  start_in(region);
  prepare_signal(region.header());
}

inline bool is_recording() {
  if (__builtin_expect(g_joined.load(std::memory_order_relaxed) == 0, 0)) join(environ);
  return is_active();
}

/// The preload library is linked so that this comes before the constructors of all others (-z initfirst): their
/// handlers of fork() then run outside of ours, and the region is held for the system's part of fork() alone.
__attribute__((constructor)) void begin(int /*argc*/, char** /*argv*/, char** environment) {
  real();
  prepare_forks();
  join(environment);  // the C library has not set its own yet
}

inline void entered(void* block, std::size_t size, const Registers& caller) {
  if (block != nullptr) enter_block(reinterpret_cast<std::uint64_t>(block), size, malloc_domain(), caller);
}

void* reallocate(void* block, std::size_t size, const Registers& caller) {
  if (is_start_block(block)) return move_start_block(block, size);
  if (!is_recording()) return real().realloc(block, size);
  // Before it goes: once it is free, another thread may be given its address.
  const TakenBlock taken =
      block == nullptr ? TakenBlock{} : forget_block(reinterpret_cast<std::uint64_t>(block), malloc_domain());
  void* moved = real().realloc(block, size);
  const auto address = reinterpret_cast<std::uint64_t>(moved);
  if (moved != nullptr) {
    if (!enter_block(address, size, malloc_domain(), caller) && taken.was_there) move_block(taken, address, size);
  } else if (size != 0) {
    remember_block(taken);
  }
  return moved;
}

}  // namespace

SNAPSHOT_HOOK void* malloc(std::size_t size) {
  void* block = real().malloc(size);
  if (is_recording()) entered(block, size, SNAPSHOT_CALLER_REGISTERS());
  return block;
}

SNAPSHOT_HOOK void* calloc(std::size_t count, std::size_t size) {
  void* block = real().calloc(count, size);
  if (is_recording()) entered(block, count * size, SNAPSHOT_CALLER_REGISTERS());
  return block;
}

SNAPSHOT_HOOK void* realloc(void* block, std::size_t size) {
  return reallocate(block, size, SNAPSHOT_CALLER_REGISTERS());
}

SNAPSHOT_HOOK void* reallocarray(void* block, std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return reallocate(block, bytes, SNAPSHOT_CALLER_REGISTERS());
}

SNAPSHOT_HOOK void free(void* block) {
  if (block == nullptr || is_start_block(block)) return;
  if (is_recording()) forget_block(reinterpret_cast<std::uint64_t>(block), malloc_domain());
  real().free(block);
}

SNAPSHOT_HOOK void cfree(void* block) { free(block); }

SNAPSHOT_HOOK int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  const int status = real().posix_memalign(block, alignment, size);
  if (status == 0 && is_recording()) entered(*block, size, SNAPSHOT_CALLER_REGISTERS());
  return status;
}

SNAPSHOT_HOOK void* aligned_alloc(std::size_t alignment, std::size_t size) {
  void* block = real().aligned_alloc(alignment, size);
  if (is_recording()) entered(block, size, SNAPSHOT_CALLER_REGISTERS());
  return block;
}

SNAPSHOT_HOOK void* memalign(std::size_t alignment, std::size_t size) {
  void* block = real().memalign(alignment, size);
  if (is_recording()) entered(block, size, SNAPSHOT_CALLER_REGISTERS());
  return block;
}

SNAPSHOT_HOOK void* valloc(std::size_t size) {
  void* block = real().valloc(size);
  if (is_recording()) entered(block, size, SNAPSHOT_CALLER_REGISTERS());
  return block;
}

SNAPSHOT_HOOK void* pvalloc(std::size_t size) {
  void* block = real().pvalloc(size);
  if (is_recording()) entered(block, size, SNAPSHOT_CALLER_REGISTERS());
  return block;
}

SNAPSHOT_HOOK int dlclose(void* handle) {
  const int status = real().dlclose(handle);
  if (is_recording()) code_changed();
  return status;
}
