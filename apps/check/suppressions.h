#pragma once

#include <snapshot/symbols.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

using Date = std::chrono::year_month_day;

/// "2026-12-31". Throws UsageError.
Date parse_date(std::string_view text);

/// Today, in UTC.
Date today();

/// LeakSanitizer's templates: the text holds the pattern; "^" in front and "$" at the end bind it to the ends, "*" is
/// any text. O(length of text * length of pattern).
bool matches_template(std::string_view pattern, std::string_view text);

/// A line of a suppressions file.
struct Suppression {
  std::string pattern;  ///< generalised UTF-8, as Symbols
  std::string reason;
  std::optional<Date> expires;  ///< the last day on which it holds
  std::string origin;           ///< "leaks.supp:12"
};

/// Reads the lines of a file, which `name` is of: "leak:PATTERN", comments that begin with "#", and what they say of
/// the pattern behind them: "# reason: TEXT", "# expires: 2026-12-31", on lines of their own or behind the pattern.
/// Throws std::runtime_error, with the number of the line.
std::vector<Suppression> parse_suppressions(std::string_view text, const std::string& name);

/// The same of a file. Throws std::runtime_error.
std::vector<Suppression> read_suppressions(const std::string& path);

/// Which suppression silences a traceback: the first that matches a function, a file or a module of any of its frames.
/// Each text is matched once.
class Suppressor {
 public:
  Suppressor(const std::vector<Suppression>& suppressions, const Date& today);

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// Its row, or kNone. Symbols are always the same.
  std::size_t find(const snapshot::Symbols& symbols, snapshot::TracebackId traceback);

  bool is_expired(std::size_t at) const { return expired_[at]; }

 private:
  std::size_t find(const snapshot::Symbols& symbols, snapshot::StringId text);

  const std::vector<Suppression>& suppressions_;
  std::vector<bool> expired_;
  std::vector<std::optional<std::size_t>> by_text_;  // by StringId, where it was asked for
};

}  // namespace cli
