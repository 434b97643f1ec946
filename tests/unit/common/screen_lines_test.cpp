#include <apps/common/screen_lines.h>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

std::size_t lines_of(std::string_view text, std::size_t columns) {
  cli::ScreenLines lines(columns);
  lines.add(text);
  return lines.count();
}

}  // namespace

TEST_CASE("lines that fit count one each, and one that has begun counts") {
  CHECK(lines_of("", 10) == 0);
  CHECK(lines_of("\n", 10) == 1);
  CHECK(lines_of("a", 10) == 1);
  CHECK(lines_of("a\n", 10) == 1);
  CHECK(lines_of("a\n\nb\n", 10) == 3);
  CHECK(lines_of("a\nb", 10) == 2);
}

TEST_CASE("a line takes as many as its columns need") {
  CHECK(lines_of("0123456789\n", 10) == 1);
  CHECK(lines_of("0123456789a\n", 10) == 2);
  CHECK(lines_of(std::string(100, 'x') + "\n", 10) == 10);
  CHECK(lines_of(std::string(101, 'x') + "\n", 10) == 11);
  CHECK(lines_of("ab\n", 1) == 2);
}

TEST_CASE("escape sequences take no columns") {
  CHECK(lines_of("\x1b[1m0123456789\x1b[0m\n", 10) == 1);
  CHECK(lines_of("\x1b[38;5;214m0123456789a\x1b[0m\n", 10) == 2);
  CHECK(lines_of("\x1b[0m", 10) == 0);
}

TEST_CASE("a tab goes to the next column that 8 divides") {
  CHECK(lines_of("\tab\n", 10) == 1);
  CHECK(lines_of("\tabc\n", 10) == 2);
  CHECK(lines_of("0123456\tab\n", 10) == 1);
}

TEST_CASE("characters take the columns that they show, not their bytes") {
  CHECK(lines_of("éééééééééé\n", 10) == 1);
  CHECK(lines_of("ééééééééééé\n", 10) == 2);
  CHECK(lines_of("日本語日本\n", 10) == 1);
  CHECK(lines_of("日本語日本語\n", 10) == 2);
  // Nine columns are filled, and the tenth is too small for the last.
  CHECK(lines_of("a日本語日本\n", 10) == 2);
  // An accent on its own stands over the letter before it.
  CHECK(lines_of("012345678e\u0301\n", 10) == 1);
}

TEST_CASE("bytes that are no characters take a column each") {
  CHECK(lines_of("\xff\xfe\xff\xfe\n", 4) == 1);
  CHECK(lines_of("\xff\xfe\xff\xfe\xff\n", 4) == 2);
  CHECK(lines_of("abc\xc3\n", 4) == 1);
  CHECK(lines_of("abc\xc3\nabc\n", 4) == 2);
}

TEST_CASE("text may come in any pieces") {
  const std::string text = "\x1b[1m日本語日本語\x1b[0m a\tb\n\n\x1b[31mééééééééééé\n\xff\xc3x";
  const std::size_t whole = lines_of(text, 10);
  CHECK(whole == 6);
  for (std::size_t at = 0; at <= text.size(); ++at) {
    cli::ScreenLines lines(10);
    lines.add(std::string_view(text).substr(0, at));
    lines.add(std::string_view(text).substr(at));
    CHECK(lines.count() == whole);
  }
}
