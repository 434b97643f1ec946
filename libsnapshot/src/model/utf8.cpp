#include <snapshot/utf8.h>

#include <array>
#include <cstdint>

namespace snapshot {
namespace {

constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kLastSurrogate = 0xDFFF;
constexpr char32_t kFirstEscapedByte = 0xDC80;  // PEP 383: the byte 0x80
constexpr char32_t kLastEscapedByte = 0xDCFF;
constexpr char32_t kEscape = 0xDC00;

/// Bytes in the sequence that `lead` starts, 0 when none may start so.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;  // continuation bytes, and leads of overlong forms
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

char32_t decode_sequence(std::string_view text, std::size_t at, std::size_t length) {
  constexpr std::array<unsigned char, 5> kLeadBits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code_point = static_cast<unsigned char>(text[at]) & kLeadBits[length];
  for (std::size_t next = 1; next < length; ++next) {
    code_point = (code_point << 6U) | (static_cast<unsigned char>(text[at + next]) & 0x3FU);
  }
  return code_point;
}

/// The length of the well-formed sequence at `at`, 0 if there is none.
std::size_t well_formed_length(std::string_view text, std::size_t at) {
  const std::size_t length = sequence_length(static_cast<unsigned char>(text[at]));
  if (length == 0 || length > text.size() - at) return 0;
  for (std::size_t next = 1; next < length; ++next) {
    if ((static_cast<unsigned char>(text[at + next]) & 0xC0U) != 0x80) return 0;
  }
  const char32_t code_point = decode_sequence(text, at, length);
  const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  return overlong || code_point > 0x10FFFF ? 0 : length;
}

std::string hex(std::uint32_t value, unsigned digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned digit = digits; digit-- > 0;) text += kDigits[(value >> (4 * digit)) & 0xFU];
  return text;
}

/// Control characters, and those that turn the direction of the text around them.
bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x200E ||
         code_point == 0x200F || (code_point >= 0x202A && code_point <= 0x202E) ||
         (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace

bool is_generalised_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = well_formed_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

char32_t decode_utf8(std::string_view text, std::size_t& at) {
  const std::size_t length = sequence_length(static_cast<unsigned char>(text[at]));
  const char32_t code_point = decode_sequence(text, at, length);
  at += length;
  return code_point;
}

std::u32string code_points(std::string_view text) {
  std::u32string result;
  for (std::size_t at = 0; at < text.size();) result += decode_utf8(text, at);
  return result;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)); };
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += static_cast<char>(0xC0U | (code_point >> 6U));
    tail(0);
  } else if (code_point < 0x10000) {
    text += static_cast<char>(0xE0U | (code_point >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (code_point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string text_from_bytes(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = well_formed_length(bytes, at);
    const char32_t code_point = length == 0 ? 0 : decode_sequence(bytes, at, length);
    if (length == 0 || (code_point >= kFirstSurrogate && code_point <= kLastSurrogate)) {
      append_utf8(text, kEscape + static_cast<unsigned char>(bytes[at]));
      ++at;
    } else {
      text += bytes.substr(at, length);
      at += length;
    }
  }
  return text;
}

std::string bytes_from_text(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = decode_utf8(text, at);
    if (code_point >= kFirstEscapedByte && code_point <= kLastEscapedByte) {
      bytes += static_cast<char>(code_point - kEscape);
    } else if (code_point >= kFirstSurrogate && code_point <= kLastSurrogate) {
      bytes += "\\u" + hex(code_point, 4);
    } else {
      bytes += text.substr(start, at - start);
    }
  }
  return bytes;
}

std::string printable(std::string_view text) {
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = decode_utf8(text, at);
    if (!is_control(code_point)) continue;
    result += bytes_from_text(text.substr(copied, start - copied));
    result += code_point < 0x100 ? "\\x" + hex(code_point, 2) : "\\u" + hex(code_point, 4);
    copied = at;
  }
  return result + bytes_from_text(text.substr(copied));
}

std::string hex_digits(std::string_view bytes) {
  std::string digits;
  for (const char byte : bytes) digits += hex(static_cast<unsigned char>(byte), 2);
  return digits;
}

}  // namespace snapshot
