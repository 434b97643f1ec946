#include <snapshot/error.h>
#include <snapshot/symbols.h>

#include "hash.h"

#include <cstring>
#include <limits>
#include <random>
#include <string>

namespace snapshot {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

/// The number that the next row of a table gets.
std::uint32_t next_row(std::size_t rows, const char* table) {
  if (rows >= std::numeric_limits<std::uint32_t>::max()) {
    throw Error(std::string("more than 4294967295 distinct ") + table);
  }
  return static_cast<std::uint32_t>(rows);
}

/// std::ranges::equal would compare one number at a time, as it takes enumerations for objects.
bool same(std::span<const FrameId> a, std::span<const FrameId> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

}  // namespace

Symbols::Symbols() : seed_(random_seed()) {}

StringId Symbols::intern(std::string_view text) {
  const std::uint32_t next = next_row(string_count(), "strings");
  const std::uint32_t found =
      string_index_.find_or_insert(hash_bytes(text.data(), text.size(), seed_), next,
                                   [&](std::uint32_t candidate) { return this->text(StringId{candidate}) == text; });
  if (found == next) {
    bytes_.append(text);
    string_ends_.push_back(bytes_.size());
  }
  return StringId{found};
}

FrameId Symbols::intern(Frame frame) {
  const std::uint32_t next = next_row(frame_count(), "frames");
  if (indexed_frames_ < next) frame_index_.reserve(std::size_t{next} + 1);
  for (; indexed_frames_ < next; ++indexed_frames_) index_frame(indexed_frames_, frames_[indexed_frames_]);
  const std::uint32_t found = index_frame(next, frame);
  if (found != next) return FrameId{found};
  append_new(frame);
  ++indexed_frames_;
  if (frame.function != kUnknownString || frame.module != kUnknownString) {
    const FrameId line = intern(Frame{frame.filename, frame.lineno});
    for (auto at = static_cast<std::uint32_t>(lines_.size()); at < next; ++at) lines_.push_back(FrameId{at});
    lines_.push_back(line);
  }
  return FrameId{found};
}

FrameId Symbols::append_new(Frame frame) {
  const std::uint32_t next = next_row(frame_count(), "frames");
  frames_.push_back(frame);
  return FrameId{next};
}

std::uint32_t Symbols::index_frame(std::uint32_t next, const Frame& frame) {
  const std::uint64_t place = (std::uint64_t{row(frame.filename)} << 32U) | frame.lineno;
  const std::uint64_t code = (std::uint64_t{row(frame.function)} << 32U) | row(frame.module);
  return frame_index_.find_or_insert(mix(mix(place ^ seed_, kHashMultiplier) ^ code, kHashMultiplier), next,
                                     [&](std::uint32_t candidate) { return frames_[candidate] == frame; });
}

TracebackId Symbols::intern(std::span<const FrameId> frames) {
  const std::uint32_t next = next_row(traceback_count(), "tracebacks");
  if (guess_ < next && same(traceback(TracebackId{guess_}), frames)) return TracebackId{guess_++};
  if (indexed_tracebacks_ < next) traceback_index_.reserve(std::size_t{next} + 1);
  for (; indexed_tracebacks_ < next; ++indexed_tracebacks_) {
    index_traceback(indexed_tracebacks_, traceback(TracebackId{indexed_tracebacks_}));
  }
  const std::uint32_t found = index_traceback(next, frames);
  if (found == next) {
    append_new(frames);
    ++indexed_tracebacks_;
  }
  guess_ = found + 1;
  return TracebackId{found};
}

TracebackId Symbols::append_new(std::span<const FrameId> frames) {
  const std::uint32_t next = next_row(traceback_count(), "tracebacks");
  traceback_frames_.append(frames);
  traceback_ends_.push_back(traceback_frames_.size());
  return TracebackId{next};
}

std::uint32_t Symbols::index_traceback(std::uint32_t next, std::span<const FrameId> frames) {
  return traceback_index_.find_or_insert(
      hash_bytes(frames.data(), frames.size_bytes(), seed_), next,
      [&](std::uint32_t candidate) { return same(traceback(TracebackId{candidate}), frames); });
}

}  // namespace snapshot
