// crashing [segv|abort|kill|term|fpe|_exit|quick_exit|exit|return]: ends in the way that is asked for.
//
//   tmrecord -o crash.tms ./crashing kill
//   tmtop -g function crash.tms
//
// See: whatever the end, the snapshot has the 10 blocks of plant(), of 1,000 to 1,009 bytes, and not the one that was
// freed. A recorder that writes its file when the program exits has nothing after most of these.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kPlanted = 10 };

static void* planted[kPlanted];

__attribute__((noinline)) static void* plant(size_t i) { return malloc(1000 + i); }

static void crash(void) {
  volatile int* volatile nowhere = NULL;
  *nowhere = 1;
}

static int end(const char* how) {
  if (strcmp(how, "segv") == 0) crash();
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "kill") == 0) raise(SIGKILL);
  if (strcmp(how, "term") == 0) raise(SIGTERM);
  if (strcmp(how, "fpe") == 0) raise(SIGFPE);
  if (strcmp(how, "_exit") == 0) _exit(7);
  if (strcmp(how, "quick_exit") == 0) quick_exit(7);
  if (strcmp(how, "exit") == 0) exit(7);
  return strcmp(how, "return") == 0 ? 7 : 2;
}

int main(int argc, char** argv) {
  for (size_t i = 0; i < kPlanted; ++i) planted[i] = plant(i);
  void* volatile freed = plant(kPlanted);
  free(freed);
  puts("planted");
  fflush(stdout);
  return end(argc > 1 ? argv[1] : "segv");
}
