#include "plain_reader.h"

#include <snapshot/error.h>

namespace snapshot::file {

std::uint64_t PlainReader::long_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at_ == end_) fail("ends within a number");
    const auto byte = static_cast<unsigned char>(*at_++);
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte >= 0x80) continue;
    if (byte == 0 && shift > 0) fail("a number is longer than it need be");
    return value;
  }
  fail("a number has more than 64 bits");
}

std::uint64_t PlainReader::fixed(std::size_t size) {
  const std::string_view digits = bytes(size);
  std::uint64_t value = 0;
  for (std::size_t at = size; at-- > 0;) value = (value << 8U) | static_cast<unsigned char>(digits[at]);
  return value;
}

std::string_view PlainReader::bytes(std::uint64_t size) {
  if (size > left()) fail(std::to_string(size) + " bytes are wanted, but " + std::to_string(left()) + " are left");
  const std::string_view found(at_, static_cast<std::size_t>(size));
  at_ += size;
  return found;
}

std::uint32_t PlainReader::check_rows(std::uint64_t rows, std::uint64_t most, const char* what) const {
  if (rows > most) refuse(rows, most, what);
  if (rows > left()) fail(std::to_string(rows) + " " + what + " cannot be in " + std::to_string(left()) + " bytes");
  return static_cast<std::uint32_t>(rows);
}

void PlainReader::finish() const {
  if (at_ != end_) fail(std::to_string(left()) + " bytes more than there should be");
}

void PlainReader::refuse(std::uint64_t value, std::uint64_t most, const char* what) const {
  fail(std::to_string(value) + " is more than " + std::to_string(most) + " " + what);
}

void PlainReader::fail(const std::string& what) const {
  throw Error(offset_, "section " + std::string(type_) + ", byte " + std::to_string(at_ - begin_) + ": " + what);
}

}  // namespace snapshot::file
