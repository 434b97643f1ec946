#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace snapshot::file {

/// Reads the plain bytes of a section, or of a column of it, from the first to the last. All checks of their bounds are
/// here.
class PlainReader {
 public:
  /// `offset` is where the section stands in the file, for messages.
  PlainReader(std::string_view type, std::uint64_t offset, std::string_view bytes)
      : type_(type), offset_(offset), begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  /// Most numbers have a byte or two; those are read here, without a call.
  std::uint64_t varint() {
    if (at_ == end_) return long_varint();
    const auto low = static_cast<unsigned char>(*at_);
    if (low < 0x80) {
      ++at_;
      return low;
    }
    const auto high = left() < 2 ? 0U : static_cast<unsigned char>(at_[1]);
    if (high == 0 || high >= 0x80) return long_varint();
    at_ += 2;
    return (low & 0x7FU) | (high << 7U);
  }

  /// A number of at most `most`; `what` names it in the message: "more than 5 frames".
  std::uint64_t varint(std::uint64_t most, const char* what) {
    const std::uint64_t value = varint();
    if (value > most) refuse(value, most, what);
    return value;
  }
  std::uint32_t varint32(std::uint32_t most, const char* what) {
    return static_cast<std::uint32_t>(varint(std::uint64_t{most}, what));
  }

  std::int64_t signed_varint() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
  }

  std::uint64_t fixed(std::size_t size);
  std::string_view bytes(std::uint64_t size);
  std::string_view text() { return bytes(varint()); }

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  /// The next bytes, to be read, and finished, for themselves.
  PlainReader part(std::uint64_t size) {
    PlainReader reader = *this;
    reader.at_ = bytes(size).data();
    reader.end_ = at_;
    return reader;
  }

  /// The columns that follow, behind their lengths, to the end: each to be read, and finished, for itself.
  template <std::size_t count>
  std::array<PlainReader, count> columns() {
    std::array<std::uint64_t, count> lengths{};
    for (std::uint64_t& length : lengths) length = varint();
    return [&]<std::size_t... at>(std::index_sequence<at...>) {
      std::array<PlainReader, count> readers{part(lengths[at])...};
      finish();
      return readers;
    }
    (std::make_index_sequence<count>());
  }

  /// How many rows there are, of which each takes a byte at least of this column, and which are at most `most`.
  std::uint32_t check_rows(std::uint64_t rows, std::uint64_t most, const char* what) const;

  bool empty() const { return at_ == end_; }

  /// To be called at the end: there must be nothing left.
  void finish() const;

  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::uint64_t long_varint();
  [[noreturn]] void refuse(std::uint64_t value, std::uint64_t most, const char* what) const;

  std::string_view type_;
  std::uint64_t offset_;
  const char* begin_;
  const char* at_;
  const char* end_;
};

}  // namespace snapshot::file
