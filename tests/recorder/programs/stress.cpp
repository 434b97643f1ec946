// stress ROUNDS SEED LIBRARY: what a recorder is in the way of, all at once: threads that allocate, end and begin
// anew, forks that allocate and end, signals whose handlers run anywhere, dlopen and dlclose, exceptions through many
// frames.
//
// Blocks are filled with what only their owner knows and looked at before they are freed: a block that two own, or that
// is lost, is seen. Prints "done" and ends with 0, or says what was wrong.
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<unsigned long> signals{0};
std::atomic<unsigned long> rounds[6];  // of each kind of work

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "stress: %s\n", what);
  std::_Exit(1);
}

class Owned {
 public:
  Owned(std::size_t size, unsigned char mark) : bytes_(new unsigned char[size + 1]), size_(size), mark_(mark) {
    std::memset(bytes_.get(), mark, size + 1);
  }
  void check() const {
    for (std::size_t i = 0; i <= size_; ++i) {
      if (bytes_[i] != mark_) fail("a block was overwritten");
    }
  }

 private:
  std::unique_ptr<unsigned char[]> bytes_;
  std::size_t size_;
  unsigned char mark_;
};

void churn(std::minstd_rand& random, int count) {
  std::vector<Owned> held;
  for (int i = 0; i < count; ++i) {
    held.emplace_back(random() % 700, static_cast<unsigned char>(random()));
    if (random() % 3 == 0) {
      held.back().check();
      held.pop_back();
    }
  }
  for (const Owned& owned : held) owned.check();
}

// Deep, with something to destroy in each frame.
std::string throw_from(int depth, const std::string& text) {
  const std::string mine = text + std::to_string(depth);
  if (depth == 0) throw std::runtime_error(mine);
  return throw_from(depth - 1, mine) + mine;
}

void catch_exceptions(std::minstd_rand& random) {
  for (int i = 0; i < 20; ++i) {
    try {
      throw_from(static_cast<int>(random() % 30), "a text that is too long to lie in the string itself ");
      fail("no exception came");
    } catch (const std::runtime_error& error) {
      if (std::strncmp(error.what(), "a text", 6) != 0) fail("another exception came");
    }
  }
}

void load_and_unload(const char* library) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) fail(dlerror());
  auto* const allocate = reinterpret_cast<char* (*)(std::size_t)>(dlsym(handle, "allocate_in_plugin"));
  if (allocate == nullptr) fail("the library has no allocate_in_plugin");
  char* const text = allocate(100);  // outlives the code that made it
  if (dlclose(handle) != 0) fail("dlclose");
  if (std::strcmp(text, "from the plugin") != 0) fail("the library's block is not what it was");
  std::free(text);
}

void fork_child(std::minstd_rand& random) {
  const pid_t child = fork();
  if (child < 0) return;  // too many processes: no fault of a recorder
  if (child == 0) {
    churn(random, 200);
    _exit(42);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 42) fail("a child did not end as it should");
}

void* end_soon(void* seed) {
  std::minstd_rand random(static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(seed)));
  churn(random, 50);
  pthread_exit(nullptr);  // by way of the unwinder
}

void start_threads(std::minstd_rand& random) {
  pthread_t threads[4];
  for (pthread_t& thread : threads) {
    if (pthread_create(&thread, nullptr, end_soon, reinterpret_cast<void*>(random() % 1000000 + 1)) != 0)
      fail("no thread");
  }
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}

// No allocation here: it may interrupt malloc.
void on_signal(int) { signals.fetch_add(1, std::memory_order_relaxed); }

void work(int count, unsigned seed, const char* library) {
  std::minstd_rand random(seed);
  for (int round = 0; round < count; ++round) {
    const auto kind = random() % 6;
    switch (kind) {
      case 0: start_threads(random); break;
      case 1: catch_exceptions(random); break;
      case 2: fork_child(random); break;
      case 3: load_and_unload(library); break;
      default: churn(random, 500);
    }
    ++rounds[kind];
  }
}

void send_signals_often() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  const itimerval often = {{0, 700}, {0, 700}};
  if (sigaction(SIGALRM, &action, nullptr) != 0 || setitimer(ITIMER_REAL, &often, nullptr) != 0) fail("no timer");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const auto seed = static_cast<unsigned>(std::atoi(argv[2]));
  send_signals_often();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) threads.emplace_back(work, std::atoi(argv[1]), 4 * seed + i + 1, argv[3]);
  for (auto& thread : threads) thread.join();
  for (const auto& count : rounds) {
    if (count == 0) fail("a kind of work was never done: too few rounds");
  }
  if (signals == 0) fail("no signal came: too few rounds");
  std::puts("done");
}
