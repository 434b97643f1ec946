#include "pickle_output.h"

#include <limits>

namespace formats::tracemalloc {
namespace {

constexpr std::int64_t kMax32 = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMaxShortText = 255;

/// Bytes of a positive number in two's complement: the highest bit is its sign.
std::size_t signed_width(std::uint64_t value) {
  std::size_t bytes = 1;
  while (bytes < sizeof value && (value >> (8 * bytes - 1)) != 0) ++bytes;
  return bytes;
}

}  // namespace

PickleOutput::PickleOutput(snapshot::ByteSink& sink) : sink_(sink) {
  sink_.write("\x80\x04");  // PROTO 4
}

void PickleOutput::append_number(std::uint64_t value, std::size_t bytes) {
  for (std::size_t byte = 0; byte < bytes; ++byte) frame_ += static_cast<char>((value >> (8 * byte)) & 0xFFU);
}

void PickleOutput::add(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (bits <= 0xFF) {
    frame_ += 'K';  // BININT1
    append_number(bits, 1);
  } else if (bits <= 0xFFFF) {
    frame_ += 'M';  // BININT2
    append_number(bits, 2);
  } else if (bits <= kMax32) {
    frame_ += 'J';  // BININT
    append_number(bits, 4);
  } else {
    const std::size_t width = signed_width(bits);
    frame_ += '\x8A';  // LONG1
    append_number(width, 1);
    append_number(bits, width);
  }
}

void PickleOutput::add(std::string_view text) {
  if (text.size() <= kMaxShortText) {
    frame_ += '\x8C';  // SHORT_BINUNICODE
    append_number(text.size(), 1);
  } else {
    frame_ += 'X';  // BINUNICODE
    append_number(text.size(), 4);
  }
  frame_ += text;
}

void PickleOutput::get(std::uint32_t number) {
  if (number <= 0xFF) {
    frame_ += 'h';  // BINGET
    append_number(number, 1);
  } else {
    frame_ += 'j';  // LONG_BINGET
    append_number(number, 4);
  }
}

void PickleOutput::flush() {
  std::string header = "\x95";  // FRAME
  for (unsigned byte = 0; byte < 8; ++byte) header += static_cast<char>((frame_.size() >> (8 * byte)) & 0xFFU);
  sink_.write(header);
  sink_.write(frame_);
  frame_.clear();
}

void PickleOutput::stop() {
  frame_ += '.';
  flush();
}

}  // namespace formats::tracemalloc
