#include <snapshot/utf8.h>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

using namespace std::string_view_literals;
using snapshot::bytes_from_text;
using snapshot::hex_digits;
using snapshot::is_generalised_utf8;
using snapshot::printable;
using snapshot::text_from_bytes;

namespace {

std::string utf8(char32_t code_point) {
  std::string text;
  snapshot::append_utf8(text, code_point);
  return text;
}

/// The length of the strict UTF-8 sequence that `bytes` begins with, 0 without one: table 3-7 of the Unicode standard,
/// row by row.
std::size_t strict_length(std::string_view bytes) {
  struct Row {
    unsigned char first_low, first_high, second_low, second_high;
    std::size_t length;
  };
  constexpr std::array<Row, 8> kRows{{{0xC2, 0xDF, 0x80, 0xBF, 2},
                                      {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                      {0xE1, 0xEC, 0x80, 0xBF, 3},
                                      {0xED, 0xED, 0x80, 0x9F, 3},
                                      {0xEE, 0xEF, 0x80, 0xBF, 3},
                                      {0xF0, 0xF0, 0x90, 0xBF, 4},
                                      {0xF1, 0xF3, 0x80, 0xBF, 4},
                                      {0xF4, 0xF4, 0x80, 0x8F, 4}}};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  if (byte(0) < 0x80) return 1;
  for (const Row& row : kRows) {
    if (byte(0) < row.first_low || byte(0) > row.first_high || bytes.size() < row.length) continue;
    if (byte(1) < row.second_low || byte(1) > row.second_high) continue;
    bool tail = true;
    for (std::size_t at = 2; at < row.length; ++at) tail = tail && byte(at) >= 0x80 && byte(at) <= 0xBF;
    if (tail) return row.length;
  }
  return 0;
}

/// PEP 383: what is UTF-8 stays, each byte of the rest becomes U+DC00 plus the byte, which "surrogatepass" writes as ED
/// B2/B3 xx.
std::string escaped(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = strict_length(bytes);
    if (length > 0) {
      text += bytes.substr(0, length);
    } else {
      const auto byte = static_cast<unsigned char>(bytes[0]);
      text += {'\xED', static_cast<char>(0xB0 + byte / 64), static_cast<char>(0x80 + byte % 64)};
    }
    bytes.remove_prefix(length > 0 ? length : 1);
  }
  return text;
}

/// Bytes that are often nearly UTF-8.
std::string random_bytes(std::mt19937_64& random) {
  constexpr std::array kEdges =
      std::to_array<unsigned char>({0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
                                    0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF});
  std::string bytes;
  for (std::size_t left = random() % 12; left > 0; --left) {
    bytes += static_cast<char>(random() % 4 == 0 ? random() % 256 : kEdges[random() % kEdges.size()]);
  }
  return bytes;
}

}  // namespace

TEST_CASE("every code point is written and read again, surrogates too") {
  std::size_t wrong = 0;
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    const std::string text = utf8(code_point);
    std::size_t at = 0;
    wrong += !is_generalised_utf8(text) || snapshot::decode_utf8(text, at) != code_point || at != text.size();
  }
  CHECK(wrong == 0);
}

TEST_CASE("code points take the bytes that UTF-8 gives them") {
  CHECK(utf8(U'a') == "a");
  CHECK(utf8(0x7F) == "\x7F");
  CHECK(utf8(0x80) == "\xC2\x80");
  CHECK(utf8(0x7FF) == "\xDF\xBF");
  CHECK(utf8(0x800) == "\xE0\xA0\x80");
  CHECK(utf8(0xD800) == "\xED\xA0\x80");
  CHECK(utf8(0xDC80) == "\xED\xB2\x80");
  CHECK(utf8(0xDFFF) == "\xED\xBF\xBF");
  CHECK(utf8(0xFFFF) == "\xEF\xBF\xBF");
  CHECK(utf8(0x10000) == "\xF0\x90\x80\x80");
  CHECK(utf8(0x10FFFF) == "\xF4\x8F\xBF\xBF");
  CHECK(utf8(0) == "\0"sv);
}

TEST_CASE("texts are read code point by code point") {
  CHECK(snapshot::code_points("") == U"");
  CHECK(snapshot::code_points("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == U"a\u00E9\u20AC\U0001F600");
}

TEST_CASE("what is not generalised UTF-8 is known") {
  CHECK(is_generalised_utf8(""));
  CHECK(is_generalised_utf8("\xED\xA0\x80\xED\xB0\x80"));  // two surrogates, though Python would write the pair as one
  for (const std::string_view bad : {"\x80"sv, "\xBF"sv,   // continuation without a lead
                                     "\xC2"sv, "\xE2\x82"sv, "\xF0\x9F\x98"sv,          // cut short
                                     "\xC2\x41"sv, "\xE2\x28\xA1"sv, "\xE2\x82\x28"sv,  // something else in the middle
                                     "\xC0\x80"sv, "\xC1\xBF"sv,                        // overlong: U+0000, U+007F
                                     "\xE0\x80\x80"sv, "\xE0\x9F\xBF"sv,                // overlong: U+0000, U+07FF
                                     "\xF0\x80\x80\x80"sv, "\xF0\x8F\xBF\xBF"sv,        // overlong: U+0000, U+FFFF
                                     "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv,        // above U+10FFFF
                                     "\xF8\x88\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv}) {
    CAPTURE(printable(text_from_bytes(bad)));
    CHECK_FALSE(is_generalised_utf8(bad));
    CHECK_FALSE(is_generalised_utf8("abc" + std::string(bad)));
  }
}

TEST_CASE("bytes order text by code point, surrogates where they are") {
  const std::array texts{utf8(0x7F),   utf8(0x80),   utf8(0x7FF),  utf8(0x800),   utf8(0xD7FF),  utf8(0xD800),
                         utf8(0xDCFF), utf8(0xE000), utf8(0xFFFF), utf8(0x10000), utf8(0x10FFFF)};
  for (std::size_t at = 1; at < texts.size(); ++at)
    CHECK(std::string_view(texts[at - 1]) < std::string_view(texts[at]));
}

TEST_CASE("bytes that are not UTF-8 become the surrogates of PEP 383") {
  CHECK(text_from_bytes("") == "");
  CHECK(text_from_bytes("a\xC3\xA9") == "a\xC3\xA9");
  CHECK(text_from_bytes("caf\xE9.py") == "caf" + utf8(0xDCE9) + ".py");
  CHECK(text_from_bytes("\xC3") == utf8(0xDCC3));
  CHECK(text_from_bytes("\xE2\x82") == utf8(0xDCE2) + utf8(0xDC82));
  CHECK(text_from_bytes("\xC0\x80") == utf8(0xDCC0) + utf8(0xDC80));
  // The bytes of a surrogate are no UTF-8 of a file name: each becomes one of its own.
  CHECK(text_from_bytes("\xED\xB2\x80") == utf8(0xDCED) + utf8(0xDCB2) + utf8(0xDC80));
}

TEST_CASE("random bytes become text by PEP 383's definition, and the same bytes again") {
  std::mt19937_64 random(383);
  for (int round = 0; round < 20000; ++round) {
    const std::string bytes = random_bytes(random);
    const std::string text = text_from_bytes(bytes);
    const bool right = text == escaped(bytes) && is_generalised_utf8(text) && bytes_from_text(text) == bytes;
    if (!right) FAIL("round " << round << ": " << printable(text));
  }
}

TEST_CASE("surrogates that stand for no byte are written out") {
  CHECK(bytes_from_text(utf8(0xD800)) == "\\ud800");
  CHECK(bytes_from_text("a" + utf8(0xDC7F) + "b") == "a\\udc7fb");
  CHECK(bytes_from_text(utf8(0xDD00)) == "\\udd00");
  CHECK(bytes_from_text(utf8(0xDFFF)) == "\\udfff");
  CHECK(bytes_from_text(utf8(0xDC80)) == "\x80");
  CHECK(bytes_from_text(utf8(0xDCFF)) == "\xFF");
}

TEST_CASE("printable text has no control characters") {
  CHECK(printable("") == "");
  CHECK(printable("a b/\xC3\xA9.py") == "a b/\xC3\xA9.py");
  CHECK(printable("a\x1b[31mb\n\t") == "a\\x1b[31mb\\x0a\\x09");
  CHECK(printable("\0"sv) == "\\x00");
  CHECK(printable("\x7F") == "\\x7f");
  CHECK(printable(utf8(0x80) + utf8(0x9B) + utf8(0x9F) + utf8(0xA0)) == "\\x80\\x9b\\x9f" + utf8(0xA0));
  CHECK(printable(utf8(0xDCE9) + "\r" + utf8(0xD800)) == "\xE9\\x0d\\ud800");
}

TEST_CASE("the raw bytes of C1 control characters, which a terminal may obey, stay as they are in printable text") {
  // A lone 0x9B is not UTF-8: a terminal that reads UTF-8 shows it as a replacement, and the name stays what it is.
  CHECK(printable(utf8(0xDC9B)) == "\x9B");
}

TEST_CASE("bytes are two hexadecimal digits each") {
  CHECK(hex_digits("") == "");
  CHECK(hex_digits("\0\x1F\xAB\xff"sv) == "001fabff");
}
