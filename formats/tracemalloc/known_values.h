#pragma once

#include <snapshot/ids.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>

namespace formats::tracemalloc {

/// Tracebacks and frames that the memo's numbers made before: two small tables in which the newest displaces an older
/// one, so that a look-up is one memory access, which nearly always hits. Holds as long as no number is put twice.
class KnownValues {
 public:
  /// The traceback under a number in the memo, if it is known.
  std::optional<snapshot::TracebackId> traceback(std::uint32_t number) const {
    const Traceback& known = tracebacks_[number % kTracebacks];
    if (known.number != number || known.row_plus_one == 0) return std::nullopt;
    return snapshot::TracebackId{known.row_plus_one - 1};
  }
  void put(std::uint32_t number, snapshot::TracebackId id) {
    tracebacks_[number % kTracebacks] = {number, row(id) + 1};
  }

  /// Brings the memory of that answer near, for a question that comes soon.
  void prefetch_traceback(std::uint32_t number) const { __builtin_prefetch(&tracebacks_[number % kTracebacks]); }

  /// The frame of the file name under a number in the memo and a line number, if it is known.
  std::optional<snapshot::FrameId> frame(std::uint32_t number, std::uint32_t lineno) const {
    const Frame& known = frames_[frame_slot(number, lineno)];
    if (known.number != number || known.lineno != lineno || known.row_plus_one == 0) return std::nullopt;
    return snapshot::FrameId{known.row_plus_one - 1};
  }
  void put(std::uint32_t number, std::uint32_t lineno, snapshot::FrameId id) {
    frames_[frame_slot(number, lineno)] = {number, lineno, row(id) + 1};
  }

 private:
  struct Traceback {
    std::uint32_t number;
    std::uint32_t row_plus_one;  // 0: none
  };
  struct Frame {
    std::uint32_t number;
    std::uint32_t lineno;
    std::uint32_t row_plus_one;  // 0: none
  };

  static std::size_t frame_slot(std::uint32_t number, std::uint32_t lineno) {
    return (number * 0x9E3779B1U + lineno) % kFrames;
  }

  // Both fit the second-level cache; twice the size gained nothing on dumps of 59,000 tracebacks.
  static constexpr std::size_t kTracebacks = std::size_t{1} << 16U;
  static constexpr std::size_t kFrames = std::size_t{1} << 14U;

  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  /// Zeros from calloc: of a table this large the kernel gives just the pages that are touched, so that a small dump
  /// pays nothing.
  template <typename Slot>
  static std::unique_ptr<Slot[], Free> make_table(std::size_t slots) {
    static_assert(std::is_trivially_copyable_v<Slot>);
    void* memory = std::calloc(slots, sizeof(Slot));
    if (memory == nullptr) throw std::bad_alloc();
    return std::unique_ptr<Slot[], Free>(static_cast<Slot*>(memory));
  }

  std::unique_ptr<Traceback[], Free> tracebacks_ = make_table<Traceback>(kTracebacks);
  std::unique_ptr<Frame[], Free> frames_ = make_table<Frame>(kFrames);
};

}  // namespace formats::tracemalloc
