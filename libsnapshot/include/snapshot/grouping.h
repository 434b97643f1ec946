#pragma once

#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snapshot {

/// What blocks are grouped by. The first three are tracemalloc's key_type.
enum class GroupBy {
  lineno,      ///< file name and line number
  filename,    ///<
  traceback,   ///< all frames
  function,    ///< function and file name; the file name alone where the function is not known
  directory,   ///< of the file
  module,      ///< the binary of native code, the top package of Python's: see package_of()
  domain,      ///< address space
  thread,      ///< that allocated
  type,        ///< of the object that lives in the block
  size_class,  ///< of the single block
};

/// How block sizes are put into classes.
enum class SizeClasses {
  powers,    ///< up to each power of two
  glibc,     ///< what fits a chunk of malloc's up to 1032 bytes: 24, 40, 56...; then powers
  jemalloc,  ///< jemalloc's: 8, 16, 32, 48, 64, 80, 96, 112, 128, 160...
  pymalloc,  ///< CPython's: multiples of 16 up to 512; then powers
};

struct GroupSpec {
  GroupBy by = GroupBy::lineno;
  std::uint32_t depth = 0;  ///< leading parts of a directory that count; 0: all
  SizeClasses size_classes = SizeClasses::powers;
  std::vector<std::string> projects = {};  ///< directories that modules are named from, as in package_of()
};

/// Whether a key is one of frames: then a block may be charged to more of its frames than the most recent.
constexpr bool is_of_frames(GroupBy by) {
  return by == GroupBy::lineno || by == GroupBy::filename || by == GroupBy::function || by == GroupBy::directory ||
         by == GroupBy::module;
}

/// Whether a key is one of single blocks, so that sums do not tell it.
constexpr bool is_of_traces(GroupBy by) {
  return by == GroupBy::thread || by == GroupBy::type || by == GroupBy::size_class;
}

/// A group of blocks: the row number of a FrameId, a StringId or a TracebackId where these say all (lineno, filename,
/// traceback), else one of the Grouping. With two keys at once, pair_key().
using Key = std::uint64_t;

constexpr Key pair_key(Key outer, Key inner) { return outer << 32U | inner; }
constexpr Key outer_key(Key pair) { return pair >> 32U; }
constexpr Key inner_key(Key pair) { return pair & 0xFFFFFFFF; }

/// The groups that some snapshots fall into: the key of each frame is found once. Holds of the Symbols, which must not
/// grow, and of the snapshots, all of which share them.
class Grouping {
 public:
  /// Throws Error for a key of single blocks when a snapshot has sums alone. O(frames), O(strings) where keys come from
  /// names.
  Grouping(const Symbols& symbols, std::span<const Snapshot> snapshots, GroupSpec spec);

  const Symbols& symbols() const { return *symbols_; }
  GroupBy by() const { return spec_.by; }
  Key key_count() const { return key_count_; }  ///< all keys are below it

  /// Where is_of_frames(by()).
  Key of_frame(FrameId frame) const { return frame_keys_[row(frame)]; }

  /// Where not: the group of the trace at a row of a snapshot, or of all traces of one of its totals, which is without
  /// a row where sums are all that is asked for. `threads` are thread_keys() of the snapshot.
  Key of_trace(const Snapshot& snapshot, const Total& total, std::optional<std::size_t> row,
               std::span<const Key> threads) const;

  /// The group of each of a snapshot's threads, by row, and last that of blocks of which the thread is not known. Empty
  /// unless grouped by thread.
  std::vector<Key> thread_keys(const Snapshot& snapshot) const;

  /// What a group is called, where it is neither a frame nor a file name nor a traceback. For a function its own name,
  /// which is empty when it is not known.
  std::string_view label(Key key) const;

  /// The file name of a group by function.
  std::string_view filename(Key key) const { return symbols_->text(functions_[key].filename); }

  /// Below, equal to or above 0 as `a` comes before, is, or comes after `b`, by text or number. Not for keys that are
  /// rows of the Symbols: KeyOrder compares those.
  int compare(Key a, Key b) const;

 private:
  struct Function {
    StringId name;
    StringId filename;
  };

  Key named(std::string_view label);
  void add_functions();
  void add_directories();
  void add_modules();
  void add_domains(std::span<const Snapshot> snapshots);
  void add_threads(std::span<const Snapshot> snapshots);
  void add_size_classes();
  /// Types are told by rows of strings; this one is of blocks whose type is not known.
  Key unknown_type() const { return symbols_->string_count(); }

  const Symbols* symbols_;
  GroupSpec spec_;
  Key key_count_ = 0;
  std::vector<Key> frame_keys_;
  std::vector<Function> functions_;
  std::vector<std::string> labels_;
  std::vector<std::uint64_t> numbers_;  // that labels are ordered by, where they are not by their text
  std::unordered_map<std::string, Key> by_label_;
  std::unordered_map<std::uint32_t, Key> domains_;
  std::vector<std::int64_t> class_ends_;  // largest size of each class, ascending
};

}  // namespace snapshot
