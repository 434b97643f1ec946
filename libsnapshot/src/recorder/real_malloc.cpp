#include "recorder/real_malloc.h"

#include <dlfcn.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace snapshot::recorder {

RealFunctions g_real{};
alignas(16) unsigned char g_start[kStartSize];

namespace {

// dlsym() may allocate, in the first calls of all.
constexpr std::size_t kAlignment = 16;
std::atomic<std::size_t> g_start_used{0};

/// Each block has its size in front of it.
void* start_malloc(std::size_t size) {
  const std::size_t whole = kAlignment + (size + kAlignment - 1) / kAlignment * kAlignment;
  const std::size_t offset = whole < size ? kStartSize : g_start_used.fetch_add(whole);
  if (offset + whole > kStartSize || offset + whole < whole) {
    errno = ENOMEM;
    return nullptr;
  }
  memcpy(g_start + offset, &size, sizeof size);
  return g_start + offset + kAlignment;
}

void* start_calloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  return __builtin_mul_overflow(count, size, &bytes) ? nullptr : start_malloc(bytes);  // never used before: zero
}

void* start_realloc(void* block, std::size_t size) { return move_start_block(block, size); }
void start_free(void* /*block*/) {}
int start_posix_memalign(void** block, std::size_t /*alignment*/, std::size_t size) {
  *block = start_malloc(size);
  return *block == nullptr ? ENOMEM : 0;
}
void* start_aligned(std::size_t /*alignment*/, std::size_t size) { return start_malloc(size); }
int start_dlclose(void* /*handle*/) { return -1; }

constexpr RealFunctions kStart{start_malloc,  start_calloc,  start_realloc, start_free,   start_posix_memalign,
                               start_aligned, start_aligned, start_malloc,  start_malloc, start_dlclose};

std::atomic<std::uint32_t> g_finding{0};

template <typename Function>
void find(Function*& function, const char* name) {
  function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

const RealFunctions& find_real() {
  // The first calls come before there are threads.
  if (g_finding.exchange(1) != 0) return kStart;
  RealFunctions found{};
  find(found.calloc, "calloc");
  find(found.realloc, "realloc");
  find(found.free, "free");
  find(found.posix_memalign, "posix_memalign");
  find(found.aligned_alloc, "aligned_alloc");
  find(found.memalign, "memalign");
  find(found.valloc, "valloc");
  find(found.pvalloc, "pvalloc");
  find(found.dlclose, "dlclose");
  find(found.malloc, "malloc");
  g_real = found;
  g_finding.store(0);
  return g_real;
}

void* move_start_block(void* block, std::size_t size) {
  std::size_t old = 0;
  if (block != nullptr) memcpy(&old, static_cast<unsigned char*>(block) - kAlignment, sizeof old);
  void* moved = g_real.malloc != nullptr ? g_real.malloc(size) : start_malloc(size);
  if (moved != nullptr && old != 0) memcpy(moved, block, old < size ? old : size);
  return moved;
}

}  // namespace snapshot::recorder
