// allocate live BLOCKS THREADS: does nothing but allocate. Builds up BLOCKS live blocks, then frees a random one and
// allocates another as many times again. Each from one of 512 call sites at a depth of 14 to 29, another one every
// time, of 16 to 271 bytes. That is the worst case: real programs come back to where they were.
//
// allocate pairs COUNT: malloc(64) and free, COUNT times, below 20 calls. The least that a recorder can cost.
//
// Both print how long they took.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kSites = 512, kFunctions = 16, kMaxThreads = 64, kPairsDepth = 20 };

struct Call {
  uint64_t path;  // says which functions are called
  uint32_t left;  // how many still, at most 30
  size_t size;    // 0: measure pairs
  size_t count;   // of pairs
  void* block;
};

static void call_next(struct Call* call);

static void measure_pairs(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    void* block = malloc(64);
    __asm__ volatile("" : : "r"(block) : "memory");
    free(block);
  }
}

// The number in the body keeps the compiler from making one function of equal ones; what comes after the call keeps it
// from jumping.
static volatile unsigned long returned;
#define FUNCTION(number)                                                       \
  __attribute__((noinline)) static void function_##number(struct Call* call) { \
    if (call->left != 0)                                                       \
      call_next(call);                                                         \
    else if (call->size != 0)                                                  \
      call->block = malloc(call->size);                                        \
    else                                                                       \
      measure_pairs(call->count);                                              \
    returned = number;                                                         \
  }
FUNCTION(0)
FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)
FUNCTION(6)
FUNCTION(7)
FUNCTION(8)
FUNCTION(9)
FUNCTION(10)
FUNCTION(11)
FUNCTION(12)
FUNCTION(13)
FUNCTION(14)
FUNCTION(15)

static void (*const kAll[kFunctions])(struct Call*) = {
    function_0, function_1, function_2,  function_3,  function_4,  function_5,  function_6,  function_7,
    function_8, function_9, function_10, function_11, function_12, function_13, function_14, function_15};

static void call_next(struct Call* call) {
  call->left -= 1;
  kAll[(call->path >> (2 * call->left)) % kFunctions](call);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct Worker {
  pthread_t thread;
  uint64_t random;
  size_t blocks;
  void** held;
};

static uint64_t next_random(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static void* allocate(uint64_t random) {
  const uint32_t site = (uint32_t)(random % kSites);
  struct Call call = {(site + 1) * 0x9e3779b97f4a7c15u, 14 + site % 16, 16 + (random >> 32) % 256, 0, NULL};
  call_next(&call);
  *(char*)call.block = 1;
  return call.block;
}

static void* work(void* argument) {
  struct Worker* const worker = argument;
  for (size_t i = 0; i < worker->blocks; ++i) worker->held[i] = allocate(next_random(&worker->random));
  for (size_t i = 0; i < worker->blocks; ++i) {
    void** const one = &worker->held[next_random(&worker->random) % worker->blocks];
    free(*one);
    *one = allocate(next_random(&worker->random));
  }
  return NULL;
}

static void run_live(size_t blocks, size_t threads) {
  static struct Worker workers[kMaxThreads];
  for (size_t i = 0; i < threads; ++i) {
    workers[i].random = i;
    workers[i].blocks = blocks / threads;
    workers[i].held = malloc(workers[i].blocks * sizeof(void*));
  }
  const double begun = now();
  for (size_t i = 1; i < threads; ++i) pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  work(&workers[0]);
  for (size_t i = 1; i < threads; ++i) pthread_join(workers[i].thread, NULL);
  printf("%.6f\n", now() - begun);
}

static void run_pairs(size_t count) {
  struct Call call = {0x9e3779b97f4a7c15u, kPairsDepth, 0, 1000, NULL};
  call_next(&call);         // warm
  call.left = kPairsDepth;  // which the calls counted down
  call.count = count;
  const double begun = now();
  call_next(&call);
  printf("%.6f\n", now() - begun);
}

int main(int argc, char** argv) {
  const size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
  const size_t threads = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
  if (count == 0 || threads == 0 || threads > kMaxThreads) return 2;
  if (strcmp(argv[1], "live") == 0) run_live(count, threads);
  if (strcmp(argv[1], "pairs") == 0) run_pairs(count);
  fflush(stdout);
  return 0;
}
