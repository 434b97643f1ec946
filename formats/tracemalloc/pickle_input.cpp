#include "pickle_input.h"

#include "../format_error.h"

#include <algorithm>

namespace formats::tracemalloc {

unsigned char PickleInput::opcode() {
  opcode_offset_ = bytes_.offset();
  return static_cast<unsigned char>(number(1));
}

std::uint64_t PickleInput::number(std::size_t width) {
  if (!bytes_.ensure(width)) fail_short();
  const std::string_view window = bytes_.window();
  std::uint64_t value = 0;
  for (std::size_t at = width; at-- > 0;) value = (value << 8U) | static_cast<unsigned char>(window[at]);
  bytes_.advance(width);
  return value;
}

std::string_view PickleInput::line() {
  for (std::size_t searched = 0, visible = 1;;) {
    bytes_.ensure(visible);
    const std::string_view window = bytes_.window();
    const std::size_t length = window.find('\n', searched);
    if (length <= kMaxKept && length < window.size()) {
      bytes_.advance(length + 1);
      return window.substr(0, length);
    }
    if (window.size() > kMaxKept) fail("a line is longer than 1 MiB");
    if (window.size() < visible) fail_short();
    searched = window.size();
    // Doubling, so that a pipe of small pieces costs no more than the line.
    visible = std::min(2 * searched, kMaxKept + 1);
  }
}

std::string_view PickleInput::bytes(std::size_t length) {
  if (!bytes_.ensure(length)) fail_short();
  const std::string_view found = bytes_.window().substr(0, length);
  bytes_.advance(length);
  return found;
}

void PickleInput::skip(std::uint64_t length) {
  if (!bytes_.skip(length)) fail_short();
}

void PickleInput::begin_frame(std::uint64_t length) {
  if (const auto left = bytes_.remaining(); left && length > *left && !salvage_) {
    fail("a pickle frame of " + std::to_string(length) + " bytes, but " + std::to_string(*left) + " are left");
  }
  std::uint64_t end = 0;
  if (__builtin_add_overflow(bytes_.offset(), length, &end)) fail("a pickle frame is longer than any file");
  frame_end_ = std::max(frame_end_, end);
}

void PickleInput::end() {
  if (frame_end_ > bytes_.offset()) skip(frame_end_ - bytes_.offset());
  // Lets a decompressor see its checksum, which stands just behind.
  static_cast<void>(bytes_.ensure(1));
}

void PickleInput::fail(const std::string& what) const { throw FormatError(opcode_offset_, what); }

void PickleInput::fail_short() const { fail("the file ends before the pickle does"); }

}  // namespace formats::tracemalloc
