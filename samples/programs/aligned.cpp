// aligned: allocates as programs in Rust do, whose allocator is always told the alignment, and as C++ for wide vectors.
//
//   tmrecord -o aligned.tms ./aligned
//   tmtop -g function aligned.tms
//
// See: 64 buffers of 4,096 bytes that grow() moved there, by malloc, copy and free, because realloc keeps no alignment;
// 10 texts of 300 bytes that realloc grew; 100 vectors of 192 bytes of operator new for alignments; and not what they
// grew from.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace {

// What std::alloc::System does on Unix: malloc where that is aligned enough, else posix_memalign.
constexpr std::size_t kMallocAligns = 16;

void* rust_alloc(std::size_t size, std::size_t align) {
  if (align <= kMallocAligns && align <= size) return std::malloc(size);
  void* made = nullptr;
  return posix_memalign(&made, align < sizeof(void*) ? sizeof(void*) : align, size) == 0 ? made : nullptr;
}

void* rust_realloc(void* old, std::size_t old_size, std::size_t align, std::size_t size) {
  if (align <= kMallocAligns && align <= size) return std::realloc(old, size);
  void* made = rust_alloc(size, align);
  std::memcpy(made, old, old_size < size ? old_size : size);
  std::free(old);
  return made;
}

void* grow(std::size_t align, std::size_t size) {
  void* buffer = rust_alloc(size / 2, align);
  std::memset(buffer, 1, size / 2);
  return rust_realloc(buffer, size / 2, align, size);
}

struct alignas(64) Wide {
  float lanes[48];
};

std::unique_ptr<Wide> make_wide() { return std::make_unique<Wide>(); }

}  // namespace

int main() {
  std::vector<void*> blocks;
  for (int i = 0; i < 64; ++i) blocks.push_back(grow(256, 4096));
  for (int i = 0; i < 10; ++i) blocks.push_back(grow(8, 300));
  std::vector<std::unique_ptr<Wide>> wide;
  for (int i = 0; i < 100; ++i) wide.push_back(make_wide());
  std::uintptr_t misaligned = 0;
  for (int i = 0; i < 64; ++i)
    misaligned += reinterpret_cast<std::uintptr_t>(blocks[static_cast<std::size_t>(i)]) % 256;
  std::printf("%zu blocks, %zu vectors, %zu misaligned\n", blocks.size(), wide.size(),
              static_cast<std::size_t>(misaligned));
  std::fflush(stdout);
  std::_Exit(0);  // nothing is torn down
}
