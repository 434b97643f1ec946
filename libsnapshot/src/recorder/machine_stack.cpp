#include "recorder/machine_stack.h"

#include "recorder/system.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

extern "C" void* __libc_stack_end __attribute__((weak));  // of the dynamic linker: sp when the program began

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kPage = 4096;

/// The first thread's grows downwards into room that the kernel keeps free: the limit, but at least 128 MiB.
MachineStack first_machine_stack() {
  constexpr std::uint64_t kLeastRoom = std::uint64_t{128} << 20;
  const std::uint64_t end = reinterpret_cast<std::uint64_t>(__libc_stack_end) + 8;
  rlimit limit{};
  std::uint64_t room = kLeastRoom;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur > room) {
    room = limit.rlim_cur;
  }
  return {room < end ? end - room : 0, end};
}

}  // namespace

MachineStack probe_machine_stack(std::uint64_t sp) {
  const KeepErrno keep;
  constexpr std::size_t kPages = 64;
  const std::uint64_t begin = sp & ~(kPage - 1);
  iovec from[kPages];
  for (std::size_t i = 0; i < kPages; ++i) from[i] = {reinterpret_cast<void*>(begin + i * kPage), 1};
  char bytes[kPages];
  const iovec to{bytes, sizeof bytes};
  const long pages = syscall(SYS_process_vm_readv, getpid(), &to, 1, from, kPages, 0);
  return {begin, pages > 0 ? begin + static_cast<std::uint64_t>(pages) * kPage : begin};
}

MachineStack own_machine_stack() {
  const KeepErrno keep;
  if (static_cast<pid_t>(thread_id()) == getpid() && &__libc_stack_end != nullptr) return first_machine_stack();
  // May allocate a little, which is not recorded: the thread is just being attached.
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {0, 0};
  void* begin = nullptr;
  std::size_t size = 0;
  const int status = pthread_attr_getstack(&attributes, &begin, &size);
  pthread_attr_destroy(&attributes);
  if (status != 0) return {0, 0};
  return {reinterpret_cast<std::uint64_t>(begin), reinterpret_cast<std::uint64_t>(begin) + size};
}

}  // namespace snapshot::recorder
