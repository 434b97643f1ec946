#include <analysis/fnmatch.h>

#include <doctest/doctest.h>

#include "../tables/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace {

bool matches(std::string_view pattern, std::string_view text) { return snapshot::Fnmatch(pattern).matches(text); }

struct Case {
  std::string_view pattern;
  std::vector<std::string_view> matching;
  std::vector<std::string_view> others;
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    CAPTURE(one.pattern);
    for (const std::string_view text : one.matching) CHECK_MESSAGE(matches(one.pattern, text), text);
    for (const std::string_view text : one.others) CHECK_FALSE_MESSAGE(matches(one.pattern, text), text);
  }
}

}  // namespace

TEST_CASE("ordinary characters match themselves, and the whole text") {
  check({{"", {""}, {"a"}},
         {"abc", {"abc"}, {"", "ab", "abcd", "xabc", "ABC", "abc\n"}},
         {"a.b+c(d)$^|{2}", {"a.b+c(d)$^|{2}"}, {"aab"}},
         {"]", {"]"}, {""}},
         {"!", {"!"}, {"a"}},
         {"a-c", {"a-c"}, {"b"}}});
}

TEST_CASE("a backslash quotes nothing") {
  check({{"\\*", {"\\", "\\abc"}, {"*"}}, {"\\[a]", {"\\a"}, {"[a]", "a"}}, {"[\\]", {"\\"}, {"]", "\\]"}}});
}

TEST_CASE("a star matches any text, slashes and line feeds too") {
  check({{"*", {"", "a", "/srv/shop/app.py", "\n", ".hidden"}, {}},
         {"***", {"", "abc"}, {}},
         {"a*", {"a", "abc", "a/b"}, {"", "ba"}},
         {"*a", {"a", "ba", "aa"}, {"", "ab"}},
         {"a*b", {"ab", "a/x/b", "abab", "a\nb"}, {"a", "b", "aba"}},
         {"a**b", {"ab", "axb"}, {"a"}},
         {"*/shop/*", {"/srv/shop/app.py", "/shop/"}, {"shop/app.py", "/srv/shop"}},
         {"a*a", {"aa", "aaa"}, {"a"}},
         {"*ab*cd*", {"abcd", "xabxcdx", "ababcdcd"}, {"acbd", "cdab"}}});
}

TEST_CASE("a question mark matches one character of any length in bytes") {
  check({{"?", {"a", "\n", "/", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xED\xB2\x80"}, {"", "ab"}},
         {"??", {"ab", "\xC3\xA9\xE2\x82\xAC"}, {"a", "\xF0\x9F\x98\x80"}},
         {"a?c",
          {"abc",
           "a\xF0\x9F\x98\x80"
           "c"},
          {"ac", "abbc"}},
         {"*?", {"a", "ab"}, {""}},
         {"?*?", {"ab", "abc"}, {"a"}}});
}

TEST_CASE("a set matches one of its characters, a negated one any other") {
  check({{"[abc]", {"a", "b", "c"}, {"", "d", "ab", "[abc]"}},
         {"[!abc]", {"d", "!", "\n", "/", "\xC3\xA9"}, {"a", "", "dd"}},
         {"[a!]", {"a", "!"}, {"b"}},
         {"[!!]", {"a"}, {"!"}},
         {"[^a]", {"^", "a"}, {"b"}},
         {"[[]", {"["}, {"]"}},
         {"[*?]", {"*", "?"}, {"a", ""}},
         {"[.]", {"."}, {"a"}},
         {"[&&]x[||]y[~~]", {"&x|y~"}, {"axay", "x|y~"}},
         {"[\xC3\xA9\xF0\x9F\x98\x80]", {"\xC3\xA9", "\xF0\x9F\x98\x80"}, {"\xC3\xAA", "\xC3"}},
         {"*.[ch]", {"a.c", "dir/b.h"}, {"a.d", "a.ch"}}});
}

TEST_CASE("a bracket that comes first in a set is a member of it") {
  check({{"[]]", {"]"}, {"[", "[]]"}},
         {"[]a]", {"]", "a"}, {"b"}},
         {"[!]a]", {"b", "!"}, {"]", "a"}},
         {"[!]]", {"a"}, {"]"}},
         {"[]-a]", {"]", "^", "_", "a"}, {"b", "-"}}});
}

TEST_CASE("a set that is not closed is text") {
  check({{"[", {"["}, {"", "a"}},
         {"[abc", {"[abc"}, {"a"}},
         {"[]", {"[]"}, {"", "]"}},
         {"[!", {"[!"}, {"a"}},
         {"[!]", {"[!]"}, {"a", "!"}},
         {"a[*", {"a[", "a[b"}, {"a"}},
         {"[]abc", {"[]abc"}, {"]"}},
         {"[[a]", {"[", "a"}, {"[[a]"}}});
}

TEST_CASE("ranges go from one character to another, by code point") {
  check({{"[a-c]", {"a", "b", "c"}, {"-", "d", "A"}},
         {"[!a-c]", {"d", "-"}, {"a", "b", "c"}},
         {"[a-cx-z]", {"b", "y"}, {"d", "-", "w"}},
         {"[a-a]", {"a"}, {"-", "b"}},
         {"[0-9][0-9]", {"42"}, {"4", "4a"}},
         {"[\xC3\xA0-\xE2\x82\xAC]", {"\xC3\xA0", "\xC4\x80", "\xE2\x82\xAC"}, {"\xC2\xA9", "\xE2\x82\xAD"}},
         {"[\xF0\x9F\x98\x80-\xF0\x9F\x98\x82]", {"\xF0\x9F\x98\x81"}, {"\xF0\x9F\x98\x83", "\xEF\xBF\xBF"}},
         {"[\xED\xB2\x80-\xED\xB3\xBF]", {"\xED\xB2\x80", "\xED\xB3\xA9"}, {"\xED\xB1\xBF", "a"}}});
}

TEST_CASE("a hyphen at an edge of a set is a member of it") {
  check({{"[-]", {"-"}, {"a"}},
         {"[--]", {"-"}, {"a"}},
         {"[---]", {"-"}, {"a", "."}},
         {"[-a]", {"-", "a"}, {"b"}},
         {"[a-]", {"a", "-"}, {"b"}},
         {"[!-a]", {"b", "!"}, {"-", "a"}},
         {"[!a-]", {"b"}, {"a", "-"}},
         {"[a-c-e]", {"a", "b", "c", "-", "e"}, {"d"}},
         {"[+--]", {"+", ",", "-"}, {"."}},
         {"[--0]", {"-", ".", "/", "0"}, {",", "1"}}});
}

TEST_CASE("a range that would be empty goes, with both its ends") {
  check({{"[b-a]", {}, {"a", "b", "-", "", "[b-a]"}},
         {"[!b-a]", {"a", "b", "-", "\n", "\xF0\x9F\x98\x80"}, {"", "ab"}},
         {"[xb-ay]", {"x", "y"}, {"a", "b", "-"}},
         {"[b-ac-d]", {"c", "d"}, {"a", "b"}},
         {"[z-]", {"z", "-"}, {"a"}},
         {"[b-a!x]", {"a", "b", "y"}, {"x"}},
         {"[c-b-a]", {"-", "a"}, {"b", "c"}},
         {"x[b-a]*", {}, {"x", "xb"}}});
}

TEST_CASE("the pattern that costs backtracking most is matched in no time") {
  const std::string text(20000, 'a');
  CHECK_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*b", text));
  CHECK(matches("*a*a*a*a*a*a*a*a*a*a*", text));
}

TEST_CASE("six thousand random pairs match as CPython's fnmatch says") {
  const auto rows = testing::read_table("fnmatch_cases.txt");
  REQUIRE(rows.size() == 6000);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    CHECK_MESSAGE(matches(row[1], row[2]) == (row[0] == "1"), row[0] << " " << row[1] << " " << row[2]);
  }
}
