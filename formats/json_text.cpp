#include "json_text.h"

#include <snapshot/utf8.h>

#include <fmt/format.h>

namespace formats {

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = snapshot::decode_utf8(text, at);
    if (code_point == U'"' || code_point == U'\\') {
      result += '\\';
      result += static_cast<char>(code_point);
    } else if (code_point < 0x20 || code_point == 0x7F || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(code_point));
    } else {
      result += text.substr(start, at - start);
    }
  }
  return result + '"';
}

}  // namespace formats
