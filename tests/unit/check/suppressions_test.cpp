#include <check/suppressions.h>

#include <common/command_line.h>
#include <doctest/doctest.h>
#include <tests/support/sanitizer.h>

#include <array>
#include <random>
#include <regex>
#include <span>
#include <stdexcept>
#include <string>

using cli::matches_template;
using cli::parse_suppressions;
using cli::Suppression;
using cli::Suppressor;

namespace {

/// The slow and obvious way.
bool matches_regex(std::string pattern, const std::string& text) {
  const bool at_start = pattern.starts_with('^');
  const bool at_end = pattern.size() > (at_start ? 1 : 0) && pattern.ends_with('$');
  if (at_start) pattern.erase(0, 1);
  if (at_end) pattern.pop_back();
  std::string expression = at_start ? "" : "[^]*";
  for (const char c : pattern) {
    expression += c == '*' ? std::string("[^]*") : std::string("[") + (c == '^' ? "\\^" : std::string(1, c)) + "]";
  }
  return std::regex_match(text, std::regex(expression + (at_end ? "" : "[^]*")));
}

std::string random_text(std::mt19937_64& random, const std::string& letters, std::size_t most) {
  std::string text;
  for (std::size_t length = random() % (most + 1); length > 0; --length) text += letters[random() % letters.size()];
  return text;
}

std::string refusal(const std::string& text) {
  try {
    parse_suppressions(text, "leaks.supp");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::string date_of(const Suppression& suppression) {
  if (!suppression.expires) return "";
  const cli::Date& date = *suppression.expires;
  return std::to_string(int{date.year()}) + "-" + std::to_string(unsigned{date.month()}) + "-" +
         std::to_string(unsigned{date.day()});
}

}  // namespace

TEST_CASE("a template is found somewhere in the text, unless it is bound to an end of it") {
  CHECK(matches_template("json", "/usr/lib/json/decoder.py"));
  CHECK_FALSE(matches_template("jsons", "/usr/lib/json/decoder.py"));
  CHECK(matches_template("^/usr", "/usr/lib"));
  CHECK_FALSE(matches_template("^usr", "/usr/lib"));
  CHECK(matches_template("a$", "aXa"));
  CHECK_FALSE(matches_template("a$", "aX"));
  CHECK(matches_template("^a*a$", "aa"));
  CHECK_FALSE(matches_template("^a*a$", "a"));
  CHECK(matches_template("lib*.so$", "/opt/libx.so"));
}

TEST_CASE("templates match as the regular expression does that they stand for") {
  std::mt19937_64 random(7);
  constexpr int kRounds = testing::rounds(20'000);
  int matched = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string pattern = random_text(random, "ab*^$", 6);
    const std::string text = random_text(random, "ab", 6);
    CAPTURE(pattern);
    CAPTURE(text);
    const bool wanted = matches_regex(pattern, text);
    matched += wanted ? 1 : 0;
    CHECK(matches_template(pattern, text) == wanted);
  }
  CHECK(matched > kRounds / 20 * 3);
  CHECK(matched < kRounds / 20 * 17);
}

TEST_CASE("lines are patterns and comments, which say why and how long") {
  const auto suppressions = parse_suppressions(
      "# of the server\n"
      "leak:^/usr/lib/\n"
      "\n"
      "  # reason: the cache of patterns\n"
      "# expires: 2026-12-31\r\n"
      "leak:re.py\r\n"
      "leak:libfoo  # reason: issue #12 expires: 2027-01-02\n"
      "leak:a#b",
      "leaks.supp");
  REQUIRE(suppressions.size() == 4);
  CHECK(suppressions[0].pattern == "^/usr/lib/");
  CHECK(suppressions[0].reason.empty());
  CHECK(suppressions[0].origin == "leaks.supp:2");
  CHECK(date_of(suppressions[0]).empty());
  CHECK(suppressions[1].pattern == "re.py");
  CHECK(suppressions[1].reason == "the cache of patterns");
  CHECK(date_of(suppressions[1]) == "2026-12-31");
  CHECK(suppressions[2].pattern == "libfoo");
  CHECK(suppressions[2].reason == "issue #12");
  CHECK(date_of(suppressions[2]) == "2027-1-2");
  CHECK(suppressions[2].origin == "leaks.supp:7");
  CHECK(suppressions[3].pattern == "a#b");
  CHECK(suppressions[3].reason.empty());
  CHECK(parse_suppressions("", "empty").empty());
}

TEST_CASE("lines that are neither are refused") {
  CHECK(refusal("leak:a\nrace:b") == "leaks.supp:2: 'race:b' is not leak:PATTERN");
  CHECK(refusal("leak:") == "leaks.supp:1: leak: has no pattern");
  CHECK(refusal("leak: # reason: none") == "leaks.supp:1: leak: has no pattern");
  CHECK(refusal("leak:^*") == "leaks.supp:1: 'leak:^*' would suppress everything");
  CHECK(refusal("leak:a # expires: soon") == "leaks.supp:1: 'soon' is not a date such as 2026-12-31");
  CHECK(refusal("# expires: 2026-02-30") == "leaks.supp:1: '2026-02-30' is not a date such as 2026-12-31");
}

TEST_CASE("a traceback is silenced by a function, a file or a module of any frame, as long as the pattern holds") {
  snapshot::Symbols symbols;
  const std::array frames{
      symbols.intern(snapshot::Frame{symbols.intern("main.c"), 1, symbols.intern("main"), symbols.intern("libfoo.so")}),
      symbols.intern(snapshot::Frame{symbols.intern("pool.c"), 2, symbols.intern("grow")})};
  const auto traceback = symbols.intern(std::span<const snapshot::FrameId>(frames));
  const auto found = [&](const std::string& text) {
    const auto suppressions = parse_suppressions(text, "s");
    return Suppressor(suppressions, cli::parse_date("2026-06-15")).find(symbols, traceback);
  };
  CHECK(found("leak:^grow$") == 0);
  CHECK(found("leak:nothing\nleak:main.c") == 1);
  CHECK(found("leak:nothing\nleak:libfoo") == 1);
  CHECK(found("leak:pool.c\nleak:main.c") == 0);
  CHECK(found("leak:other") == Suppressor::kNone);
  CHECK(found("leak:grow # expires: 2026-06-15") == 0);
  CHECK(found("leak:grow # expires: 2026-06-14") == Suppressor::kNone);
  CHECK(found("leak:grow # expires: 2026-06-14\nleak:grow") == 1);
}
