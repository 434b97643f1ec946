#pragma once

#include <clocale>
#include <cstddef>
#include <cwchar>
#include <string_view>

#include <locale.h>

namespace cli {

/// Counts the lines of a screen that text takes, which comes in pieces: long lines wrap, wide characters take two
/// columns, and escape sequences none.
class ScreenLines {
 public:
  explicit ScreenLines(std::size_t columns);
  ~ScreenLines();
  ScreenLines(const ScreenLines&) = delete;
  ScreenLines& operator=(const ScreenLines&) = delete;

  void add(std::string_view text);

  /// The last one counts when something is in it.
  std::size_t count() const { return lines_ + (at_start_ ? 0 : 1); }

 private:
  enum class Escape { none, begun, in_sequence };

  void add_byte(char byte);
  void add_ascii(char byte);
  void take_columns(std::size_t width);

  std::size_t columns_;
  locale_t utf8_;  // of the widths of characters; what the tools print is UTF-8, wherever they run
  std::mbstate_t character_{};
  Escape escape_ = Escape::none;
  std::size_t lines_ = 0;
  std::size_t column_ = 0;
  bool at_start_ = true;
};

}  // namespace cli
