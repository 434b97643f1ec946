#include "program_file.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace cli {
namespace {

constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;
constexpr int kRefused = 2;
constexpr int kMostInterpreters = 5;  // as the kernel has it

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool can_execute(const std::string& path) {
  return is_file(path) && ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

CannotRun cannot(const std::string& name, int error) {
  return {error == ENOENT ? kNotFound : kNotExecutable, name + ": " + std::strerror(error)};
}

/// The first bytes of a file.
std::string head_of(const std::string& path) {
  std::string head(4096, '\0');
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t got = descriptor < 0 ? -1 : ::read(descriptor, head.data(), head.size());
  if (descriptor >= 0) ::close(descriptor);
  head.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return head;
}

/// What an ELF file lacks for a recorder of this machine; empty if nothing.
std::string lack_of_elf(std::string_view head) {
  Elf64_Ehdr header{};
  if (head.size() < sizeof header) return "is no whole program";
  std::memcpy(&header, head.data(), sizeof header);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64) {
    return "is a program for another kind of processor than the recorder";
  }
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    const std::uint64_t at = header.e_phoff + std::uint64_t{i} * header.e_phentsize;
    if (header.e_phentsize != sizeof segment || at > head.size() || head.size() - at < sizeof segment) return {};
    std::memcpy(&segment, head.data() + at, sizeof segment);
    if (segment.p_type == PT_INTERP) return {};
  }
  return "is statically linked: the recorder cannot be loaded into it";
}

/// Whether the system gives the program more rights than the user has.
bool gains_rights(const std::string& path) {
  struct stat status {};
  struct statvfs system {};
  if (::stat(path.c_str(), &status) != 0) return false;
  if (::statvfs(path.c_str(), &system) == 0 && (system.f_flag & ST_NOSUID) != 0) return false;
  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) return false;
  if ((status.st_mode & S_ISUID) != 0 && status.st_uid != ::geteuid()) return true;
  if ((status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0 && status.st_gid != ::getegid()) return true;
  return ::geteuid() != 0 && ::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
}

/// The interpreter of a script; empty for what is none.
std::string interpreter_of(std::string_view head) {
  if (!head.starts_with("#!")) return {};
  head = head.substr(2, head.find('\n') == std::string_view::npos ? head.npos : head.find('\n') - 2);
  head.remove_prefix(std::min(head.find_first_not_of(" \t"), head.size()));
  return std::string(head.substr(0, head.find_first_of(" \t\r\0", 0, 4)));
}

}  // namespace

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (can_execute(name)) return name;
    if (::access(name.c_str(), F_OK) != 0) throw cannot(name, errno);
    throw cannot(name, is_file(name) ? EACCES : EISDIR);
  }
  const char* const set = std::getenv("PATH");
  const std::string path = set != nullptr ? set : "/bin:/usr/bin";
  int error = ENOENT;
  for (std::size_t begin = 0; begin <= path.size() && !name.empty();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string directory = path.substr(begin, end - begin);
    const std::string file = (directory.empty() ? "." : directory) + "/" + name;
    if (can_execute(file)) return file;
    if (is_file(file)) error = EACCES;
    begin = end + 1;
  }
  throw cannot(name, error);
}

void refuse_unrecordable(const std::string& path) {
  std::string file = path;
  std::string of_script;
  for (int depth = 0; depth < kMostInterpreters; ++depth) {
    const std::string head = head_of(file);
    if (gains_rights(file)) {
      throw CannotRun(kRefused, path + of_script +
                                    ": runs with the rights of another user or group (setuid, setgid, "
                                    "capabilities): the system does not load recorders into such programs");
    }
    if (head.starts_with(ELFMAG)) {
      const std::string lack = lack_of_elf(head);
      if (!lack.empty()) throw CannotRun(kRefused, path + of_script + ": " + lack);
      return;
    }
    file = interpreter_of(head);
    if (file.empty()) return;
    of_script = ": its interpreter " + file;
  }
}

}  // namespace cli
