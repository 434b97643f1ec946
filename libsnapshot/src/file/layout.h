#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// The frame of a .tms file: what FILE_FORMAT.md says of header, chunks, directory and trailer, and all bounds. Whole
// numbers in it are little-endian and unsigned.

namespace snapshot::file {

/// As PNG's: a byte that is no text, the name, and line ends that a transfer as text would change.
inline constexpr std::string_view kMagic("\x8DTMS\r\n\x1A\n", 8);
inline constexpr std::string_view kEndMagic("\x8DTMSEND\n", 8);

inline constexpr std::uint16_t kMajor = 1;
inline constexpr std::uint16_t kMinor = 0;       // of files without types, and
inline constexpr std::uint16_t kTypesMinor = 1;  // of those with

inline constexpr std::size_t kHeaderSize = 16;       // magic, major, minor, 4 bytes of zero
inline constexpr std::size_t kChunkHeaderSize = 20;  // type, stored length, plain length
inline constexpr std::size_t kTrailerSize = 24;      // offset of the directory, its complement, end magic

inline constexpr std::string_view kMeta = "META";
inline constexpr std::string_view kStrings = "STRS";
inline constexpr std::string_view kFrames = "FRMS";
inline constexpr std::string_view kTracebacks = "TRCB";
inline constexpr std::string_view kTotals = "TOTL";
inline constexpr std::string_view kSizes = "SIZE";
inline constexpr std::string_view kIndex = "BIDX";
inline constexpr std::string_view kBlocks = "BLKS";
inline constexpr std::string_view kTypes = "tYPE";
inline constexpr std::string_view kDirectory = "DIRE";
inline constexpr std::array kKnown{kMeta, kStrings, kFrames, kTracebacks, kTotals, kSizes, kIndex, kBlocks, kTypes};

// What a small file may unpack to. A large snapshot has a hundredth of these.
inline constexpr std::uint64_t kMostPlain = std::uint64_t{1} << 32U;  // bytes of a section
inline constexpr std::uint64_t kFreePlain = std::uint64_t{1} << 26U;  // any section may have as many, and besides
inline constexpr std::uint64_t kMostRatio = 1024;                     // so many for each stored byte
inline constexpr std::uint64_t kMostMeta = std::uint64_t{1}
                                           << 24U;  // bytes of META, whose fields take up to 40 times as much
inline constexpr std::uint64_t kMostText = std::uint64_t{1} << 28U;    // bytes of all strings
inline constexpr std::uint64_t kMostRows = std::uint64_t{1} << 24U;    // strings, frames, tracebacks
inline constexpr std::uint64_t kMostFrames = std::uint64_t{1} << 28U;  // of all tracebacks together
inline constexpr std::uint64_t kMostBlocks = std::uint64_t{1} << 31U;  // rows of traces
inline constexpr std::uint64_t kFreeBlocks = std::uint64_t{1} << 26U;  // any file may have as many, and besides
inline constexpr std::uint64_t kMostBlockRatio = 64;                   // so many for each byte of BLKS
inline constexpr std::size_t kPageRows = 16384;                        // blocks in a page
inline constexpr std::size_t kMostSections = 4096;

/// A type is four letters; a reader that does not know it may ignore the section when the first is small.
inline bool is_section_type(std::string_view type) {
  if (type.size() != 4 || type == "dIRE") return false;  // which would be a damaged DIRE that is passed over
  for (const char letter : type) {
    if (!((letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'))) return false;
  }
  return true;
}
inline bool is_optional(std::string_view type) { return type[0] >= 'a'; }
inline bool is_known(std::string_view type) { return std::ranges::find(kKnown, type) != kKnown.end(); }

}  // namespace snapshot::file
