#pragma once

#include <cstddef>
#include <cstdint>

// The parts of the region (region.h) that tell of a program's Python code. A row is written once and never changes;
// equal code has one row, however often it is made. Texts are generalised UTF-8, or the bytes of a line table.

namespace snapshot::recorder {

inline constexpr std::size_t kMaxCodes = std::size_t{1} << 20;
inline constexpr std::uint32_t kCodesAtOnce = 4096;  ///< rows for which memory is asked at a time: 96 KiB
inline constexpr std::size_t kCodeBuckets = std::size_t{1} << 13;
inline constexpr std::size_t kTextBuckets = std::size_t{1} << 13;
inline constexpr std::size_t kTextBytes = std::size_t{1} << 27;
inline constexpr std::size_t kTextUnit = 8;  ///< bytes; a text is named by its place in such units, 0 is none

/// How CPython's bytes tell the line of an instruction.
enum class LineTable : std::uint32_t {
  lnotab = 1,         ///< up to 3.9: co_lnotab
  line_table = 2,     ///< 3.10: PEP 626
  location_table = 3  ///< from 3.11 on
};

struct CodeRow {
  std::uint32_t next;  ///< row + 1 of the next in its bucket; 0: none
  std::uint32_t hash;
  std::uint32_t filename;  ///< text
  std::uint32_t name;      ///< text: the qualified name where there is one
  std::uint32_t lines;     ///< text: bytes of the LineTable
  std::uint32_t first_line;
};

struct TextRow {
  std::uint32_t next;  ///< in its bucket; 0: none
  std::uint32_t hash;
  std::uint32_t size;  ///< bytes, which follow
};

/// Types of objects have numbers from 1 on, and a text as their name.
inline constexpr std::size_t kMaxTypes = 512;
inline constexpr std::size_t kMaxLargeTypes = std::size_t{1} << 17;

/// The type of the object in a block that is no small one (small_rows.h).
struct LargeType {
  std::uint64_t address;
  std::uint64_t type;
};

/// The frame of a Node: module, row of its code, instruction in it (units of two bytes, -1 before the first).
inline constexpr std::uint64_t kCodeModule = 0xfffe;
inline constexpr std::uint64_t kInstructionMask = 0xff'ffff;

constexpr bool is_code_frame(std::uint64_t frame) { return frame >> 48 == kCodeModule; }
constexpr std::uint64_t code_frame(std::uint32_t row, std::int64_t instruction) {
  return kCodeModule << 48 | std::uint64_t{row} << 24 | (static_cast<std::uint64_t>(instruction) & kInstructionMask);
}
constexpr std::uint32_t code_of(std::uint64_t frame) { return static_cast<std::uint32_t>(frame >> 24) & 0xff'ffff; }
constexpr std::int32_t instruction_of(std::uint64_t frame) {
  const auto value = static_cast<std::int32_t>(frame & kInstructionMask);
  return value == static_cast<std::int32_t>(kInstructionMask) ? -1 : value;
}

}  // namespace snapshot::recorder
