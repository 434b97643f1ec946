#include "held_errors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace cli {

HeldErrors::HeldErrors() {
  if (::isatty(STDERR_FILENO) == 0) return;
  const int held = ::memfd_create("stderr", MFD_CLOEXEC);
  if (held < 0) return;
  terminal_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (terminal_ >= 0) ::dup2(held, STDERR_FILENO);
  ::close(held);
}

HeldErrors::~HeldErrors() {
  if (terminal_ < 0) return;
  std::array<char, 4096> text{};
  off_t at = 0;
  for (ssize_t got = 0; (got = ::pread(STDERR_FILENO, text.data(), text.size(), at)) > 0; at += got) {
    if (::write(terminal_, text.data(), static_cast<std::size_t>(got)) < 0) break;
  }
  ::dup2(terminal_, STDERR_FILENO);
  ::close(terminal_);
}

}  // namespace cli
