#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

// What the recorded program's side needs of the system, and its readers with it. Nothing here allocates.

/// The program must not see what its recorder does to errno.
class KeepErrno {
 public:
  KeepErrno() : errno_(errno) {}
  ~KeepErrno() { errno = errno_; }
  KeepErrno(const KeepErrno&) = delete;
  KeepErrno& operator=(const KeepErrno&) = delete;

 private:
  int errno_;
};

std::uint64_t monotonic_now();  ///< nanoseconds of CLOCK_MONOTONIC
std::int64_t realtime_now();    ///< nanoseconds since 1970-01-01T00:00:00Z
std::uint32_t thread_id();

/// Waits until the word is no longer `value`, it is woken, or the time is over, or for no reason. Words of a region are
/// shared: all who wait are woken, in whatever process.
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value, std::uint64_t nanoseconds);
void futex_wake(const std::atomic<std::uint32_t>& word);

void yield(unsigned tries);  ///< lets others run, longer the more often it was tried

/// Makes the pages of [begin, begin + size), so that touching them cannot fail. False when there is no memory for them.
bool populate(void* begin, std::size_t size);

/// Gives the pages of a region back. They read as zero.
void give_back(void* begin, std::size_t size);

/// Private memory, zero; null when there is none.
void* map_private(std::size_t size);

/// open(O_RDONLY), read and close, at which no thread is cancelled: it may be in malloc.
int open_file(const char* path);
long read_some(int descriptor, char* to, std::size_t size);
void close_file(int descriptor);

/// Reads a file of /proc: up to `size` bytes; how many, 0 when it cannot be read.
std::size_t read_file(const char* path, char* to, std::size_t size);

}  // namespace snapshot::recorder
