#include "terminal.h"

#include <langinfo.h>
#include <locale.h>
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

/// An environment variable that is a whole number above 0.
std::optional<std::size_t> number_in(const char* name) {
  const auto text = environment(name);
  if (!text) return std::nullopt;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number == 0) return std::nullopt;
  return number;
}

std::optional<Screen> screen_of(int descriptor) {
  if (::isatty(descriptor) == 0 || environment("TERM").value_or("dumb") == "dumb") return std::nullopt;
  winsize size{};
  ::ioctl(descriptor, TIOCGWINSZ, &size);  // leaves zeros when it fails
  // A serial line does not know its size.
  const std::size_t columns = size.ws_col > 0 ? size.ws_col : number_in("COLUMNS").value_or(0);
  const std::size_t rows = size.ws_row > 0 ? size.ws_row : number_in("LINES").value_or(0);
  return columns > 0 && rows > 0 ? std::optional(Screen{columns, rows}) : std::nullopt;
}

}  // namespace

bool is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

std::optional<std::size_t> line_width() {
  if (const auto columns = number_in("COLUMNS")) return columns;
  winsize size{};
  if (is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return std::nullopt;
}

std::optional<Screen> output_screen() { return screen_of(STDOUT_FILENO); }
std::optional<Screen> error_screen() { return screen_of(STDERR_FILENO); }

bool use_color(ColorWhen when) {
  if (when != ColorWhen::automatic) return when == ColorWhen::always;
  if (environment("NO_COLOR")) return false;
  if (const auto force = environment("CLICOLOR_FORCE"); force && *force != "0") return true;
  return is_terminal() && environment("TERM") != "dumb";
}

bool writes_utf8() {
  const locale_t locale = ::newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;
  const bool utf8 = std::string_view(::nl_langinfo_l(CODESET, locale)) == "UTF-8";
  ::freelocale(locale);
  return utf8;
}

}  // namespace cli
