#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snapshot::file {

/// Appends a number in LEB128: seven bits a byte, the lowest first, the top bit set on all bytes but the last.
inline void put_varint(std::string& bytes, std::uint64_t value) {
  while (value >= 0x80) {
    bytes += static_cast<char>(value | 0x80U);
    value >>= 7U;
  }
  bytes += static_cast<char>(value);
}

/// put_varint() for columns of many rows, several times as fast: the string is asked for room once for many numbers.
class VarintColumn {
 public:
  void put(std::uint64_t value) {
    if (end_ > kRoom - kMostBytes) flush();
    while (value >= 0x80) {
      room_[end_++] = static_cast<char>(value | 0x80U);
      value >>= 7U;
    }
    room_[end_++] = static_cast<char>(value);
  }
  void put_signed(std::int64_t value);

  std::string take() {
    flush();
    return std::move(bytes_);
  }

 private:
  static constexpr std::size_t kMostBytes = 10;  // of a number
  static constexpr std::size_t kRoom = 1024;

  void flush() {
    bytes_.append(room_.data(), end_);
    end_ = 0;
  }

  std::string bytes_;
  std::array<char, kRoom> room_;
  std::size_t end_ = 0;
};

inline std::string varint_text(std::uint64_t value) {
  std::string bytes;
  put_varint(bytes, value);
  return bytes;
}

/// Small magnitudes of either sign as small numbers: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

inline void VarintColumn::put_signed(std::int64_t value) { put(zigzag(value)); }

inline void put_signed(std::string& bytes, std::int64_t value) { put_varint(bytes, zigzag(value)); }

/// A fixed number of `size` bytes, the lowest first.
inline void put_fixed(std::string& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t at = 0; at < size; ++at) bytes += static_cast<char>(value >> (8 * at));
}

inline void put_text(std::string& bytes, std::string_view text) {
  put_varint(bytes, text.size());
  bytes += text;
}

/// The plain bytes of a section, or of a page, that is columns: their lengths, and then they themselves. `head` comes
/// before.
inline std::vector<std::string> with_lengths(std::string head, std::vector<std::string> columns) {
  for (const std::string& column : columns) put_varint(head, column.size());
  columns.insert(columns.begin(), std::move(head));
  return columns;
}

}  // namespace snapshot::file
