#pragma once

#include "recorder/python/walk.h"

#include <algorithm>

// The definitions of PythonWalker, for the hooks, which each allocation goes through: a call costs as much as a walk of
// one frame.

namespace snapshot::recorder {
namespace python_walk {

inline constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15;

inline constexpr struct Powers {
  static constexpr std::size_t kCount = 256;
  std::uint64_t of[kCount]{};
  constexpr Powers() {
    std::uint64_t power = 1;
    for (std::uint64_t& value : of) {
      value = power;
      power *= kBase;
    }
  }
} kPowers;

inline std::uint64_t power_of_base(std::uint32_t exponent) {
  if (__builtin_expect(exponent < Powers::kCount, 1)) return kPowers.of[exponent];
  std::uint64_t result = 1;
  for (std::uint64_t square = kBase; exponent != 0; exponent >>= 1, square *= square) {
    if ((exponent & 1) != 0) result *= square;
  }
  return result;
}

inline std::uint64_t mix(std::uint64_t word) {
  word *= 0xd6e8feb86659fd93;
  return word ^ word >> 32;
}

inline PathHash finish(std::uint64_t hash, std::uint32_t count, std::uint32_t root) {
  hash = (hash + (std::uint64_t{count} << 1 | root)) * 0xd6e8feb86659fd93;
  return hash ^ hash >> 32;
}

}  // namespace python_walk

template <const PythonLayout& kLayout>
inline PythonWalker::Frame PythonWalker::read(std::uint64_t address) {
  Frame frame{address, read_at<std::uint64_t>(address, kLayout.previous), 0, 0};
  if constexpr (kLayout.bytecode != 0) {
    frame.instruction = read_at<std::uint64_t>(address, kLayout.instruction);
  } else {
    frame.instruction = static_cast<std::uint64_t>(std::int64_t{read_at<std::int32_t>(address, kLayout.instruction)});
    frame.code = read_at<std::uint64_t>(address, kLayout.code);
  }
  return frame;
}

/// As CPython's own walks: not the frames of C between those of Python, nor those whose function is only about to run.
template <const PythonLayout& kLayout>
inline bool PythonWalker::is_visible(const Frame& frame) {
  if constexpr (kLayout.bytecode == 0) return true;
  const auto owner = read_at<char>(frame.address, kLayout.owner);
  if (kLayout.has_entry_frames && owner == kOwnedByC) return false;
  if (owner == kOwnedByGenerator) return true;
  const auto code = read_at<std::uint64_t>(frame.address, kLayout.code);
  const auto first = static_cast<std::uint64_t>(read_at<std::int32_t>(code, kLayout.first_traceable));
  return frame.instruction >= code + kLayout.bytecode + 2 * first;
}

/// The frame as a Node has it; 0 for one that is not shown.
template <const PythonLayout& kLayout>
inline std::uint64_t PythonWalker::word_of(const Frame& frame) {
  if (!is_visible<kLayout>(frame)) return 0;
  const std::uint64_t code = kLayout.bytecode != 0 ? read_at<std::uint64_t>(frame.address, kLayout.code) : frame.code;
  std::uint64_t row = 0;
  if (const auto extra = read_at<std::uint64_t>(code, kLayout.extra); __builtin_expect(extra != 0, 1)) {
    // _PyCodeObjectExtra: how many there are, and they.
    const std::ptrdiff_t index = g_python_world.code_index;
    if (read_at<std::int64_t>(extra, 0) > index) {
      row = read_at<std::uint64_t>(extra, 8 + 8 * static_cast<std::size_t>(index));
    }
  }
  if (__builtin_expect(row >> 32 != g_python_world.region, 0)) {
    row = add_code(kLayout, code);
    if (row == 0) return 0;
  }
  const auto instruction = static_cast<std::int64_t>(frame.instruction);
  if constexpr (kLayout.bytecode != 0) {
    return code_frame(static_cast<std::uint32_t>(row) - 1,
                      (instruction - static_cast<std::int64_t>(code + kLayout.bytecode)) >> 1);
  }
  return code_frame(static_cast<std::uint32_t>(row) - 1, kLayout.unit == 2 ? instruction : instruction >> 1);
}

/// The sums of the mirror from an index on.
inline void PythonWalker::add_up(std::size_t from) {
  std::uint64_t path = hash_before(from);
  std::uint32_t count = from == 0 ? 0 : counts_[from - 1];
  for (std::size_t i = from; i < depth_; ++i) {
    if (words_[i] != 0) {
      path = path * python_walk::kBase + python_walk::mix(words_[i]);
      ++count;
    }
    paths_[i] = path;
    counts_[i] = count;
  }
}

/// Whether a frame of the mirror is what it was. Its address must be that of a frame.
template <const PythonLayout& kLayout>
inline bool PythonWalker::is_unchanged(const Frame& kept) {
  const Frame now = read<kLayout>(kept.address);
  const std::uint64_t other_code = kLayout.bytecode != 0 ? 0 : now.code ^ kept.code;
  return ((now.previous ^ kept.previous) | (now.instruction ^ kept.instruction) | other_code) == 0;
}

/// How many frames of the mirror, from [end - 1] down to [first], are what they were. None is read before the one above
/// it was found unchanged, and so said that there is a frame: Python gives memory of others back to the system.
template <const PythonLayout& kLayout>
inline std::size_t PythonWalker::count_unchanged(std::size_t first, std::size_t end) const {
  const Frame* const last = frames_ + first;
  const Frame* same = frames_ + end;
  while (same != last && is_unchanged<kLayout>(same[-1])) --same;
  return static_cast<std::size_t>(frames_ + end - same);
}

/// Compares the frames below `common` with what they were, until so many that are shown are seen, and takes over where
/// they stand by now. False when others lie there, or there are too few.
template <const PythonLayout& kLayout>
inline bool PythonWalker::verify(std::size_t common, std::uint32_t wanted) {
  std::size_t changed = common;
  std::size_t i = common;
  while (i != 0) {
    // Nearly always all frames are shown.
    const std::uint32_t seen = counts_[common - 1] - count_before(i);
    if (seen >= wanted) break;
    const std::size_t end = i - std::min<std::size_t>(i, wanted - seen);
    while (i != end) {
      i -= count_unchanged<kLayout>(end, i);
      if (i == end) break;
      Frame& kept = frames_[i - 1];
      const Frame now = read<kLayout>(kept.address);
      const std::uint64_t word = word_of<kLayout>(now);
      if (now.previous != kept.previous || (word == 0) != (words_[i - 1] == 0)) return false;
      kept = now;
      words_[i - 1] = word;
      changed = --i;
    }
  }
  if (i == 0 && frames_[0].previous != 0 && counts_[common - 1] < wanted) return false;
  depth_ = common;
  if (changed == common) return true;
  add_up(changed);
  last_node_ = 0;
  return true;
}

/// Brings the mirror up to date, as far as the window goes; forgets the last node where that changes it. False when it
/// has no room.
template <const PythonLayout& kLayout>
inline bool PythonWalker::renew(std::uint64_t frame, std::uint32_t limit) {
  const std::uint64_t running = frame;
  const std::size_t before = depth_;
  // Between two frames that are shown there is at most one of C's own.
  const std::size_t most =
      std::min<std::size_t>((kLayout.has_entry_frames ? 2 : 1) * std::size_t{limit} + kMore, kMostFrames);
  while (true) {
    std::size_t fresh = 0;
    std::size_t common = 0;
    for (frame = running; frame != 0; frame = fresh_[fresh++].previous) {
      if (fresh == most) break;
      const std::size_t at = places_[place_of(frame)];
      if (at < depth_ && frames_[at].address == frame) {
        common = at + 1;
        break;
      }
      fresh_[fresh] = read<kLayout>(frame);
    }
    if (fresh == most || fresh + common > kMostFrames) common = 0;
    if (common != 0 && !verify<kLayout>(common, limit)) {
      depth_ = 0;
      continue;
    }
    if (fresh != 0 || common != before) last_node_ = 0;
    depth_ = common;
    for (std::size_t i = fresh; i-- != 0;) {
      const Frame& next = fresh_[i];
      frames_[depth_] = next;
      words_[depth_] = word_of<kLayout>(next);
      places_[place_of(next.address)] = static_cast<std::uint32_t>(depth_);
      ++depth_;
    }
    add_up(common);
    return depth_ != 0;
  }
}

/// The most recent frames that are shown, up to the limit.
inline PythonWalker::Window PythonWalker::window(std::uint32_t limit) const {
  const std::uint32_t all = counts_[depth_ - 1];
  if (all <= limit) {
    return {0, all, frames_[0].previous == 0 ? CallNodes::kRoot : CallNodes::kCutRoot};
  }
  std::size_t first = depth_ - limit;  // nearly always all frames are shown
  while (count_before(first) > all - limit) --first;
  return {first, limit, CallNodes::kCutRoot};
}

inline PathHash PythonWalker::path_to(const Window& window, std::size_t last, std::uint32_t count) const {
  return python_walk::finish(paths_[last] - hash_before(window.first) * python_walk::power_of_base(count), count,
                             window.root);
}

inline std::uint32_t PythonWalker::node_of(const Window& window) const {
  const std::uint32_t node = CallNodes(region_).find(path_to(window, depth_ - 1, window.count));
  return node != 0 ? node : add_nodes(window);
}

/// With a limit of one frame nothing needs to be mirrored.
template <const PythonLayout& kLayout>
inline std::uint32_t PythonWalker::walk_one(std::uint64_t running) {
  Frame frame = read<kLayout>(running);
  const std::uint64_t hash = (frame.instruction >> 1 ^ frame.code >> 4) * python_walk::kBase;
  Memo& memo = memos_[hash >> 57];
  // An instruction that was shown is shown again, whatever frame runs it, but for those that only begin.
  if (__builtin_expect(memo.node != 0 && memo.instruction == frame.instruction && memo.code == frame.code, 1)) {
    return memo.node;
  }
  std::uint64_t word = word_of<kLayout>(frame);
  const bool is_first = word != 0;
  while (word == 0 && frame.previous != 0) {
    frame = read<kLayout>(frame.previous);
    word = word_of<kLayout>(frame);
  }
  if (word == 0) return 0;
  const PathHash path = python_walk::finish(python_walk::mix(word), 1, CallNodes::kCutRoot);
  const std::uint32_t node = CallNodes(region_).find_or_add(path, CallNodes::kCutRoot, word, 0, false);
  if (is_first && can_keep_ && node != CallNodes::kCutRoot) memo = {frame.instruction, frame.code, node};
  return node;
}

template <const PythonLayout& kLayout>
std::uint32_t PythonWalker::walk_window(std::uint64_t running, std::uint32_t limit) {
  if (!renew<kLayout>(running, limit)) return 0;
  if (last_node_ != 0) return last_node_;
  const Window shown = window(limit);
  return last_node_ = shown.count == 0 ? 0 : node_of(shown);
}

template <const PythonLayout& kLayout>
inline std::uint32_t PythonWalker::walk(RegionMap region, std::uint64_t thread, bool has_gil, std::uint32_t limit) {
  if (thread == 0) return 0;
  auto running = read_at<std::uint64_t>(thread, kLayout.thread_frame);
  if constexpr (kLayout.cframe_frame >= 0) {
    if (running == 0) return 0;
    running = read_at<std::uint64_t>(running, static_cast<std::size_t>(kLayout.cframe_frame));
  }
  if (running == 0) return 0;
  region_ = region;
  has_gil_ = has_gil && read_at<std::uint64_t>(thread, kThreadInterpreter) == g_python_world.main_interpreter;
  const std::uint32_t generation = g_python_world.generation.load(std::memory_order_relaxed);
  if (__builtin_expect(generation_ != generation || !can_keep_ || !has_gil_, 0)) {
    generation_ = generation;
    can_keep_ = has_gil_;
    depth_ = 0;
    for (Memo& memo : memos_) memo.node = 0;
  }
  if (limit == 1) return walk_one<kLayout>(running);
  return walk_window<kLayout>(running, limit == 0 ? 0xffff : limit);
}

}  // namespace snapshot::recorder
