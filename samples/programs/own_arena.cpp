// own_arena: a program with an allocator of its own, whose blocks a recorder of malloc cannot see. It tells of them.
//
//   tmrecord -o arena.tms ./own_arena
//   tmtop -g domain,function arena.tms
//
// See: a domain "arena" with 1,000 points, 24,000 bytes, made by add_point(), and nothing for the points that were
// removed. Without the calls of track() there would be but one block: the arena's memory, which it takes from malloc.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#if __has_include(<snapshot/recorder.h>)
#include <snapshot/recorder.h>
#else  // the program works as well without
namespace snapshot::recorder {
inline void name_domain(std::uint32_t, const char*) {}
inline void track(std::uint32_t, const void*, std::size_t) {}
inline void untrack(std::uint32_t, const void*) {}
}  // namespace snapshot::recorder
#endif

namespace {

constexpr std::uint32_t kArenaDomain = 7;

// Blocks of one size in one piece of memory, and a list of those that are free.
class Arena {
 public:
  Arena(std::size_t block, std::size_t blocks)
      : block_(block), memory_(static_cast<char*>(std::malloc(block * blocks))) {
    for (std::size_t i = blocks; i-- > 0;) push(memory_ + i * block);
  }
  ~Arena() { std::free(memory_); }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* take() {
    if (free_ == nullptr) throw std::bad_alloc();
    void* taken = free_;
    free_ = free_->next;
    snapshot::recorder::track(kArenaDomain, taken, block_);
    return taken;
  }

  void give(void* taken) {
    snapshot::recorder::untrack(kArenaDomain, taken);  // before another thread may take it
    push(taken);
  }

 private:
  struct Free {
    Free* next;
  };

  void push(void* at) { free_ = new (at) Free{free_}; }

  std::size_t block_;
  char* memory_;
  Free* free_ = nullptr;
};

struct Point {
  double x, y, z;
};

Point* add_point(Arena& arena, int i) { return new (arena.take()) Point{1.0 * i, 2.0 * i, 3.0 * i}; }

}  // namespace

int main() {
  snapshot::recorder::name_domain(kArenaDomain, "arena");
  auto& arena = *new Arena(sizeof(Point), 2000);  // lives until the end
  double sum = 0;
  for (int i = 0; i < 1500; ++i) {
    Point* point = add_point(arena, i);
    sum += point->x;
    if (i % 3 == 0) arena.give(point);
  }
  std::printf("the sum is %.0f\n", sum);
}
