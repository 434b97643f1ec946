#include "fnmatch.h"

#include <snapshot/utf8.h>

#include <algorithm>
#include <string>

namespace snapshot {
namespace {

constexpr auto kNone = std::u32string_view::npos;

/// The index of the "]" that closes the set which starts at `at`, just after its "[". A "]" that comes first is a
/// member.
std::size_t set_end(std::u32string_view pattern, std::size_t at) {
  if (at < pattern.size() && pattern[at] == U'!') ++at;
  if (at < pattern.size() && pattern[at] == U']') ++at;
  return pattern.find(U']', at);
}

/// Cuts the inside of a set at the hyphens that make ranges: each range goes from the last character of a chunk to the
/// first of the next. Ranges that would be empty are removed with both their ends, as CPython does.
std::vector<std::u32string> chunks_of(std::u32string_view inside) {
  std::vector<std::u32string> chunks;
  std::size_t start = 0;
  std::size_t from = inside[0] == U'!' ? 2 : 1;
  for (std::size_t hyphen = 0; (hyphen = inside.find(U'-', from)) != kNone; from = hyphen + 3) {
    chunks.emplace_back(inside.substr(start, hyphen - start));
    start = hyphen + 1;
  }
  if (start < inside.size() || chunks.empty()) {
    chunks.emplace_back(inside.substr(start));
  } else {
    chunks.back() += U'-';
  }
  for (std::size_t at = chunks.size() - 1; at > 0; --at) {
    if (chunks[at - 1].back() <= chunks[at].front()) continue;
    chunks[at - 1].pop_back();
    chunks[at - 1] += chunks[at].substr(1);
    chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return chunks;
}

}  // namespace

Fnmatch::Fnmatch(std::string_view pattern_text) {
  const std::u32string pattern = code_points(pattern_text);
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char32_t character = pattern[at];
    if (character == U'*') {
      if (tokens_.empty() || tokens_.back().kind != Token::Kind::star)
        tokens_.push_back({Token::Kind::star, false, {}});
    } else if (character == U'?') {
      tokens_.push_back({Token::Kind::any, false, {}});
    } else if (const std::size_t end = character == U'[' ? set_end(pattern, at + 1) : kNone; end != kNone) {
      tokens_.push_back(set(std::u32string_view(pattern).substr(at + 1, end - at - 1)));
      at = end;
    } else {
      tokens_.push_back(literal(character));
    }
  }
}

Fnmatch::Token Fnmatch::literal(char32_t character) { return {Token::Kind::one, false, {{character, character}}}; }

Fnmatch::Token Fnmatch::set(std::u32string_view inside) {
  std::vector<std::u32string> chunks = chunks_of(inside);
  Token token{Token::Kind::one, false, {}};
  if (!chunks[0].empty() && chunks[0].front() == U'!') {
    token.negated = true;
    chunks[0].erase(0, 1);
  }
  for (std::size_t at = 0; at < chunks.size(); ++at) {
    if (at > 0) token.ranges.push_back({chunks[at - 1].back(), chunks[at].front()});
    for (const char32_t member : chunks[at]) token.ranges.push_back({member, member});
  }
  return token;
}

bool Fnmatch::accepts(const Token& token, char32_t character) {
  if (token.kind == Token::Kind::any) return true;
  const bool member = std::ranges::any_of(
      token.ranges, [&](const Range& range) { return range.first <= character && character <= range.last; });
  return member != token.negated;
}

bool Fnmatch::matches(std::string_view text) const {
  // When a later token fails, only the last star needs to take one more character: what lies before it has matched as
  // early as possible, so no other choice there can help.
  std::size_t token = 0;
  std::size_t at = 0;
  std::size_t star = tokens_.size();  // the last star seen; tokens_.size() is none
  std::size_t star_at = 0;            // where its text ends
  while (at < text.size()) {
    std::size_t next = at;
    const char32_t character = decode_utf8(text, next);
    if (token < tokens_.size() && tokens_[token].kind == Token::Kind::star) {
      star = token++;
      star_at = at;
    } else if (token < tokens_.size() && accepts(tokens_[token], character)) {
      ++token;
      at = next;
    } else if (star < tokens_.size()) {
      token = star + 1;
      decode_utf8(text, star_at);
      at = star_at;
    } else {
      return false;
    }
  }
  while (token < tokens_.size() && tokens_[token].kind == Token::Kind::star) ++token;
  return token == tokens_.size();
}

}  // namespace snapshot
