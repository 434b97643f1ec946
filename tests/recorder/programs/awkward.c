// awkward HOW [ARGUMENT]: a program that does not make it easy for a guest, and leaves 10 blocks of 1,000 to 1,009
// bytes.
//
//   close       closes all its descriptors
//   chdir       changes to directory ARGUMENT, and removes it
//   nobody      becomes the user nobody, for good
//   chroot      changes its root to ARGUMENT
//   environ     forgets its environment
//   wait        writes "ready" and waits until its stdin ends, then plants 10 blocks more
//   vfork       runs /bin/true by vfork and by posix_spawn
//   exec        becomes ARGUMENT
//   limit       may not have a file larger than 4096 bytes, nor more than 8 descriptors
#define _GNU_SOURCE
#include <grp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kPlanted = 10 };

static void* planted[2 * kPlanted];

__attribute__((noinline)) static void plant(size_t first) {
  for (size_t i = 0; i < kPlanted; ++i) planted[first + i] = malloc(1000 + i);
}

static int run_true(void) {
  int status = 0;
  const pid_t child = vfork();
  if (child == 0) {
    execl("/bin/true", "true", (char*)NULL);
    _exit(1);
  }
  if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) return 1;
  char* const arguments[] = {(char*)"true", NULL};
  pid_t spawned = 0;
  if (posix_spawn(&spawned, "/bin/true", NULL, NULL, arguments, environ) != 0) return 1;
  return waitpid(spawned, &status, 0) < 0 || status != 0;
}

static int become_nobody(void) { return setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0; }

static int wait_for_end(void) {
  char ignored[64];
  puts("ready");
  fflush(stdout);
  while (read(0, ignored, sizeof ignored) > 0) {
  }
  plant(kPlanted);
  return 0;
}

static int limit(void) {
  const struct rlimit bytes = {4096, 4096};
  const struct rlimit files = {8, 8};
  return setrlimit(RLIMIT_FSIZE, &bytes) != 0 || setrlimit(RLIMIT_NOFILE, &files) != 0;
}

static int be_awkward(const char* how, const char* argument) {
  if (strcmp(how, "close") == 0) {
    closefrom(3);
    return 0;
  }
  if (strcmp(how, "chdir") == 0) return chdir(argument) != 0 || rmdir(argument) != 0;
  if (strcmp(how, "nobody") == 0) return become_nobody();
  if (strcmp(how, "chroot") == 0) return chroot(argument) != 0 || chdir("/") != 0;
  if (strcmp(how, "environ") == 0) return clearenv();
  if (strcmp(how, "wait") == 0) return wait_for_end();
  if (strcmp(how, "vfork") == 0) return run_true();
  if (strcmp(how, "exec") == 0) return execl(argument, argument, (char*)NULL);
  if (strcmp(how, "limit") == 0) return limit();
  return 2;
}

// What is left, and what is new after it was awkward.
__attribute__((noinline)) static void go_on(void) {
  for (int i = 0; i < 1000; ++i) free(malloc(5000));
  free(planted[0]);
  planted[0] = malloc(1000);
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  plant(0);
  const int status = be_awkward(argv[1], argc > 2 ? argv[2] : "");
  go_on();
  puts("planted");
  fflush(stdout);
  return status;
}
