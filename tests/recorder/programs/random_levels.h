// The functions of random_blocks that tracebacks consist of.
//
// Each stays on the chain until the call behind it is over, so that a traceback must have exactly the names that the
// path tells. Their frames are what unwinders know and fear: large ones, ones of a size that is not known beforehand,
// realigned ones, ones that use rbp for something else, and a callback of libc.
#pragma once

#include "random_calls.h"

#define ALONE __attribute__((noinline, used))

// The number in the body keeps the compiler from making one function of equal ones.
#define DEFINE_SITE(number)                                  \
  ALONE static void site_##number(struct Request* request) { \
    perform(request);                                        \
    request->returned = number;                              \
  }
#define NAME_SITE(number) site_##number,
// clang-format off
#define FOR_SITES(X)                                                                     \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
  X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
FOR_SITES(DEFINE_SITE)
// clang-format on

static void call_site(struct Request* request) {
  static void (*const kFunctions[kSites])(struct Request*) = {FOR_SITES(NAME_SITE)};
  kFunctions[request->site](request);
}

static void call_level(size_t level, struct Request* request);

static inline __attribute__((always_inline)) void descend(struct Request* request) {
  const size_t level = request->path & 7;
  request->path >>= 3;
  if (request->left-- == 0)
    call_site(request);
  else
    call_level(level, request);
}

ALONE static void level_0(struct Request* request) {
  descend(request);
  request->returned = 100;
}

// Of a size that is known when it runs.
ALONE static void level_1(struct Request* request) {
  volatile char* room = (volatile char*)alloca(16 + request->size % 512);
  room[0] = 1;
  descend(request);
  request->returned = 101 + room[0];
}

ALONE static void level_2(struct Request* request) {
  volatile char room[6000];
  room[0] = 2;
  descend(request);
  request->returned = 102 + room[0];
}

// All registers that a callee saves.
ALONE static void level_3(struct Request* request) {
  __asm__ volatile("" : : : "rbx", "r12", "r13", "r14", "r15");
  descend(request);
  request->returned = 103;
}

// A realigned stack.
ALONE static void level_4(struct Request* request) {
  volatile char room[64] __attribute__((aligned(64)));
  room[0] = 4;
  descend(request);
  request->returned = 104 + room[0];
}

// rbp, where it is no frame pointer, holds something that is none.
ALONE static void level_5(struct Request* request) {
#ifdef RBP_IS_FREE
  __asm__ volatile("mov $5, %%rbp" : : : "rbp");
#endif
  descend(request);
  request->returned = 105;
}

static __thread struct Request* compared;

ALONE static int compare_6(const void* left, const void* right) {
  struct Request* const request = compared;
  compared = NULL;
  if (request != NULL) {
    descend(request);
    request->returned = 1060;
  }
  return *(const char*)left - *(const char*)right;
}

// By way of libc, whose frames have no frame pointers.
ALONE static void level_6(struct Request* request) {
  char two[2] = {1, 2};
  compared = request;
  qsort(two, 2, 1, compare_6);
  request->returned = 106;
}

// Many arguments, so that some lie on the stack.
ALONE static unsigned long many_7(int a, int b, int c, int d, int e, int f, int g, int h, struct Request* request) {
  descend(request);
  return (unsigned long)(a + b + c + d + e + f + g + h);
}

ALONE static void level_7(struct Request* request) { request->returned = many_7(1, 2, 3, 4, 5, 6, 7, 8, request); }

static void call_level(size_t level, struct Request* request) {
  static void (*const kFunctions[kLevels])(struct Request*) = {level_0, level_1, level_2, level_3,
                                                               level_4, level_5, level_6, level_7};
  kFunctions[level](request);
}
