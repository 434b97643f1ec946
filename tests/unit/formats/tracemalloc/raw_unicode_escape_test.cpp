#include <formats/tracemalloc/raw_unicode_escape.h>

#include <doctest/doctest.h>

#include <optional>
#include <string>

using formats::tracemalloc::decode_raw_unicode_escape;

TEST_CASE("bytes are Latin-1") {
  CHECK(decode_raw_unicode_escape("") == "");
  CHECK(decode_raw_unicode_escape("/srv/shop/app.py") == "/srv/shop/app.py");
  CHECK(decode_raw_unicode_escape("caf\xE9\x80\xFF") == "caf\xC3\xA9\xC2\x80\xC3\xBF");
}

TEST_CASE("escapes of four and eight digits are code points, surrogates too") {
  CHECK(decode_raw_unicode_escape("\\u20ac") == "\xE2\x82\xAC");
  CHECK(decode_raw_unicode_escape("\\u20AC") == "\xE2\x82\xAC");
  CHECK(decode_raw_unicode_escape("a\\u0041b") == "aAb");
  CHECK(decode_raw_unicode_escape("\\u000a\\u005c\\u0000") == std::string("\n\\\0", 3));
  CHECK(decode_raw_unicode_escape("\\udce9") == "\xED\xB3\xA9");
  CHECK(decode_raw_unicode_escape("\\U0001f600") == "\xF0\x9F\x98\x80");
  CHECK(decode_raw_unicode_escape("\\U0010ffff") == "\xF4\x8F\xBF\xBF");
  CHECK(decode_raw_unicode_escape("\\u20ac0") ==
        "\xE2\x82\xAC"
        "0");
}

TEST_CASE("other backslashes mean themselves") {
  CHECK(decode_raw_unicode_escape("\\") == "\\");
  CHECK(decode_raw_unicode_escape("a\\n\\x41") == "a\\n\\x41");
}

TEST_CASE("broken escapes are known") {
  for (const char* broken : {"\\u", "\\u1", "\\u123", "\\u12g4", "\\u 123", "\\u-123", "\\u+123", "\\u0x12",
                             "\\U0001f60", "\\U00110000", "\\Uffffffff", "\\U0001f60g", "text \\u12"}) {
    CHECK_MESSAGE(decode_raw_unicode_escape(broken) == std::nullopt, broken);
  }
}
