#include <snapshot/error.h>
#include <snapshot/output_file.h>

#include "temporary_file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace snapshot {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferSize = std::size_t{64} * 1024;
constexpr int kMostLinks = 40;  // as many as Linux follows

[[noreturn]] void throw_error(int error) { throw Error(std::generic_category().message(error)); }

fs::path directory_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : "."; }

bool is_on_proc(const fs::path& directory) {
  struct statfs status {};
  return ::statfs(directory.c_str(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

/// What is at the end of the links, whether there is something or not, under a name that holds wherever the process
/// goes. None when a link of /proc is among them, such as /dev/stdout is: that is an open file, whose name would be
/// another's.
std::optional<std::string> follow_links(fs::path path) {
  std::error_code error;
  for (int links = 0; links <= kMostLinks; ++links) {
    const fs::path directory = directory_of(path);
    const fs::path target = fs::read_symlink(path, error);
    if (error) {
      const fs::path parent = fs::canonical(directory, error);
      if (error) throw_error(error.value());
      if (!path.has_filename()) throw_error(EISDIR);
      return parent / path.filename();
    }
    if (is_on_proc(directory)) return std::nullopt;
    path = directory / target;
  }
  throw_error(ELOOP);
}

/// Gives the file the permissions of the one that it will replace, and its owner and group, as far as we may.
void adopt_permissions(int descriptor, const struct stat& replaced) {
  constexpr auto kSameUser = static_cast<uid_t>(-1);
  constexpr auto kSameGroup = static_cast<gid_t>(-1);
  mode_t mode = replaced.st_mode & 0777U;
  struct stat ours {};
  if (::fstat(descriptor, &ours) != 0) return;
  if (ours.st_gid != replaced.st_gid && ::fchown(descriptor, kSameUser, replaced.st_gid) != 0) {
    mode = (mode & ~mode_t{070}) | ((mode & 07U) << 3U);  // another group may do what all may
  }
  if (ours.st_uid != replaced.st_uid) {
    [[maybe_unused]] const int only_root_may = ::fchown(descriptor, replaced.st_uid, kSameGroup);
  }
  ::fchmod(descriptor, mode);
}

/// Lets a rename in the directory reach the disk. Returns what went wrong, or 0.
int flush_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return 0;  // it may be writable and not readable
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error == EINVAL || error == ENOTSUP ? 0 : error;  // the file system knows no such thing
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) throw Error("the file name is empty");
  if (path_.find('\0') != std::string::npos) throw Error("the file name holds a zero byte");
  if (path_.back() == '/') throw_error(EISDIR);
  struct stat replaced {};
  const bool exists = ::stat(path_.c_str(), &replaced) == 0;
  if (!exists && errno != ENOENT) throw_error(errno);
  if (exists && S_ISDIR(replaced.st_mode)) throw_error(EISDIR);
  std::optional<std::string> target;
  if (!exists || S_ISREG(replaced.st_mode)) target = follow_links(path_);
  if (!target) {
    open_in_place();
    return;
  }
  path_ = std::move(*target);
  if (exists && ::faccessat(AT_FDCWD, path_.c_str(), W_OK, AT_EACCESS) != 0) throw_error(errno);
  // Until it has the permissions of what it replaces, nobody else may look into it.
  open_temporary(exists ? 0600 : 0666);
  if (exists) adopt_permissions(descriptor_, replaced);
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::open_in_place() {
  in_place_ = true;
  buffer_.reserve(kBufferSize);
  do {  // appending: what others have written to the same /dev/stdout stays
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  } while (descriptor_ < 0 && errno == EINTR);  // a pipe waits for its reader
  if (descriptor_ < 0) throw_error(errno);
}

void OutputFile::open_temporary(unsigned mode) {
  buffer_.reserve(kBufferSize);
  remove_dead_temporaries(path_);
  TemporaryFile file = create_temporary(path_, mode);
  descriptor_ = file.descriptor;
  temporary_ = std::move(file.name);
}

void OutputFile::write(std::string_view bytes) {
  if (descriptor_ < 0) throw Error("the file is closed");
  if (buffer_.size() + bytes.size() > kBufferSize) flush();
  if (bytes.size() >= kBufferSize) {
    write_out(bytes);
  } else {
    buffer_ += bytes;
  }
}

void OutputFile::flush() {
  write_out(buffer_);
  buffer_.clear();
}

void OutputFile::write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    if (written == 0) fail(ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void OutputFile::commit() {
  if (descriptor_ < 0) throw Error("the file is closed");
  flush();
  if (in_place_) {
    if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) throw_error(errno);
    return;
  }
  if (::fsync(descriptor_) != 0) fail(errno);
  if (temporary_.empty()) {
    temporary_ = name_temporary(descriptor_, path_);
    if (temporary_.empty()) fail(errno);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  temporary_.clear();
  discard();
  if (const int error = flush_directory(directory_of(path_)); error != 0) {
    throw Error("written, but its name may not have reached the disk: " + std::generic_category().message(error));
  }
}

void OutputFile::discard() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  buffer_.clear();
}

void OutputFile::fail(int error) {
  discard();
  throw_error(error);
}

}  // namespace snapshot
