#pragma once

#include "command_line.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cli {

/// A whole number from `least` to `most`.
std::uint64_t parse_number(std::string_view text, std::uint64_t most, std::uint64_t least = 0);

/// Bytes: a number with an optional unit of 1024 ("512", "4K", "1.5MiB", "2 GB"), rounded down.
std::int64_t parse_size(std::string_view text);

/// The value that stands beside `text`; an error lists the choices.
template <typename Value>
Value parse_choice(std::string_view text, std::initializer_list<std::pair<std::string_view, Value>> choices) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  throw UsageError("'" + std::string(text) + "' is not one of " + names);
}

}  // namespace cli
