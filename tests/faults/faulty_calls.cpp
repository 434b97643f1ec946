// Loaded before the C library (LD_PRELOAD), this makes the system calls go wrong that a writer of files lives on, as
// FAULTY_CALLS says:
//
//   no_tmpfile   the file system has no files without a name, as NFS
//   kill=N       the process is killed in place of the Nth call
//   fail=N       the Nth call fails: EIO

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

const char* asked_for(const char* what) {
  const char* faults = std::getenv("FAULTY_CALLS");
  const char* found = faults == nullptr ? nullptr : std::strstr(faults, what);
  return found == nullptr ? nullptr : found + std::strlen(what);
}

bool is_turn(const char* what, long call) {
  const char* number = asked_for(what);
  return number != nullptr && std::atol(number) == call;
}

bool fails() {
  static std::atomic<long> calls{0};
  const long call = ++calls;
  if (is_turn("kill=", call)) ::kill(::getpid(), SIGKILL);
  if (!is_turn("fail=", call)) return false;
  errno = EIO;
  return true;
}

/// Calls the function that this one stands before, when its turn to fail has not come.
template <typename... Arguments>
auto call(const char* name, auto(*type)(Arguments...), Arguments... arguments) -> decltype(type(arguments...)) {
  if (fails()) return -1;
  return reinterpret_cast<decltype(type)>(::dlsym(RTLD_NEXT, name))(arguments...);
}

int open_as(const char* name, const char* path, int flags, unsigned mode) {
  if ((flags & O_TMPFILE) == O_TMPFILE && asked_for("no_tmpfile") != nullptr) {
    errno = EOPNOTSUPP;
    return -1;
  }
  if (fails()) return -1;
  return reinterpret_cast<int (*)(const char*, int, ...)>(::dlsym(RTLD_NEXT, name))(path, flags, mode);
}

unsigned mode_from(int flags, std::va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, unsigned) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {  // NOLINT(cert-dcl50-cpp): as the C library has it
  std::va_list arguments;
  va_start(arguments, flags);
  const unsigned mode = mode_from(flags, arguments);
  va_end(arguments);
  return open_as("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {  // NOLINT(cert-dcl50-cpp)
  std::va_list arguments;
  va_start(arguments, flags);
  const unsigned mode = mode_from(flags, arguments);
  va_end(arguments);
  return open_as("open64", path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  if (descriptor <= STDERR_FILENO) {
    return reinterpret_cast<decltype(&::write)>(::dlsym(RTLD_NEXT, "write"))(descriptor, bytes, size);
  }
  return call<int, const void*, std::size_t>("write", ::write, descriptor, bytes, size);
}

int fsync(int descriptor) { return call<int>("fsync", ::fsync, descriptor); }

int flock(int descriptor, int operation) noexcept { return call<int, int>("flock", ::flock, descriptor, operation); }

int rename(const char* from, const char* to) noexcept {
  return call<const char*, const char*>("rename", ::rename, from, to);
}

int unlink(const char* path) noexcept { return call<const char*>("unlink", ::unlink, path); }

int linkat(int from_directory, const char* from, int to_directory, const char* to, int flags) noexcept {
  return call<int, const char*, int, const char*, int>("linkat", ::linkat, from_directory, from, to_directory, to,
                                                       flags);
}

}  // extern "C"
