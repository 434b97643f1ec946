#include "suppressions.h"

#include "text_file.h"

#include "common/command_line.h"
#include "common/load_file.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace cli {
namespace {

constexpr std::string_view kSpace = " \t\r\f\v";

std::string_view stripped(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The parts of a pattern between stars, and which ends they are bound to.
struct Template {
  std::vector<std::string_view> parts;
  bool at_start = false;
  bool at_end = false;
};

Template split(std::string_view pattern) {
  Template result;
  if (pattern.starts_with('^')) {
    result.at_start = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('$')) {
    result.at_end = true;
    pattern.remove_suffix(1);
  }
  for (;;) {
    const std::size_t star = pattern.find('*');
    result.parts.push_back(pattern.substr(0, star));
    if (star == std::string_view::npos) return result;
    pattern.remove_prefix(star + 1);
  }
}

/// What a comment says of a pattern.
struct Notes {
  std::string reason;
  std::optional<Date> expires;

  /// Takes "reason: TEXT", "expires: DATE", or the first and then the second; any other comment says nothing.
  void read(std::string_view comment) {
    constexpr std::string_view kReason = "reason:";
    constexpr std::string_view kExpires = "expires:";
    const std::size_t date = comment.find(kExpires);
    const bool has_date = date == 0 || (date != std::string_view::npos && comment.starts_with(kReason));
    if (has_date) expires = parse_date(stripped(comment.substr(date + kExpires.size())));
    if (!comment.starts_with(kReason)) return;
    const std::size_t end = has_date ? date - kReason.size() : std::string_view::npos;
    reason = snapshot::text_from_bytes(stripped(comment.substr(kReason.size(), end)));
  }
};

/// The place of the comment behind a pattern: "#" after white space.
std::size_t find_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at > 0 && kSpace.find(line[at - 1]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

std::string parse_pattern(std::string_view line) {
  constexpr std::string_view kType = "leak:";
  if (!line.starts_with(kType)) throw UsageError("'" + std::string(line) + "' is not leak:PATTERN");
  const std::string_view pattern = stripped(line.substr(kType.size()));
  if (pattern.empty()) throw UsageError("leak: has no pattern");
  if (pattern.find_first_not_of("^*$") == std::string_view::npos) {
    throw UsageError("'" + std::string(line) + "' would suppress everything");
  }
  return snapshot::text_from_bytes(pattern);
}

}  // namespace

Date parse_date(std::string_view text) {
  std::array<unsigned, 3> parts{};
  constexpr std::string_view kShape = "0000-00-00";
  const auto is_like = [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; };
  const bool shaped = text.size() == kShape.size() && std::equal(text.begin(), text.end(), kShape.begin(), is_like);
  if (shaped) {
    for (std::size_t at = 0; at < parts.size(); ++at) {
      constexpr std::array<std::pair<std::size_t, std::size_t>, 3> kDigits{{{0, 4}, {5, 2}, {8, 2}}};
      const std::string_view digits = text.substr(kDigits[at].first, kDigits[at].second);
      std::from_chars(digits.data(), digits.data() + digits.size(), parts[at]);
    }
    const Date date{std::chrono::year(static_cast<int>(parts[0])), std::chrono::month(parts[1]),
                    std::chrono::day(parts[2])};
    if (date.ok()) return date;
  }
  throw UsageError("'" + std::string(text) + "' is not a date such as 2026-12-31");
}

Date today() { return {std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())}; }

bool matches_template(std::string_view pattern, std::string_view text) {
  const Template wanted = split(pattern);
  const std::size_t last = wanted.parts.size() - 1;
  for (std::size_t at = 0; at <= last; ++at) {
    const std::string_view part = wanted.parts[at];
    if (at == 0 && wanted.at_start) {
      if (!text.starts_with(part)) return false;
      if (last == 0 && wanted.at_end) return text.size() == part.size();
      text.remove_prefix(part.size());
    } else if (at == last && wanted.at_end) {
      return text.ends_with(part);
    } else {
      const std::size_t found = text.find(part);
      if (found == std::string_view::npos) return false;
      text.remove_prefix(found + part.size());
    }
  }
  return true;
}

std::vector<Suppression> parse_suppressions(std::string_view text, const std::string& name) {
  std::vector<Suppression> suppressions;
  Notes notes;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = stripped(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    try {
      if (line.starts_with('#')) {
        notes.read(stripped(line.substr(1)));
      } else if (!line.empty()) {
        const std::size_t comment = find_comment(line);
        if (comment != std::string_view::npos) notes.read(stripped(line.substr(comment + 1)));
        suppressions.push_back({parse_pattern(stripped(line.substr(0, comment))), notes.reason, notes.expires,
                                fmt::format("{}:{}", name, number)});
        notes = {};
      }
    } catch (const UsageError& error) {
      throw std::runtime_error(fmt::format("{}:{}: {}", name, number, error.what()));
    }
  }
  return suppressions;
}

std::vector<Suppression> read_suppressions(const std::string& path) {
  return parse_suppressions(read_text_file(path), snapshot::text_from_bytes(input_name(path)));
}

Suppressor::Suppressor(const std::vector<Suppression>& suppressions, const Date& today) : suppressions_(suppressions) {
  for (const Suppression& each : suppressions) expired_.push_back(each.expires && *each.expires < today);
}

std::size_t Suppressor::find(const snapshot::Symbols& symbols, snapshot::StringId text) {
  if (text == snapshot::kUnknownString) return kNone;
  if (row(text) >= by_text_.size()) by_text_.resize(symbols.string_count());
  std::optional<std::size_t>& known = by_text_[row(text)];
  if (!known) {
    known = kNone;
    for (std::size_t at = 0; at < suppressions_.size() && *known == kNone; ++at) {
      if (!expired_[at] && matches_template(suppressions_[at].pattern, symbols.text(text))) known = at;
    }
  }
  return *known;
}

std::size_t Suppressor::find(const snapshot::Symbols& symbols, snapshot::TracebackId traceback) {
  std::size_t first = kNone;
  for (const snapshot::FrameId id : symbols.traceback(traceback)) {
    const snapshot::Frame frame = symbols.frame(id);
    for (const snapshot::StringId text : {frame.filename, frame.function, frame.module}) {
      first = std::min(first, find(symbols, text));
    }
  }
  return first;
}

}  // namespace cli
