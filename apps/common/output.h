#pragma once

#include "pager.h"
#include "screen_lines.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// Standard output, buffered. Throws std::runtime_error when it cannot be written, so that no status says otherwise.
class Output {
 public:
  Output();
  /// Shows what is longer than the screen through a pager, as paging() has it: then all is kept back until it is known
  /// to be longer, or to be all.
  explicit Output(const std::optional<Paging>& paging);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text) {
    buffer_ += text;
    if (undecided_) {
      measure(text);
    } else if (buffer_.size() >= kFlushAt) {
      flush();
    }
  }

  /// Writes what is left, and waits for the pager, if there is one. To be called at the end.
  void finish();

 private:
  /// As long as all of it may fit on the screen.
  struct Undecided {
    explicit Undecided(const Paging& how) : paging(how), lines(how.screen.columns) {}
    Paging paging;
    ScreenLines lines;
  };

  void measure(std::string_view text);
  void flush();
  void flush_to_pager();

  static constexpr std::size_t kFlushAt = std::size_t{1} << 16U;
  std::string buffer_;
  std::unique_ptr<Undecided> undecided_;
  std::unique_ptr<Pager> pager_;
  bool quit_ = false;  // the pager: the rest is of no interest
};

}  // namespace cli
