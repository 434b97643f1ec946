#include "output.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace cli {

Output::Output() = default;

Output::Output(const std::optional<Paging>& paging) {
  if (paging) undecided_ = std::make_unique<Undecided>(*paging);
}

Output::~Output() = default;

void Output::measure(std::string_view text) {
  undecided_->lines.add(text);
  // One line is for the shell's prompt, or the pager's.
  if (undecided_->lines.count() < undecided_->paging.screen.rows) return;
  pager_ = Pager::start(undecided_->paging.pager);
  undecided_.reset();
  flush();
}

void Output::flush() {
  if (pager_) flush_to_pager();
  std::string_view left = quit_ ? std::string_view() : buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written < 0 && errno == EPIPE) {  // as where the signal is not ignored: nobody reads on
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    if (written < 0 && errno != EINTR) {
      throw std::runtime_error("standard output: " + std::generic_category().message(errno));
    }
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

/// Leaves in the buffer what is to be printed without a pager.
void Output::flush_to_pager() {
  const bool reads = pager_->write(buffer_);
  buffer_.clear();
  if (reads) return;
  buffer_ = pager_->finish();
  quit_ = buffer_.empty();
  pager_.reset();
}

void Output::finish() {
  undecided_.reset();
  flush();
  if (!pager_) return;
  buffer_ = pager_->finish();
  pager_.reset();
  flush();
}

}  // namespace cli
