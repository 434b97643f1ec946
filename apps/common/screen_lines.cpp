#include "screen_lines.h"

namespace cli {

ScreenLines::ScreenLines(std::size_t columns)
    : columns_(columns), utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}

ScreenLines::~ScreenLines() {
  if (utf8_ != nullptr) ::freelocale(utf8_);
}

void ScreenLines::add(std::string_view text) {
  // Without that locale each byte of a character counts: then text seems longer than it is, which is the safe side.
  const locale_t before = utf8_ != nullptr ? ::uselocale(utf8_) : nullptr;
  for (const char byte : text) add_byte(byte);
  if (before != nullptr) ::uselocale(before);
}

void ScreenLines::add_byte(char byte) {
  const bool ascii = static_cast<unsigned char>(byte) < 0x80;
  if (ascii && std::mbsinit(&character_) != 0) return add_ascii(byte);
  wchar_t character = 0;
  constexpr std::size_t kDamaged = static_cast<std::size_t>(-1);
  constexpr std::size_t kMoreToCome = static_cast<std::size_t>(-2);
  const std::size_t read = std::mbrtowc(&character, &byte, 1, &character_);
  if (read == kMoreToCome) return;
  if (read == kDamaged) {
    character_ = {};
    take_columns(1);
    if (ascii) add_ascii(byte);
    return;
  }
  const int width = ::wcwidth(character);
  take_columns(width < 0 ? 1 : static_cast<std::size_t>(width));
}

void ScreenLines::add_ascii(char byte) {
  constexpr std::size_t kTab = 8;
  if (escape_ == Escape::begun) {
    escape_ = byte == '[' ? Escape::in_sequence : Escape::none;
  } else if (escape_ == Escape::in_sequence) {
    if (byte >= '@' && byte <= '~') escape_ = Escape::none;  // the last byte of one (ECMA-48, 5.4)
  } else if (byte == '\x1b') {
    escape_ = Escape::begun;
  } else if (byte == '\n') {
    ++lines_;
    column_ = 0;
    at_start_ = true;
  } else {
    take_columns(byte == '\t' ? kTab - column_ % kTab : 1);
  }
}

void ScreenLines::take_columns(std::size_t width) {
  at_start_ = false;
  column_ += width;
  if (column_ <= columns_) return;
  ++lines_;  // a wide character goes to the next line as a whole
  column_ = width;
}

}  // namespace cli
