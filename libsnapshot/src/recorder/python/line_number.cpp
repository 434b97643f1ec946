#include "recorder/python/line_number.h"

// Sources: CPython's Objects/lnotab_notes.txt of 3.9 and 3.10, Objects/locations.md of 3.11.

namespace snapshot::recorder {
namespace {

constexpr std::int64_t kNoLine = -1;

/// The bytes of a table, of which there may be fewer than they say.
class Bytes {
 public:
  Bytes(const unsigned char* begin, std::size_t size) : at_(begin), end_(begin + size) {}
  bool more() const { return at_ != end_; }
  unsigned next() { return more() ? *at_++ : 0; }
  bool starts_entry() const { return more() && (*at_ & 0x80) != 0; }

  /// Groups of six bits, the lowest first; the last has no bit 6.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 36; shift += 6) {
      const unsigned byte = next();
      value |= std::uint64_t{byte & 63} << shift;
      if ((byte & 64) == 0) break;
    }
    return value;
  }
  std::int64_t signed_varint() {
    const std::uint64_t value = varint();
    const auto size = static_cast<std::int64_t>(value >> 1);
    return (value & 1) != 0 ? -size : size;
  }

 private:
  const unsigned char* at_;
  const unsigned char* end_;
};

std::int64_t from_lnotab(Bytes table, std::int64_t line, std::int64_t wanted) {
  std::int64_t address = 0;
  while (table.more()) {
    address += table.next();
    if (address > wanted) break;
    line += static_cast<signed char>(table.next());
  }
  return line;
}

std::int64_t from_line_table(Bytes table, std::int64_t line, std::int64_t wanted) {
  constexpr int kNone = -128;
  std::int64_t end = 0;
  while (table.more()) {
    end += table.next();
    const int change = static_cast<signed char>(table.next());
    if (change != kNone) line += change;
    if (wanted < end) return change == kNone ? kNoLine : line;
  }
  return kNoLine;
}

std::int64_t from_location_table(Bytes table, std::int64_t line, std::int64_t wanted) {
  enum : unsigned { kOneLine = 10, kNoColumns = 13, kLong = 14, kNone = 15 };
  std::int64_t end = 0;
  while (table.more()) {
    const unsigned first = table.next();
    const unsigned code = first >> 3 & 15;
    if (code == kNoColumns || code == kLong) line += table.signed_varint();
    if (code >= kOneLine && code < kNoColumns) line += code - kOneLine;
    while (table.more() && !table.starts_entry()) table.next();
    end += 2 * ((first & 7) + 1);
    if (wanted < end) return code == kNone ? kNoLine : line;
  }
  return kNoLine;
}

}  // namespace

std::uint32_t line_number(LineTable kind, const unsigned char* table, std::size_t size, std::uint32_t first_line,
                          std::int32_t instruction) {
  std::int64_t line = first_line;
  const std::int64_t address = std::int64_t{instruction} * 2;
  if (instruction >= 0) {
    switch (kind) {
      case LineTable::lnotab: line = from_lnotab({table, size}, line, address); break;
      case LineTable::line_table: line = from_line_table({table, size}, line, address); break;
      case LineTable::location_table: line = from_location_table({table, size}, line, address); break;
      default: line = kNoLine;
    }
  }
  return line < 0 || line > INT32_MAX ? 0 : static_cast<std::uint32_t>(line);
}

}  // namespace snapshot::recorder
