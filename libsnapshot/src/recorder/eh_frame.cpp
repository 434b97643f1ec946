#include "recorder/eh_frame.h"

#include <dlfcn.h>

namespace snapshot::recorder {
namespace {

// DW_EH_PE_*: how a pointer is written, in the low half, and to what it is added.
constexpr unsigned char kAbsolute = 0x00;
constexpr unsigned char kUdata2 = 0x02;
constexpr unsigned char kUdata4 = 0x03;
constexpr unsigned char kUdata8 = 0x04;
constexpr unsigned char kSdata2 = 0x0a;
constexpr unsigned char kSdata4 = 0x0b;
constexpr unsigned char kSdata8 = 0x0c;
constexpr unsigned char kPcRelative = 0x10;
constexpr unsigned char kDataRelativeSdata4 = 0x3b;
constexpr unsigned char kOmitted = 0xff;

/// The search table of .eh_frame_hdr: offsets from the header's start, ascending.
struct TableRow {
  std::int32_t begin;
  std::int32_t entry;
};

/// The FDE that the search table has for `pc`, or null.
const unsigned char* search(const unsigned char* header, std::uint64_t pc) {
  constexpr unsigned char kVersion = 1;
  if (header[0] != kVersion || header[3] != kDataRelativeSdata4) return nullptr;
  constexpr std::size_t kMostHeader = 32;
  ByteCursor cursor(header + 4, header + kMostHeader);
  cursor.pointer(header[1]);
  const std::uint64_t count = cursor.pointer(header[2]);
  const auto* rows = reinterpret_cast<const TableRow*>(cursor.at());
  const auto offset = static_cast<std::int64_t>(pc - reinterpret_cast<std::uint64_t>(header));
  std::uint64_t low = 0;
  std::uint64_t high = count;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (rows[middle].begin <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? nullptr : header + rows[low - 1].entry;
}

bool read_common(const unsigned char* bytes, FrameEntry& entry, bool& augmented) {
  std::uint32_t length = 0;
  __builtin_memcpy(&length, bytes, sizeof length);
  if (length == 0 || length == 0xffffffff) return false;
  ByteCursor cursor(bytes + 8, bytes + 4 + length);
  const auto version = cursor.fixed<std::uint8_t>();
  if (version != 1 && version != 3) return false;
  const auto* augmentation = cursor.at();
  while (!cursor.at_end() && cursor.fixed<char>() != '\0') {
  }
  entry.code_alignment = cursor.uleb();
  entry.data_alignment = cursor.sleb();
  entry.return_register = version == 1 ? cursor.fixed<std::uint8_t>() : cursor.uleb();
  entry.is_signal = false;
  entry.pointer_encoding = kAbsolute;
  entry.common_last = bytes + 4 + length;
  augmented = *augmentation == 'z';
  if (!augmented) {
    entry.common_first = cursor.at();
    return *augmentation == '\0';
  }
  const std::uint64_t size = cursor.uleb();
  entry.common_first = cursor.at() + size;
  for (const unsigned char* letter = augmentation + 1; *letter != '\0'; ++letter) {
    if (*letter == 'R') {
      entry.pointer_encoding = cursor.fixed<std::uint8_t>();
    } else if (*letter == 'P') {
      const auto encoding = cursor.fixed<std::uint8_t>();
      cursor.pointer(encoding);
    } else if (*letter == 'L') {
      cursor.skip(1);
    } else if (*letter == 'S') {
      entry.is_signal = true;
    } else {
      break;
    }
  }
  return true;
}

}  // namespace

std::uint64_t ByteCursor::uleb() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = fixed<std::uint8_t>();
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) break;
  }
  return value;
}

std::int64_t ByteCursor::sleb() {
  std::uint64_t value = 0;
  unsigned shift = 0;
  std::uint8_t byte = 0;
  do {
    byte = fixed<std::uint8_t>();
    value |= std::uint64_t{byte & 0x7fu} << shift;
    shift += 7;
  } while ((byte & 0x80) != 0 && shift < 64);
  if ((byte & 0x40) != 0 && shift < 64) value |= ~std::uint64_t{0} << shift;
  return static_cast<std::int64_t>(value);
}

std::uint64_t ByteCursor::pointer(unsigned char encoding) {
  if (encoding == kOmitted) return 0;
  const auto place = reinterpret_cast<std::uint64_t>(at_);
  std::uint64_t value = 0;
  switch (encoding & 0x0f) {
    case kAbsolute:
    case kUdata8:
    case kSdata8: value = fixed<std::uint64_t>(); break;
    case kUdata2: value = fixed<std::uint16_t>(); break;
    case kUdata4: value = fixed<std::uint32_t>(); break;
    case kSdata2: value = static_cast<std::uint64_t>(std::int64_t{fixed<std::int16_t>()}); break;
    case kSdata4: value = static_cast<std::uint64_t>(std::int64_t{fixed<std::int32_t>()}); break;
    default: value = uleb(); break;
  }
  return (encoding & 0x70) == kPcRelative ? value + place : value;
}

bool find_frame_entry(std::uint64_t pc, FrameEntry& entry) {
  dl_find_object found{};
  if (_dl_find_object(reinterpret_cast<void*>(pc), &found) != 0 || found.dlfo_eh_frame == nullptr) return false;
  const unsigned char* function = search(static_cast<const unsigned char*>(found.dlfo_eh_frame), pc);
  if (function == nullptr) return false;
  std::uint32_t length = 0;
  std::uint32_t to_common = 0;
  __builtin_memcpy(&length, function, sizeof length);
  __builtin_memcpy(&to_common, function + 4, sizeof to_common);
  bool augmented = false;
  if (length == 0 || length == 0xffffffff || !read_common(function + 4 - to_common, entry, augmented)) return false;
  ByteCursor cursor(function + 8, function + 4 + length);
  entry.begin = cursor.pointer(entry.pointer_encoding);
  const std::uint64_t size = cursor.pointer(entry.pointer_encoding & 0x0f);
  if (pc < entry.begin || pc - entry.begin >= size) return false;
  if (augmented) cursor.skip(cursor.uleb());
  entry.first = cursor.at();
  entry.last = function + 4 + length;
  return true;
}

}  // namespace snapshot::recorder
