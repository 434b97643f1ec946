#pragma once

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// The functions that would be called if the recorder's were not there.
struct RealFunctions {
  void* (*malloc)(std::size_t);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void (*free)(void*);
  int (*posix_memalign)(void**, std::size_t, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  void* (*memalign)(std::size_t, std::size_t);
  void* (*valloc)(std::size_t);
  void* (*pvalloc)(std::size_t);
  int (*dlclose)(void*);
};

extern RealFunctions g_real;
const RealFunctions& find_real();

inline const RealFunctions& real() { return __builtin_expect(g_real.malloc != nullptr, 1) ? g_real : find_real(); }

/// Memory that was given out while the functions were being looked up. It is never taken back.
inline constexpr std::size_t kStartSize = 64 * 1024;
extern unsigned char g_start[kStartSize];
inline bool is_start_block(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(g_start) < kStartSize;
}
void* move_start_block(void* block, std::size_t size);

}  // namespace snapshot::recorder
