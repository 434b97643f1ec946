#include "naming.h"

#include "common/command_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstddef>
#include <ctime>
#include <functional>
#include <utility>

namespace cli {
namespace {

/// A piece of a pattern: text, or a letter behind '%' with a width.
struct Piece {
  char letter = 0;
  int width = 0;
  std::string text;
};

Piece next_piece(const std::string& pattern, std::size_t& at) {
  Piece piece;
  if (pattern[at] != '%') {
    const std::size_t end = std::min(pattern.find('%', at), pattern.size());
    piece.text = pattern.substr(at, end - at);
    at = end;
    return piece;
  }
  for (++at; at < pattern.size() && pattern[at] >= '0' && pattern[at] <= '9' && piece.width < 100; ++at) {
    piece.width = piece.width * 10 + (pattern[at] - '0');
  }
  piece.letter = at < pattern.size() ? pattern[at++] : '?';
  return piece;
}

std::string compact_time(std::int64_t nanoseconds) {
  const auto seconds = static_cast<std::time_t>(nanoseconds / 1'000'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string expand(const std::string& pattern, const NameParts& parts, std::uint64_t number) {
  std::string name;
  for (std::size_t at = 0; at < pattern.size();) {
    const Piece piece = next_piece(pattern, at);
    switch (piece.letter) {
      case 0: name += piece.text; break;
      case 'p': name += parts.program; break;
      case 'P': name += fmt::format("{:0{}}", parts.pid, piece.width); break;
      case 'n': name += fmt::format("{:0{}}", number, piece.width); break;
      case 't': name += compact_time(parts.time); break;
      case 'e': name += parts.event; break;
      default: name += '%'; break;
    }
  }
  return name;
}

/// "a.tms" and 3: "a.3.tms".
std::string numbered(const std::string& name, std::uint64_t number) {
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.rfind('.');
  const bool has_extension = dot != std::string::npos && dot != 0 && (slash == std::string::npos || dot > slash + 1);
  const std::size_t end = has_extension ? dot : name.size();
  return name.substr(0, end) + "." + std::to_string(number) + name.substr(end);
}

}  // namespace

std::string check_pattern(const std::string& pattern) {
  if (pattern.empty() || pattern.back() == '/') throw UsageError("'" + pattern + "' is no name of a file");
  for (std::size_t at = 0; at < pattern.size();) {
    const Piece piece = next_piece(pattern, at);
    if (piece.letter != 0 && std::string("pPnte%").find(piece.letter) == std::string::npos) {
      throw UsageError("'" + pattern + "': behind % comes one of p, P, n, t, e and %");
    }
  }
  return pattern;
}

std::string Naming::next(const NameParts& parts) {
  const bool has_number = expand(pattern_, parts, 0) != expand(pattern_, parts, 1);
  std::string name = expand(pattern_, parts, number_);
  if (has_number) {
    while (given_.contains(name) || ::access(name.c_str(), F_OK) == 0) name = expand(pattern_, parts, ++number_);
    ++number_;
  } else if (given_.contains(name)) {
    std::uint64_t number = 1;
    while (given_.contains(numbered(name, number))) ++number;
    name = numbered(name, number);
  }
  given_.insert(name);
  return name;
}

}  // namespace cli
