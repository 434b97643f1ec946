#include "recorder/system.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14
#endif

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::uint64_t now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * kSecond + static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

std::uint64_t monotonic_now() { return now(CLOCK_MONOTONIC); }
std::int64_t realtime_now() { return static_cast<std::int64_t>(now(CLOCK_REALTIME)); }
std::uint32_t thread_id() { return static_cast<std::uint32_t>(syscall(SYS_gettid)); }

void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value, std::uint64_t nanoseconds) {
  const timespec time{static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
  syscall(SYS_futex, &word, FUTEX_WAIT, value, &time, nullptr, 0);
}

void futex_wake(const std::atomic<std::uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE, 0x7fffffff, nullptr, nullptr, 0);
}

void yield(unsigned tries) {
  if (tries < 64) {
    __builtin_ia32_pause();
  } else if (tries < 128) {
    syscall(SYS_sched_yield);
  } else {  // the owner may have a lower priority, to which a real-time thread never yields
    const timespec time{0, 50'000};
    syscall(SYS_nanosleep, &time, nullptr);
  }
}

bool populate(void* begin, std::size_t size) {
  const auto first = reinterpret_cast<std::uintptr_t>(begin) & ~std::uintptr_t{4095};
  const auto last = (reinterpret_cast<std::uintptr_t>(begin) + size + 4095) & ~std::uintptr_t{4095};
  if (madvise(reinterpret_cast<void*>(first), last - first, MADV_POPULATE_WRITE) == 0) return true;
  return errno == EINVAL;  // before Linux 5.14: the page fault will tell
}

void give_back(void* begin, std::size_t size) { madvise(begin, size, MADV_REMOVE); }

void* map_private(std::size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

int open_file(const char* path) {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
}

long read_some(int descriptor, char* to, std::size_t size) { return syscall(SYS_read, descriptor, to, size); }

void close_file(int descriptor) { syscall(SYS_close, descriptor); }

std::size_t read_file(const char* path, char* to, std::size_t size) {
  const int descriptor = open_file(path);
  if (descriptor < 0) return 0;
  std::size_t length = 0;
  while (length < size) {
    const long more = read_some(descriptor, to + length, size - length);
    if (more <= 0) break;
    length += static_cast<std::size_t>(more);
  }
  close_file(descriptor);
  return length;
}

}  // namespace snapshot::recorder
