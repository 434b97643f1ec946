#include "raw_unicode_escape.h"

#include <snapshot/utf8.h>

#include <charconv>
#include <cstdint>

namespace formats::tracemalloc {

std::optional<std::string> decode_raw_unicode_escape(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::size_t digits = line.substr(at, 2) == "\\u" ? 4 : line.substr(at, 2) == "\\U" ? 8 : 0;
    if (digits == 0) {
      snapshot::append_utf8(text, static_cast<unsigned char>(line[at]));
      continue;
    }
    const std::string_view hex = line.substr(at + 2, digits);
    std::uint32_t code_point = 0;
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code_point, 16);
    if (hex.size() != digits || error != std::errc{} || end != hex.data() + digits || code_point > 0x10FFFF) {
      return std::nullopt;
    }
    snapshot::append_utf8(text, code_point);
    at += 1 + digits;
  }
  return text;
}

}  // namespace formats::tracemalloc
