#pragma once

#include <cstddef>
#include <span>

namespace formats {

/// Bytes that come one after the other: a pipe, or what a decompressor makes of one.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `into` (not empty) and returns how many bytes; 0 at the end only. Throws FormatError.
  virtual std::size_t read(std::span<std::byte> into) = 0;
};

}  // namespace formats
