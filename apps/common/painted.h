#pragma once

#include <string>
#include <string_view>

namespace cli {

// Colours of a terminal (ECMA-48, SGR).
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";

/// The text in the colour, where there are colours; as it is where it, or the colour, is empty.
std::string painted(std::string_view text, std::string_view color, bool enabled);

}  // namespace cli
