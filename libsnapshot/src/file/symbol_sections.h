#pragma once

#include "plain_reader.h"
#include "used_symbols.h"

#include <snapshot/symbols.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace snapshot::file {

// STRS, FRMS and TRCB: the values that a snapshot's blocks share. Writers give the columns of a section, readers intern
// what it holds and give the ids by their numbers in the file.

/// Shape and bytes of strings in ascending order.
std::array<std::string, 2> string_columns(const Symbols& symbols, std::span<const StringId> strings);

std::vector<std::string> write_strings(const Symbols& symbols, const UsedSymbols& used);
std::vector<std::string> write_frames(const Symbols& symbols, const UsedSymbols& used);
std::vector<std::string> write_tracebacks(const Symbols& symbols, const UsedSymbols& used);

std::vector<StringId> read_strings(PlainReader& in, Symbols& symbols);
std::vector<FrameId> read_frames(PlainReader& in, const std::vector<StringId>& strings, Symbols& symbols);

struct Tracebacks {
  std::vector<TracebackId> ids;
  std::vector<std::uint32_t> lengths;  ///< frames that the file has of each
};
Tracebacks read_tracebacks(PlainReader& in, const std::vector<FrameId>& frames, Symbols& symbols);

/// The same, but each traceback becomes one of its most recent frame alone: many become the same.
Tracebacks read_most_recent(PlainReader& in, const std::vector<FrameId>& frames, Symbols& symbols);

struct FoundTraceback {
  TracebackId id;
  std::size_t length;  ///< frames
};

/// Interns one traceback alone, its frames and their strings. Reads each of the three sections no further than to the
/// last that it needs.
FoundTraceback find_traceback(PlainReader& strings, PlainReader& frames, PlainReader& tracebacks, std::uint32_t number,
                              Symbols& symbols);

}  // namespace snapshot::file
