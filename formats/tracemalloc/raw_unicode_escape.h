#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace formats::tracemalloc {

/// Decodes Python's "raw-unicode-escape", in which protocol 0 writes strings: Latin-1, in which \uxxxx and \Uxxxxxxxx
/// stand for code points. Returns generalised UTF-8; nothing when an escape is broken. (A backslash is itself escaped
/// by the pickler.)
std::optional<std::string> decode_raw_unicode_escape(std::string_view line);

}  // namespace formats::tracemalloc
