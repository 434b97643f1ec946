#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace snapshot {

/// Text in this library is generalised UTF-8: UTF-8 in which lone surrogates U+D800 to U+DFFF are allowed. Python keeps
/// a byte 0x80 to 0xFF of a file name that is not UTF-8 as the surrogate U+DC80 to U+DCFF (PEP 383), and pickles it so
/// ("surrogatepass"). Comparing such text byte by byte is comparing it by code point.

/// Whether `text` is generalised UTF-8: no overlong forms, nothing above U+10FFFF. O(length).
bool is_generalised_utf8(std::string_view text);

/// The code point that starts at `at`, which moves past it. `text` is generalised UTF-8 and `at` within it.
char32_t decode_utf8(std::string_view text, std::size_t& at);

std::u32string code_points(std::string_view text);

/// Appends one code point, surrogates too.
void append_utf8(std::string& text, char32_t code_point);

/// Bytes of a file name or an argument as text: bytes that are not UTF-8 become U+DC80 to U+DCFF (PEP 383).
std::string text_from_bytes(std::string_view bytes);

/// The reverse: U+DC80 to U+DCFF become the bytes that they stand for; other lone surrogates become "\ud8xx".
std::string bytes_from_text(std::string_view text);

/// bytes_from_text for a terminal or a message: control characters and those that turn the direction of text
/// become "\x1b" or "\u202e", so that a name cannot rearrange the line.
std::string printable(std::string_view text);

/// Two hexadecimal digits for each byte, as a build-id is written.
std::string hex_digits(std::string_view bytes);

}  // namespace snapshot
