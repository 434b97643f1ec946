#include "output.h"

#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace cli {

void Output::finish() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written < 0 && errno != EINTR) {
      throw std::runtime_error("standard output: " + std::generic_category().message(errno));
    }
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

}  // namespace cli
