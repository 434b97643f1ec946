#pragma once

#include "value.h"

#include <snapshot/builder.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace formats::tracemalloc {

/// A tuple that is no part of a snapshot, or a broken one.
struct OtherTuple {
  std::uint64_t offset;  // of the opcode that built it
  std::uint32_t length;
  std::array<Kind, 4> kinds;  // of its first items
  std::int64_t first_payload;
  std::uint32_t inner;  // row of the first other tuple in it, where there is one
  const char* flaw;  // what keeps it from being the frame, traceback or trace that it looks like; null: looks like none
};

/// Recognises the tuples that a snapshot is made of, as they are built from the inside out:
/// frames (filename, lineno), tracebacks (frame, ...), traces ([domain,] size, traceback[, total_nframe]).
class TraceTuples {
 public:
  explicit TraceTuples(snapshot::SnapshotBuilder& builder) : builder_(builder) {}

  /// The value of a tuple with at least one item.
  Value make(std::span<const Value> items, std::uint64_t offset);

  const OtherTuple& other(Value tuple) const { return others_[static_cast<std::size_t>(tuple.payload)]; }

  /// The frame of the snapshot's tables; throws FormatError when a small file has made them too large.
  snapshot::FrameId intern_frame(snapshot::StringId filename, std::uint32_t lineno, std::uint64_t offset);

  /// Adds a trace.
  Value add_trace(std::uint32_t total, std::int64_t size) {
    builder_.add_trace(total, size);
    return {Kind::trace, static_cast<std::int64_t>(builder_.trace_count()) - 1};
  }

 private:
  bool make_frame(std::span<const Value> items, std::uint64_t offset, Value& frame, const char*& flaw);
  bool make_traceback(std::span<const Value> items, std::uint64_t offset, Value& traceback);
  bool make_trace(std::span<const Value> items, Value& trace, const char*& flaw);
  Value make_other(std::span<const Value> items, std::uint64_t offset, const char* flaw);

  snapshot::SnapshotBuilder& builder_;
  std::vector<snapshot::FrameId> frames_;  // of the traceback being made
  snapshot::Column<OtherTuple> others_;
};

}  // namespace formats::tracemalloc
