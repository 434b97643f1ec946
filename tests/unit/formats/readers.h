#pragma once

#include <formats/bytes/byte_reader.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace testing {

/// A reader over bytes in a mapped file.
formats::ByteReader mapped(std::string_view bytes);

/// A reader over bytes that come in pieces of at most `step`, as from a pipe.
formats::ByteReader piped(std::string bytes, std::size_t step);

/// All that a source gives, read in pieces of `step`.
std::string drained(formats::ByteSource& source, std::size_t step);

}  // namespace testing
