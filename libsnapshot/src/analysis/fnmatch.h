#pragma once

#include <string_view>
#include <vector>

namespace snapshot {

/// A shell pattern with the meaning that Python's fnmatch.fnmatchcase gives it (CPython 3.13, Lib/fnmatch.py):
/// "*" any text, "?" any character, "[seq]" and "[!seq]" with ranges; nothing quotes. Text is generalised UTF-8, and
/// a character is a code point.
class Fnmatch {
 public:
  explicit Fnmatch(std::string_view pattern_text);

  /// Whether the pattern matches the whole text. No recursion; O(length of text * length of pattern) at worst.
  bool matches(std::string_view text) const;

 private:
  struct Range {
    char32_t first;
    char32_t last;
  };
  struct Token {
    enum class Kind { one, star, any } kind;
    bool negated = false;       // of kind one: the ranges are those that must not match
    std::vector<Range> ranges;  // of kind one; a literal is a range of one
  };

  static Token literal(char32_t character);
  static Token set(std::u32string_view inside);
  static bool accepts(const Token& token, char32_t character);

  std::vector<Token> tokens_;
};

}  // namespace snapshot
