#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace cli {
namespace {

/// An environment variable that is set and not empty.
std::optional<std::string_view> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace

bool is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

std::optional<std::size_t> line_width() {
  if (const auto columns = environment("COLUMNS")) {
    std::size_t width = 0;
    const auto [end, error] = std::from_chars(columns->data(), columns->data() + columns->size(), width);
    if (error == std::errc{} && end == columns->data() + columns->size() && width > 0) return width;
  }
  winsize size{};
  if (is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return std::nullopt;
}

bool use_color(ColorWhen when) {
  if (when != ColorWhen::automatic) return when == ColorWhen::always;
  if (environment("NO_COLOR")) return false;
  if (const auto force = environment("CLICOLOR_FORCE"); force && *force != "0") return true;
  return is_terminal() && environment("TERM") != "dumb";
}

}  // namespace cli
