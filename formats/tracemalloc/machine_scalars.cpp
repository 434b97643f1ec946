#include "machine.h"

#include "raw_unicode_escape.h"

#include <snapshot/utf8.h>

#include <charconv>
#include <string>

namespace formats::tracemalloc {
namespace {

constexpr std::size_t kMostText = std::size_t{1} << 28U;
constexpr std::size_t kWord = sizeof(std::int64_t);

/// A two's complement integer of up to 8 bytes, least significant first, as LONG1 and LONG4 hold it.
std::int64_t signed_integer(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t at = bytes.size(); at-- > 0;) value = (value << 8U) | static_cast<unsigned char>(bytes[at]);
  const auto unused = static_cast<unsigned>(8 * (kWord - bytes.size()));
  return bytes.empty() ? 0 : static_cast<std::int64_t>(value << unused) >> unused;
}

}  // namespace

void Machine::push_unsigned(std::size_t width) { push({Kind::integer, static_cast<std::int64_t>(in_.number(width))}); }

void Machine::push_signed(std::uint64_t length) {
  if (length <= kWord) {
    push({Kind::integer, signed_integer(in_.bytes(length))});
  } else {
    in_.skip(length);
    push({Kind::huge_integer});
  }
}

void Machine::push_integer_line() {
  std::string_view line = in_.line();
  if (line == "00" || line == "01") {  // how protocols 0 and 1 write False and True
    push({Kind::boolean});
    return;
  }
  if (line.ends_with('L')) line.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (end != line.data() + line.size() || line.empty() || error == std::errc::invalid_argument) {
    in_.fail("an integer is not written in digits");
  }
  push(error == std::errc{} ? Value{Kind::integer, value} : Value{Kind::huge_integer});
}

void Machine::push_text(std::uint64_t length) {
  if (length > PickleInput::kMaxKept) {
    in_.skip(length);
    push({Kind::long_text});
  } else {
    push_kept_text(in_.bytes(length));
  }
}

void Machine::push_kept_text(std::string_view text) {
  if (!snapshot::is_generalised_utf8(text)) in_.fail("a string is not UTF-8");
  if (builder_.symbols().text_size() + text.size() > kMostText) in_.fail("more than 256 MiB of distinct strings");
  push({Kind::text, row(builder_.symbols().intern(text))});
}

void Machine::push_text_line() {
  const auto text = decode_raw_unicode_escape(in_.line());
  if (!text) in_.fail("a string has a broken \\u escape");
  push_kept_text(*text);
}

void Machine::push_skipped(std::uint64_t length, Kind kind) {
  in_.skip(length);
  push({kind});
}

void Machine::push_skipped_line(Kind kind) {
  in_.line();
  push({kind});
}

}  // namespace formats::tracemalloc
