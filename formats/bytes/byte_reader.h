#pragma once

#include "byte_source.h"
#include "read_progress.h"

#include <snapshot/mapping.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace formats {

/// A window that moves forward over bytes, either of a mapping or of a source: what a reader parses. Memory stays
/// bounded whatever the length: a source is buffered, and pages of a mapping are given back behind the window. All
/// checks of bounds are here.
class ByteReader {
 public:
  explicit ByteReader(snapshot::Mapping mapping);
  explicit ByteReader(std::unique_ptr<ByteSource> source);

  /// Makes `count` bytes visible from the cursor on, if there are as many. `count` at most kMaxWindow.
  bool ensure(std::size_t count) { return static_cast<std::size_t>(end_ - cursor_) >= count || refill(count); }

  /// The visible bytes, valid until the next call that is not const.
  std::string_view window() const { return {cursor_, static_cast<std::size_t>(end_ - cursor_)}; }

  /// Moves the cursor over visible bytes.
  void advance(std::size_t count) { cursor_ += count; }

  /// Moves over `count` bytes that need not be visible. False if the end comes first.
  bool skip(std::uint64_t count);

  /// Bytes before the cursor.
  std::uint64_t offset() const { return base_ + static_cast<std::uint64_t>(cursor_ - begin_); }

  /// How many bytes remain, where that is known without reading them.
  std::optional<std::uint64_t> remaining() const;

  /// Tells how to begin a source again, where that is possible: `reopen` returns a reader at the first byte.
  void set_reopen(std::function<ByteReader()> reopen) { reopen_ = std::move(reopen); }

  /// Tells `progress`, which outlives the reader, how far it is: whenever the window moves, so that it costs nothing.
  void report_to(ReadProgress* progress);

  /// All bytes, where they are mapped and the cursor is at the first.
  std::optional<std::string_view> mapped() const;

  /// Whether the bytes can be read again from the first: those of a mapping, or of a source that can be reopened.
  bool can_rewind() const { return source_ == nullptr || reopen_ != nullptr; }
  void rewind();

  static constexpr std::size_t kMaxWindow = (std::size_t{1} << 20U) + 1;

 private:
  bool refill(std::size_t count);
  void slide_mapping(std::size_t count);
  void fill_buffer(std::size_t count);
  void report(std::uint64_t offset);

  snapshot::Mapping mapping_;           // or
  std::unique_ptr<ByteSource> source_;  // never both
  std::vector<char> buffer_;            // of the source
  bool source_ended_ = false;
  ReadProgress* progress_ = nullptr;
  std::function<ByteReader()> reopen_;

  std::uint64_t base_ = 0;       // offset of begin_
  const char* begin_ = nullptr;  // of the mapping, or of the buffer
  const char* cursor_ = nullptr;
  const char* end_ = nullptr;      // of the window
  const char* dropped_ = nullptr;  // pages of the mapping before it were given back
};

}  // namespace formats
