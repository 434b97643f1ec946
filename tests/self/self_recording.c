/* self_recording DIR: records itself, and checks what the recorder says. Snapshots in DIR are looked at by self.py. */
#include <snapshot/recorder.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#undef NDEBUG
#define CHECK(condition)                                                    \
  do {                                                                      \
    if (!(condition)) {                                                     \
      fprintf(stderr, "line %d: %s does not hold\n", __LINE__, #condition); \
      exit(1);                                                              \
    }                                                                       \
  } while (0)

static void* kept[1000];
static char arena[4096];

__attribute__((noinline)) static void fill(size_t size) {
  for (int i = 0; i < 1000; ++i) kept[i] = malloc(size);
}

__attribute__((noinline)) static void drop(int from) {
  for (int i = from; i < 1000; ++i) free(kept[i]);
}

static size_t traced(void) {
  size_t size, peak;
  snapshot_get_traced_memory(&size, &peak);
  CHECK(peak >= size);
  return size;
}

static void take(const char* dir, const char* name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  CHECK(snapshot_take(path) == 0);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  CHECK(snapshot_is_tracing() == 0);
  CHECK(snapshot_take("nowhere.tms") != 0);
  fill(10); /* before the start: not recorded, and freed later without harm */
  CHECK(snapshot_start(16) == 0 && snapshot_is_tracing() == 1 && snapshot_get_traceback_limit() == 16);
  drop(0);
  const size_t begin = traced();

  fill(100);
  CHECK(traced() == begin + 100000);
  uintptr_t frames[16];
  CHECK(snapshot_get_traceback(kept[5], frames, 16) >= 2);
  CHECK(snapshot_get_traceback(arena, frames, 16) == 0);

  CHECK(snapshot_name_domain(7, "arena") == 0);
  CHECK(snapshot_track(0, (uintptr_t)arena, 1) != 0);
  CHECK(snapshot_track(7, (uintptr_t)arena, 64) == 0);
  CHECK(snapshot_track(7, (uintptr_t)arena, 32) == 0);            /* replaces */
  CHECK(snapshot_track(8, (uintptr_t)arena, 1000) == 0);          /* another address space */
  CHECK(snapshot_track(7, (uintptr_t)arena + 1, 8) == 0);         /* any address */
  CHECK(snapshot_track(7, 0x700000000000, (size_t)3 << 41) == 0); /* a size beyond 40 bits */
  CHECK(traced() == begin + 100000 + 32 + 1000 + 8 + ((size_t)3 << 41));
  snapshot_untrack(8, (uintptr_t)arena);
  snapshot_untrack(8, (uintptr_t)arena);
  CHECK(snapshot_add_metric("requests", 42, "int") == 0 && snapshot_add_metric("requests", 43, "int") == 0);
  CHECK(snapshot_add_real_metric("load", 0.5, "percent") == 0);
  take(argv[1], "full.tms");

  snapshot_untrack(7, 0x700000000000);
  drop(10);
  size_t size, peak;
  snapshot_reset_peak();
  snapshot_get_traced_memory(&size, &peak);
  CHECK(size == peak && size < 100000);
  take(argv[1], "dropped.tms");
  CHECK(snapshot_get_recorder_memory() > 100000);

  snapshot_clear_traces();
  CHECK(traced() == 0);
  for (int i = 0; i < 10; ++i) free(kept[i]);
  CHECK(traced() == 0);
  CHECK(snapshot_add_filter(0, "no such module*") == 0);
  fill(50);
  CHECK(traced() == 50000);
  snapshot_stop();
  CHECK(snapshot_is_tracing() == 0 && traced() == 0);
  drop(0);
  CHECK(snapshot_start(16) == 0 && traced() == 0);
  fill(20);
  CHECK(traced() == 20000);
  if (fork() == 0) { /* a child is not recorded, and does not harm its parent's record */
    drop(0);
    _exit(snapshot_is_tracing() != 0);
  }
  take(argv[1], "again.tms");
  return 0;
}
