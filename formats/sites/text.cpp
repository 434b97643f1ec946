#include "text.h"

#include "../format_error.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <charconv>
#include <string>

namespace formats::sites {
namespace {

/// Those that no line shows as they are: controls, separators of lines and paragraphs, marks of direction, surrogates.
bool is_hidden(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
         (code_point >= 0x2028 && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069) ||
         code_point == 0x200E || code_point == 0x200F || (code_point >= 0xD800 && code_point <= 0xDFFF);
}

char32_t parse_hex(std::string_view digits, std::size_t length) {
  unsigned value = 0;
  const char* const begin = digits.data();
  if (digits.size() >= length) {
    const auto [end, error] = std::from_chars(begin, begin + length, value, 16);
    if (error == std::errc{} && end == begin + length) return value;
  }
  throw FormatError("an escape without its " + std::to_string(length) + " hexadecimal digits");
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = snapshot::decode_utf8(text, at);
    switch (code_point) {
      case U'\\': result += "\\\\"; break;
      case U'\t': result += "\\t"; break;
      case U'\n': result += "\\n"; break;
      case U'\r': result += "\\r"; break;
      default:
        if (!is_hidden(code_point)) {
          result += text.substr(start, at - start);
        } else {
          result += code_point < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(code_point))
                                       : fmt::format("\\u{:04x}", static_cast<unsigned>(code_point));
        }
    }
  }
  return result;
}

std::string unescaped(std::string_view field) {
  std::string text;
  for (std::size_t at = field.find('\\'); at != std::string_view::npos; at = field.find('\\')) {
    text += field.substr(0, at);
    field.remove_prefix(at + 1);
    const char kind = field.empty() ? '\0' : field[0];
    field.remove_prefix(field.empty() ? 0 : 1);
    std::size_t digits = 0;
    switch (kind) {
      case '\\': text += '\\'; break;
      case 't': text += '\t'; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 'x': digits = 2; break;
      case 'u': digits = 4; break;
      default: throw FormatError("a '\\' that begins no escape");
    }
    if (digits != 0) snapshot::append_utf8(text, parse_hex(field, digits));
    field.remove_prefix(digits);
  }
  return text.append(field);
}

}  // namespace formats::sites
