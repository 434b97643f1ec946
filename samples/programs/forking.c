// forking [CHILDREN]: a parent and its children, which go on with what the parent had allocated.
//
//   tmrecord -o '%p.%P.tms' --follow-fork ./forking
//   tmtop -g function *.tms
//
// See: in the parent's snapshot 10 blocks of 1,000 bytes, of parent_block(). In that of each child 5 of them, because
// it freed the others, and as many of 2,000 bytes, of child_block(), as its number, counted from 1. No child changes
// what the parent's snapshot says.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kBlocks = 10 };

static void* parent_blocks[kBlocks];
static void* child_blocks[64];

__attribute__((noinline)) static void* parent_block(void) { return malloc(1000); }

__attribute__((noinline)) static void* child_block(void) { return malloc(2000); }

static void be_child(int number) {
  for (int i = 0; i < kBlocks; i += 2) free(parent_blocks[i]);
  for (int i = 0; i < number; ++i) child_blocks[i] = child_block();
}

int main(int argc, char** argv) {
  const int children = argc > 1 ? atoi(argv[1]) : 3;
  if (children > 64) return 2;
  for (int i = 0; i < kBlocks; ++i) parent_blocks[i] = parent_block();
  for (int number = 1; number <= children; ++number) {
    const pid_t child = fork();
    if (child < 0) return 3;
    if (child == 0) {
      be_child(number);
      _exit(number);  // without the buffers of the parent's stdio
    }
  }
  int sum = 0;
  int status = 0;
  while (wait(&status) > 0) sum += WEXITSTATUS(status);
  printf("%d children, the sum of their statuses is %d\n", children, sum);
  return 0;
}
