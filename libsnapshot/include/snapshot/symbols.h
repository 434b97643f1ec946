#pragma once

#include <snapshot/column.h>
#include <snapshot/ids.h>
#include <snapshot/row_index.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace snapshot {

/// One frame of a traceback: a file name and a line number, as in tracemalloc, and what other recorders know besides. A
/// line number of 0 means "unknown".
struct Frame {
  StringId filename;
  std::uint32_t lineno;
  StringId function = kUnknownString;
  StringId module = kUnknownString;  ///< path of the binary that holds the code, as in SnapshotInfo::modules

  friend bool operator==(const Frame&, const Frame&) = default;
};

/// The values that snapshots have in common, each kept once: file names, frames, tracebacks. All snapshots that are
/// compared with each other share one Symbols. Rows are numbered in the order of first sight and never change.
/// Not synchronised: interning needs exclusive use.
class Symbols {
 public:
  Symbols();

  /// `text` is generalised UTF-8: UTF-8 in which lone surrogates are allowed, as Python's "surrogatepass" writes it, so
  /// that comparing bytes is comparing code points. Not checked here. Throws Error beyond 2^32 - 1 rows. O(length).
  StringId intern(std::string_view text);
  FrameId intern(Frame frame);

  /// `frames` are in tracemalloc's order, the oldest first. Tracebacks are equal when their frames are, as in
  /// tracemalloc.
  TracebackId intern(std::span<const FrameId> frames);

  /// A new row for a value that no row has yet, which the caller knows: the hash table, a large part of the time of
  /// reading a file that holds each value once, is then made when it is first needed. The frame has no function and no
  /// module. O(length).
  FrameId append_new(Frame frame);
  TracebackId append_new(std::span<const FrameId> frames);

  /// The view holds until the next string is interned.
  std::string_view text(StringId id) const {
    return {bytes_.values().data() + string_ends_[row(id)], string_ends_[row(id) + 1] - string_ends_[row(id)]};
  }
  Frame frame(FrameId id) const { return frames_[row(id)]; }

  /// The frame with the same file name and line number and nothing besides: what grouping by line means.
  FrameId line(FrameId id) const { return row(id) < lines_.size() ? lines_[row(id)] : id; }

  /// Oldest first. The span holds until the next traceback is interned.
  std::span<const FrameId> traceback(TracebackId id) const {
    return traceback_frames_.values().subspan(traceback_ends_[row(id)],
                                              traceback_ends_[row(id) + 1] - traceback_ends_[row(id)]);
  }

  /// The frame that allocated: the last of the traceback.
  FrameId most_recent(TracebackId id) const { return traceback_frames_[traceback_ends_[row(id) + 1] - 1]; }

  std::size_t string_count() const { return string_ends_.size() - 1; }
  std::size_t frame_count() const { return frames_.size(); }
  std::size_t traceback_count() const { return traceback_ends_.size() - 1; }
  std::size_t text_size() const { return bytes_.size(); }                  ///< bytes of all strings
  std::size_t traceback_size() const { return traceback_frames_.size(); }  ///< frames of all tracebacks

 private:
  /// The row in the index that has the value; `next` is entered for it when there is none.
  std::uint32_t index_frame(std::uint32_t next, const Frame& frame);
  std::uint32_t index_traceback(std::uint32_t next, std::span<const FrameId> frames);

  std::uint64_t seed_;  // of the hashes, so that no file can be made to collide; rows do not depend on it

  // Row r of a table of lists is [ends[r], ends[r + 1]).
  Column<char> bytes_;
  Column<std::uint64_t> string_ends_{0};
  Column<Frame> frames_;
  Column<FrameId> traceback_frames_;
  Column<std::uint64_t> traceback_ends_{0};

  Column<FrameId> lines_;  // line() of the first frames; the others are their own

  RowIndex string_index_;
  RowIndex frame_index_;      // of the first indexed_frames_
  RowIndex traceback_index_;  // of the first indexed_tracebacks_
  std::uint32_t indexed_frames_ = 0;
  std::uint32_t indexed_tracebacks_ = 0;
  std::uint32_t guess_ =
      0;  // of the row of the next traceback: files of one program mostly have them in the same order
};

}  // namespace snapshot
