#include "temporary_file.h"

#include <snapshot/error.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>
#include <system_error>

namespace snapshot {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 16;
constexpr std::string_view kEnd = ".tmp";
constexpr int kAttempts = 100;  // at a name that nobody has

/// ".NAME." of the temporary files for a path; of a long NAME, as much as leaves room for the rest.
std::string start_of_names(const fs::path& path) {
  const long limit = ::pathconf(path.parent_path().c_str(), _PC_NAME_MAX);
  const std::size_t room = (limit > 64 ? static_cast<std::size_t>(limit) : 255) - 2 - kDigits - kEnd.size();
  std::string name = path.filename();
  if (name.size() > room) {
    std::size_t size = room;
    while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80) --size;  // not inside a character
    name.resize(size);
  }
  return "." + name + ".";
}

/// A name for a temporary file, different each time.
std::string fresh_name(const fs::path& path) {
  std::random_device device;
  std::uint64_t number = (std::uint64_t{device()} << 32U) | device();
  std::string digits;
  for (; digits.size() < kDigits; number /= 16) digits += "0123456789abcdef"[number % 16];
  return path.parent_path() / (start_of_names(path) + digits + std::string(kEnd));
}

bool is_temporary_name(std::string_view name, std::string_view start) {
  if (name.size() != start.size() + kDigits + kEnd.size() || !name.starts_with(start) || !name.ends_with(kEnd)) {
    return false;
  }
  return name.substr(start.size(), kDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

enum class Lock { taken, busy, unknown };

Lock try_lock(int descriptor) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return Lock::taken;
  return errno == EWOULDBLOCK ? Lock::busy : Lock::unknown;
}

/// -1 where the file system has no files without a name, or no /proc is there to give them one later.
int open_unnamed(const fs::path& directory, mode_t mode) {
  const int descriptor = ::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (descriptor < 0) return -1;
  if (::access(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), F_OK) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

void remove_if_dead(const std::string& name) {
  // Not blocking, and no link: the name may be anything's.
  const int descriptor = ::open(name.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status {};
  const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  // While the lock is held: its writer, should it live and only now ask for the lock, sees that the name is gone.
  if (regular && try_lock(descriptor) == Lock::taken) ::unlink(name.c_str());
  ::close(descriptor);
}

}  // namespace

TemporaryFile create_temporary(const std::string& path, unsigned mode) {
  const int unnamed = open_unnamed(fs::path(path).parent_path(), mode);
  if (unnamed >= 0) {
    try_lock(unnamed);  // for the moment between its two names
    return {unnamed, ""};
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string name = fresh_name(path);
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0 && (errno == EEXIST || errno == EINTR)) continue;
    if (descriptor < 0) break;
    // Until it had its lock it looked like a dead writer's, and may have been removed as one.
    if (try_lock(descriptor) != Lock::busy && ::access(name.c_str(), F_OK) == 0) return {descriptor, name};
    ::unlink(name.c_str());
    ::close(descriptor);
    errno = EEXIST;
  }
  throw Error(std::generic_category().message(errno));
}

std::string name_temporary(int descriptor, const std::string& path) {
  const std::string unnamed = "/proc/self/fd/" + std::to_string(descriptor);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string name = fresh_name(path);
    if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return name;
    if (errno != EEXIST && errno != EINTR) break;
  }
  return "";
}

void remove_dead_temporaries(const std::string& path) {
  const std::string start = start_of_names(path);
  std::error_code error;
  fs::directory_iterator entry(fs::path(path).parent_path(), error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (is_temporary_name(entry->path().filename().native(), start)) remove_if_dead(entry->path());
  }
}

}  // namespace snapshot
