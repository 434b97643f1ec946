#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

/// Standard output, buffered. Throws std::runtime_error when it cannot be written, so that no status says otherwise.
class Output {
 public:
  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kFlushAt) finish();
  }

  /// Writes what is left. To be called at the end.
  void finish();

 private:
  static constexpr std::size_t kFlushAt = std::size_t{1} << 16U;
  std::string buffer_;
};

}  // namespace cli
