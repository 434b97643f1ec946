/* moments MODE: a program whose snapshots are due at known moments. What it held then goes to stdout. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kMost = 20000 };
static void* blocks[kMost];
static size_t held;

static void grow(int from, int to, size_t size) {
  for (int i = from; i < to; ++i) blocks[i] = malloc(size);
  held += (size_t)(to - from) * size;
}

static void shrink(int from, int to, size_t size) {
  for (int i = from; i < to; ++i) free(blocks[i]);
  held -= (size_t)(to - from) * size;
}

/* Up and down, higher each time but the last. */
static void peak(void) {
  static const int tops[] = {500, 2000, 1000, 8000, 15000, 3000};
  size_t most = 0;
  for (unsigned i = 0; i < sizeof tops / sizeof *tops; ++i) {
    grow(0, tops[i], 4000);
    if (held > most) most = held;
    shrink(0, tops[i], 4000);
  }
  printf("%zu\n", most);
}

/* Asks for a snapshot, by the signal that would end it. */
static void ask(void) {
  grow(0, 1000, 100);
  raise(SIGUSR2);
  usleep(400000);
  grow(1000, 2000, 100);
  printf("%zu\n", held);
}

static void sample(void) {
  unsigned long random = 1;
  size_t size = 0;
  for (int i = 0; i < kMost; ++i) {
    random = random * 6364136223846793005ul + 1442695040888963407ul;
    const size_t next = 1 + (random >> 33) % (i % 10 == 0 ? 20000 : 200);
    blocks[i] = malloc(next);
    size += next;
  }
  printf("%zu\n", size);
}

int main(int argc, char** argv) {
  static char out[256];
  setvbuf(stdout, out, _IOFBF, sizeof out);
  if (argc != 2) return 2;
  if (strcmp(argv[1], "peak") == 0) peak();
  if (strcmp(argv[1], "ask") == 0) ask();
  if (strcmp(argv[1], "sample") == 0) sample();
  fflush(stdout);
  _exit(0);
}
