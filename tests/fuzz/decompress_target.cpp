// Any bytes as a compressed file: they unpack or are refused, and no more memory is used than a window takes. Links
// with libFuzzer, or with replay.cpp for the corpus.
#include "../formats/outcome.h"
#include "require.h"

#include <formats/bytes/sources.h>
#include <formats/format_error.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using formats::ByteReader;
using fuzz::require;

/// What comes out, up to a bound, and how it ended.
struct Unpacked {
  std::string bytes;
  std::string message;

  friend bool operator==(const Unpacked&, const Unpacked&) = default;
};

template <typename Open>
Unpacked unpack(Open open) {
  constexpr std::size_t kMost = std::size_t{1} << 18U;
  Unpacked unpacked;
  try {
    ByteReader bytes = open();
    while (unpacked.bytes.size() < kMost && bytes.ensure(1)) {
      const std::size_t count = std::min(bytes.window().size(), kMost - unpacked.bytes.size());
      unpacked.bytes += bytes.window().substr(0, count);
      bytes.advance(count);
    }
  } catch (const formats::FormatError& error) {
    unpacked.message = error.what();
  }
  return unpacked;
}

using MakeSource = std::unique_ptr<formats::ByteSource> (*)(ByteReader);

/// How the bytes are cut into pieces must not show.
void check_pieces(std::string_view bytes, MakeSource make) {
  const auto in_pieces_of = [&](std::size_t chunk) {
    return unpack([&] { return ByteReader(make(ByteReader(formats_test::make_chunk_source(bytes, chunk)))); });
  };
  const Unpacked whole = in_pieces_of(std::max<std::size_t>(bytes.size(), 1));
  const Unpacked pieces = in_pieces_of(1 + bytes.size() % 13);
  require(whole.message.empty() == pieces.message.empty(), "whole or in pieces, the same bytes are damaged");
  require(!whole.message.empty() || whole == pieces, "whole or in pieces, the same bytes unpack to the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_pieces(bytes, formats::make_gzip_source);
  check_pieces(bytes, formats::make_zstd_source);
  const formats_test::TemporaryFile file(bytes);
  const Unpacked opened = unpack([&] { return formats::open_bytes(file.path()); });
  require(size != 0 || opened.message == "is empty", "an empty file is said to be empty");
  return 0;
}
