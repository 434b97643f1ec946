#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace formats::sites {

inline constexpr std::string_view kMagic = "tmtools sites ";
inline constexpr std::string_view kVersion = "1";
inline constexpr std::string_view kColumns = "size\tcount\tdomain\tfunction\tsite";
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20U;  // bytes, with its line feed

/// Text as a field of a line (FORMAT.md).
std::string escaped(std::string_view text);

/// The reverse. Throws FormatError, without a place.
std::string unescaped(std::string_view field);

}  // namespace formats::sites
