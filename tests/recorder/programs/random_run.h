// random_blocks SEED THREADS OPERATIONS LIST [signals] [portable]: allocates and frees at random, then writes the
// blocks that it still holds to LIST, and leaves by _exit. exact.py compares them with what a recorder says.
//
// Threads share the slots, so that most blocks are freed by another thread than the one that made them. With `signals`,
// handlers allocate too, wherever they do not interrupt an allocator, on stacks of their own in every second thread.
// `portable` leaves out pvalloc, which valgrind does not have.
#pragma once

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "random_levels.h"

static int with_signals;
static int with_pvalloc = 1;
static unsigned long operations;

struct Worker {
  pthread_t thread;
  uint64_t random;
  char stack[1 << 18];  // for its signal handlers
};

static struct Worker workers[64];
static __thread uint64_t* handler_random;  // not null where a handler may allocate
static __thread uint32_t this_thread;
static unsigned long allocations_in_handlers;

static void choose_call(struct Request* request, uint64_t* random) {
  request->size = random_size(random);
  request->alignment = (size_t)16 << random_below(random, 9);
  const int in_use = request->block->used != 0;
  if (!in_use) {
    do {
      request->call = (enum Call)random_below(random, kCallsThatAllocate);
    } while (request->call == kCallPvalloc && !with_pvalloc);
  } else if (request->block->family != kMalloc) {
    request->call = kCallFree;
  } else {
    static const enum Call kCalls[] = {kCallFree,    kCallFree,         kCallRealloc,       kCallRealloc,
                                       kCallRealloc, kCallReallocarray, kCallReallocToZero, kCallFailing};
    request->call = kCalls[random_below(random, 8)];
  }
}

static void work_on(struct Slot* slot, uint64_t* random, int root) {
  struct Request request = {kCallMalloc, &slot->block, 0, 0, 0, 0, 0, 0};
  choose_call(&request, random);
  const uint64_t depth = random_below(random, kMaxDepth + 1);
  const uint64_t path = next_random(random) & (((uint64_t)1 << (3 * depth)) - 1);
  request.site = (int)random_below(random, kSites);
  request.left = (int)depth;
  request.path = path;
  // A failing call leaves the block, and so all that is known of it. A request that takes a block away sets `used` to
  // 0.
  const struct Block before = slot->block;
  descend(&request);
  if (request.call == kCallFailing) {
    slot->block = before;
    return;
  }
  slot->block.path = path;
  slot->block.depth = (uint8_t)depth;
  slot->block.site = (uint16_t)request.site;
  slot->block.root = (uint8_t)root;
  slot->block.thread = this_thread;
}

// The outermost function of the chain in a handler.
ALONE static void on_signal(int number) {
  uint64_t* const random = handler_random;
  if (random == NULL) return;  // it interrupts an allocator, or a list
  handler_random = NULL;
  const int saved = errno;
  for (int i = 0; i < 4; ++i) {
    struct Slot* const slot = &slots[random_below(random, kSlots)];
    if (!try_slot(slot)) continue;
    work_on(slot, random, 1);
    leave_slot(slot);
    __atomic_fetch_add(&allocations_in_handlers, 1, __ATOMIC_RELAXED);
  }
  errno = saved;
  handler_random = random;
  (void)number;
}

static void use_own_stack(struct Worker* worker) {
  stack_t stack;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = worker->stack;
  stack.ss_size = sizeof worker->stack;
  if (sigaltstack(&stack, NULL) != 0) abort();
}

static void allow_handlers(uint64_t* random) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  handler_random = random;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

// The outermost function of the chain in a thread.
ALONE static void work(struct Worker* worker) {
  uint64_t random_in_handlers = ~worker->random;
  volatile unsigned long spins = 0;
  for (unsigned long i = 0; i < operations; ++i) {
    if (with_signals) {
      allow_handlers(&random_in_handlers);
      for (int spin = 0; spin < 50; ++spin) spins = spins + 1;
      if (i % 256 == 0) raise(SIGUSR1);
      allow_handlers(NULL);
    }
    struct Slot* const slot = &slots[random_below(&worker->random, kSlots)];
    if (!try_slot(slot)) continue;
    work_on(slot, &worker->random, 0);
    leave_slot(slot);
  }
}

static void* run_worker(void* argument) {
  struct Worker* const worker = (struct Worker*)argument;
  this_thread = (uint32_t)syscall(SYS_gettid);
  if (with_signals && (worker - workers) % 2 == 1) use_own_stack(worker);
  work(worker);
  return NULL;
}

static void handle_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  const struct itimerval often = {{0, 500}, {0, 500}};
  if (sigaction(SIGUSR1, &action, NULL) != 0 || sigaction(SIGALRM, &action, NULL) != 0 ||
      setitimer(ITIMER_REAL, &often, NULL) != 0)
    abort();
}

static int run(int argc, char** argv) {
  if (argc < 5) return 2;
  const size_t threads = strtoul(argv[2], NULL, 10);
  operations = strtoul(argv[3], NULL, 10);
  const int list = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (list < 0 || threads < 1 || threads > 64) return 2;
  for (int i = 5; i < argc; ++i) {
    with_signals |= strcmp(argv[i], "signals") == 0;
    with_pvalloc &= strcmp(argv[i], "portable") != 0;
  }
  if (with_signals) handle_signals();
  for (size_t i = 0; i < threads; ++i) workers[i].random = strtoul(argv[1], NULL, 10) * 1000 + i;
  for (size_t i = 1; i < threads; ++i) {
    if (pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) != 0) return 3;
  }
  run_worker(&workers[0]);
  for (size_t i = 1; i < threads; ++i) pthread_join(workers[i].thread, NULL);
  // A judge of handlers must see some.
  if (with_signals && allocations_in_handlers == 0) return 4;
  _exit(write_list(list) ? 0 : 5);
}
