// leaks: leaks of several kinds, and blocks that are no leaks, for LeakSanitizer and a recorder to agree on.
//
// All that is made below leak_*() is lost; all below keep_*() can be reached at the end.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Node {
  Node* next;
  std::string name;
};

std::vector<std::unique_ptr<Node>>* kept;

// Overwrites what earlier calls left on the stack and in registers, where a leak checker would find pointers.
__attribute__((noinline)) void forget() {
  volatile char room[65536];
  for (volatile char& place : room) place = 0;
}

// The compiler drops blocks that nobody looks at.
void look_at(void* block) { __asm__ volatile("" : : "r"(block) : "memory"); }

void* grown(std::size_t size) {
  void* block = std::malloc(size);
  return std::realloc(block, 4 * size);
}

__attribute__((noinline)) void leak_malloc(std::size_t i) { look_at(std::malloc(100 + i)); }

__attribute__((noinline)) void leak_grown() { look_at(grown(50)); }

// Pointing at each other: one is lost, the others with it.
__attribute__((noinline)) void leak_ring() {
  Node* first = new Node{nullptr, "a name that is too long to lie in the string itself"};
  Node* second = new Node{first, "b"};
  first->next = second;
  look_at(first);
}

__attribute__((noinline)) void leak_vector(std::size_t size) {
  auto* numbers = new std::vector<int>;
  numbers->reserve(size);
  look_at(numbers);
}

__attribute__((noinline)) void leak_aligned() {
  void* block = nullptr;
  if (posix_memalign(&block, 256, 1000) == 0) look_at(block);
  look_at(std::aligned_alloc(64, 640));
}

__attribute__((noinline)) void leak_deep(int depth) {
  if (depth > 0) {
    leak_deep(depth - 1);
    forget();
  } else {
    look_at(std::calloc(7, 11));
  }
}

__attribute__((noinline)) void keep_nodes(std::size_t count) {
  kept->reserve(count);  // the end of a block that is full is the beginning of the next, and a pointer to it
  for (std::size_t i = 0; i < count; ++i) {
    kept->push_back(std::make_unique<Node>(Node{nullptr, "another name that is too long to lie in the string"}));
  }
}

void work() {
  for (std::size_t i = 0; i < 20; ++i) leak_malloc(i);
  for (int i = 0; i < 3; ++i) leak_ring();
  leak_grown();
  leak_vector(1000);
  leak_aligned();
  leak_deep(12);
  leak_deep(3);
  forget();
}

}  // namespace

int main() {
  kept = new std::vector<std::unique_ptr<Node>>;
  keep_nodes(100);
  work();
  std::thread(work).join();
  forget();
  std::puts("done");
}
