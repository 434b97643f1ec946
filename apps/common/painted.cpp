#include "painted.h"

namespace cli {

std::string painted(std::string_view text, std::string_view color, bool enabled) {
  constexpr std::string_view kReset = "\x1b[0m";
  if (!enabled || color.empty() || text.empty()) return std::string(text);
  return std::string(color) + std::string(text) + std::string(kReset);
}

}  // namespace cli
