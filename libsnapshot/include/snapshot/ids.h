#pragma once

#include <cstdint>

namespace snapshot {

/// Row numbers into the tables of a Symbols. They are types of their own, so that a frame cannot be looked up among the
/// strings. Equal rows of one Symbols mean equal values: comparing two values is comparing two integers.
enum class StringId : std::uint32_t {};
enum class FrameId : std::uint32_t {};
enum class TracebackId : std::uint32_t {};

/// A string that the recorder did not know: no row has this number.
inline constexpr StringId kUnknownString{0xFFFFFFFF};

/// The plain row number behind a typed one, for indexing columns.
template <typename Id>
constexpr std::uint32_t row(Id id) {
  return static_cast<std::uint32_t>(id);
}

}  // namespace snapshot
