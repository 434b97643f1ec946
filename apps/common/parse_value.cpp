#include "parse_value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace cli {

std::uint64_t parse_number(std::string_view text, std::uint64_t most, std::uint64_t least) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
    throw UsageError(fmt::format("'{}' is not a whole number from {} to {}", text, least, most));
  }
  return value;
}

std::int64_t parse_size(std::string_view text) {
  const auto refuse = [&] { return UsageError("'" + std::string(text) + "' is not a size such as 512, 4K or 1.5MiB"); };
  std::int64_t whole = 0;
  const char* const text_end = text.data() + text.size();
  if (const auto [end, error] = std::from_chars(text.data(), text_end, whole);
      end == text_end && error == std::errc{}) {
    if (whole < 0) throw refuse();
    return whole;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text_end, number, std::chars_format::fixed);
  if (error != std::errc{} || !(number >= 0)) throw refuse();

  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  constexpr std::string_view kPrefixes = "KMGTPE";
  unsigned power = 0;
  if (!unit.empty()) {
    const std::size_t prefix = kPrefixes.find(static_cast<char>(unit[0] & ~0x20));
    if (prefix != std::string_view::npos) {
      power = static_cast<unsigned>(prefix) + 1;
      unit.remove_prefix(1);
      if (unit.starts_with('i')) unit.remove_prefix(1);
    }
    if (unit == "B" || unit == "b") unit = {};
  }
  const double bytes = std::floor(std::ldexp(number, static_cast<int>(10 * power)));
  if (!unit.empty() || bytes >= 0x1p63) throw refuse();
  return static_cast<std::int64_t>(bytes);
}

}  // namespace cli
