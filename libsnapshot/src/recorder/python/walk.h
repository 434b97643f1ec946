#pragma once

#include "recorder/call_nodes.h"
#include "recorder/python/codes.h"
#include "recorder/python/interpreter.h"
#include "recorder/python/layout.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// What walks of Python's frames need besides the frames. Set before the first and not changed afterwards.
struct PythonWorld {
  const Interpreter* python;
  std::ptrdiff_t code_index;  ///< of what the recorder keeps with each code object: the row, + 1, and << 32 `region`
  std::uint64_t main_interpreter;         ///< the only one whose code objects can keep it
  std::uint32_t region;                   ///< counts the regions of the process, as a forked child may begin another
  std::atomic<std::uint32_t> generation;  ///< counts code objects with a row that died, and regions
};
extern PythonWorld g_python_world;

/// A thread's walks of its frames of Python: the traceback of the most recent `limit` frames, as tracemalloc's, without
/// a call of Python's and without memory.
///
/// What was found is kept as a mirror of the frames, the oldest first. The next walk goes from the running frame until
/// it meets one of them, and compares the rest of the window, up to the limit, with what they were: each load's address
/// comes from the mirror, so that the processor need not wait for one to make the next. A frame that went on to another
/// instruction is taken over.
///
/// The hash of a window is had from its ends alone. With the prefix hashes p(i) = p(i - 1) * B + mix(frame i), modulo
/// 2^64, that of the frames (i, k] is p(k) - p(i) * B^(k - i), wherever the mirror begins.
class PythonWalker {
 public:
  /// The node of the traceback; 0 when there is no frame. `thread`: PyThreadState of the calling thread, or null.
  template <const PythonLayout& kLayout>
  std::uint32_t walk(RegionMap region, std::uint64_t thread, bool has_gil, std::uint32_t limit);

 private:
  static constexpr std::size_t kMostFrames =
      (1 << 16) + 264;                      // no power of two: the parts of a frame are not to fall on one cache set
  static constexpr std::size_t kMore = 32;  // frames beyond the window that a walk from scratch keeps
  static constexpr std::size_t kPlaces = 512;
  static constexpr std::size_t kMemos = 128;

  struct Frame {
    std::uint64_t address;
    std::uint64_t previous;
    std::uint64_t instruction;
    std::uint64_t code;  // where an instruction does not say it
  };

  /// The traceback of one frame, found by its instruction.
  struct Memo {
    std::uint64_t instruction;
    std::uint64_t code;
    std::uint32_t node;
  };

  /// The part of the mirror that makes a traceback.
  struct Window {
    std::size_t first;    // index
    std::uint32_t count;  // visible frames
    std::uint32_t root;
  };

  template <const PythonLayout& kLayout>
  static Frame read(std::uint64_t address);
  template <const PythonLayout& kLayout>
  static bool is_visible(const Frame& frame);
  template <const PythonLayout& kLayout>
  std::uint64_t word_of(const Frame& frame);
  [[gnu::cold]] std::uint64_t add_code(const PythonLayout& layout, std::uint64_t code);
  template <const PythonLayout& kLayout>
  std::uint32_t walk_one(std::uint64_t frame);
  template <const PythonLayout& kLayout>
  [[gnu::noinline]] std::uint32_t walk_window(std::uint64_t running, std::uint32_t limit);
  template <const PythonLayout& kLayout>
  bool renew(std::uint64_t frame, std::uint32_t limit);
  template <const PythonLayout& kLayout>
  static bool is_unchanged(const Frame& kept);
  template <const PythonLayout& kLayout>
  std::size_t count_unchanged(std::size_t first, std::size_t end) const;
  template <const PythonLayout& kLayout>
  bool verify(std::size_t common, std::uint32_t wanted);

  void add_up(std::size_t from);
  Window window(std::uint32_t limit) const;
  std::uint64_t hash_before(std::size_t index) const { return index == 0 ? 0 : paths_[index - 1]; }
  std::uint32_t count_before(std::size_t index) const { return index == 0 ? 0 : counts_[index - 1]; }
  PathHash path_to(const Window& window, std::size_t last, std::uint32_t count) const;
  std::uint32_t node_of(const Window& window) const;
  [[gnu::cold]] std::uint32_t add_nodes(const Window& window) const;

  static std::size_t place_of(std::uint64_t frame) { return (frame >> 4 ^ frame >> 13) % kPlaces; }

  RegionMap region_;
  std::uint32_t generation_;
  bool has_gil_;
  bool can_keep_;  // all code objects of the mirror tell when they die
  std::size_t depth_;
  std::uint32_t last_node_;  // that of the window, as long as nothing changes; 0: not known
  Memo memos_[kMemos];
  std::uint32_t places_[kPlaces];  // where frames may lie in the mirror
  Frame frames_[kMostFrames];
  std::uint64_t words_[kMostFrames];  // code_frame(); 0 for a frame that tracebacks do not show
  std::uint64_t paths_[kMostFrames];
  std::uint32_t counts_[kMostFrames];  // of the frames up to each that are shown
  Frame fresh_[kMostFrames];           // of this walk, the most recent first
};

}  // namespace snapshot::recorder
