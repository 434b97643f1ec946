#pragma once

#include "recorder/python/interpreter.h"
#include "recorder/python/layout.h"
#include "recorder/region.h"

#include <cstdint>

namespace snapshot::recorder {

/// The code objects that tracebacks go through, copied into the region when they are first met: neither the reader nor
/// a snapshot after their death needs them. Rows are only ever added.
class PythonCodes {
 public:
  static constexpr std::uint32_t kNone = 0xffff'ffff;

  explicit PythonCodes(RegionMap region) : region_(region) {}

  /// Sets up the rows of a region. False when there is no memory.
  bool start() const;

  /// The row of a code object, which is alive. kNone when there is no more room.
  std::uint32_t add(const Interpreter& python, const PythonLayout& layout, std::uint64_t code) const;

  /// The place of a text; 0 when there is no more room.
  std::uint32_t add_name(const char* bytes, std::size_t size) const;

  /// What frames (code_frame()) of a row are called. Texts are not ended by a zero byte.
  struct Text {
    const char* data;
    std::uint32_t size;
  };
  Text filename(std::uint32_t row) const { return text(region_.codes()[row].filename); }
  std::uint32_t line(std::uint64_t frame) const;

  /// Whether filters (CaptureFilter) leave out what is allocated in this frame of Python, called from `parent`.
  bool is_excluded(std::uint64_t frame, std::uint32_t parent) const;

 private:
  Text text(std::uint32_t place) const;
  std::uint32_t add_text(const char* bytes, std::size_t size) const;
  std::uint32_t add_row(const CodeRow& row) const;
  bool matches(const CaptureFilter& filter, std::uint64_t frame, std::uint32_t parent) const;
  bool matches_one(const CaptureFilter& filter, std::uint64_t frame) const;

  RegionMap region_;
};

/// Writes a str as generalised UTF-8 to `to`, as much of it as fits; how many bytes. Lone surrogates, as in names that
/// are no UTF-8, are written as they are.
std::size_t encode_text(const Interpreter& python, PyObject* text, char* to, std::size_t size);

}  // namespace snapshot::recorder
