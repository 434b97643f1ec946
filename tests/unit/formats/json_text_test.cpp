#include <formats/json_text.h>

#include <doctest/doctest.h>
#include <snapshot/utf8.h>

#include <string>
#include <string_view>

using formats::json_string;
using namespace std::string_view_literals;

TEST_CASE("text stands in quotes, and UTF-8 as it is") {
  CHECK(json_string("") == R"("")");
  CHECK(json_string("/srv/shop/app.py") == R"("/srv/shop/app.py")");
  CHECK(json_string("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST_CASE("quotes, backslashes and control characters are escaped") {
  CHECK(json_string("a\"b\\c") == R"("a\"b\\c")");
  CHECK(json_string("\0\x01\x1F\n\t"sv) == R"("\u0000\u0001\u001f\u000a\u0009")");
  CHECK(json_string(" ~\x7F") == R"(" ~\u007f")");
}

TEST_CASE("lone surrogates are escaped, from which Python makes the same name again") {
  CHECK(json_string(snapshot::text_from_bytes("caf\xE9.py")) == R"("caf\udce9.py")");
  CHECK(json_string("\xED\xA0\x80\xED\xBF\xBF") == R"("\ud800\udfff")");
  CHECK(json_string("\xED\x9F\xBF\xEE\x80\x80") == "\"\xED\x9F\xBF\xEE\x80\x80\"");  // the neighbours of surrogates
}
