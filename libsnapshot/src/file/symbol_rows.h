#pragma once

#include "layout.h"
#include "plain_reader.h"

#include <snapshot/utf8.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace snapshot::file {

// The rows of STRS, FRMS and TRCB, one after the other, as they stand in the file: what they name are numbers of other
// rows, which are checked. Nothing is interned, so that one row can be looked up without all others.

class StringRows {
 public:
  explicit StringRows(PlainReader& in) : StringRows(in.varint(), in) {}

  /// So many, of which `columns` tell.
  StringRows(std::uint64_t rows, const std::array<PlainReader, 2>& columns)
      : columns_(columns), count_(columns_[0].check_rows(rows, kMostRows, "strings")) {}

  std::uint32_t count() const { return count_; }

  /// Holds until the next.
  const std::string& next() {
    auto& [shape, bytes] = columns_;
    before_.swap(text_);
    text_.assign(before_, 0, shape.varint(before_.size(), "bytes of the string before"));
    text_ += bytes.bytes(shape.varint());
    sum_ += text_.size();
    if (sum_ > kMostText) shape.fail("more than " + std::to_string(kMostText) + " bytes of strings");
    if (!first_ && text_ <= before_) shape.fail("strings are not in order");
    if (!is_generalised_utf8(text_)) bytes.fail("a string is not UTF-8");
    first_ = false;
    return text_;
  }

  void finish() const {
    for (const PlainReader& column : columns_) column.finish();
  }

 private:
  StringRows(std::uint64_t rows, PlainReader& in) : StringRows(rows, in.columns<2>()) {}

  std::array<PlainReader, 2> columns_;
  std::uint32_t count_;
  bool first_ = true;
  std::uint64_t sum_ = 0;  // bytes
  std::string text_;
  std::string before_;
};

struct FrameRow {
  std::uint32_t filename = 0;  ///< number of a string
  std::uint32_t lineno = 0;
  std::uint32_t function = 0;  ///< number of a string, counted from 1, or 0 for none; and so is module
  std::uint32_t module = 0;
  auto operator<=>(const FrameRow&) const = default;
};

class FrameRows {
 public:
  /// `strings` is how many there are.
  FrameRows(PlainReader& in, std::uint64_t strings)
      : rows_(in.varint()), columns_(in.columns<4>()), strings_(strings), has_code_(!columns_[2].empty()) {
    count_ = columns_[0].check_rows(rows_, kMostRows, "frames");
  }

  std::uint32_t count() const { return count_; }

  /// Whether any frame has a function or a module.
  bool has_code() const { return has_code_; }

  FrameRow next() {
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    auto& [filenames, linenos, functions, modules] = columns_;
    FrameRow row;
    row.filename = string_in(filenames, before_.filename + filenames.varint(strings_, "strings"));
    const std::uint32_t least = row.filename == before_.filename ? before_.lineno : 0;
    row.lineno = least + linenos.varint32(kMost - least, "that a lineno can be");
    if (has_code_) {
      const auto step = static_cast<std::uint64_t>(functions.signed_varint());
      row.function = code_in(functions, before_.function + step);
      row.module = code_in(modules, modules.varint());
    }
    if (!first_ && row <= before_) filenames.fail("frames are not in order");
    first_ = false;
    before_ = row;
    return row;
  }

  void finish() const {
    for (const PlainReader& column : columns_) column.finish();
  }

 private:
  std::uint32_t string_in(const PlainReader& in, std::uint64_t number) const {
    if (number < strings_) return static_cast<std::uint32_t>(number);
    in.fail("a frame names string " + std::to_string(number) + ", but there are " + std::to_string(strings_));
  }
  std::uint32_t code_in(const PlainReader& in, std::uint64_t number) const {
    return number == 0 ? 0 : 1 + string_in(in, number - 1);
  }

  std::uint64_t rows_;
  std::array<PlainReader, 4> columns_;
  std::uint64_t strings_;
  bool has_code_;
  std::uint32_t count_ = 0;
  bool first_ = true;
  FrameRow before_;
};

class TracebackRows {
 public:
  /// `frames` is how many there are.
  TracebackRows(PlainReader& in, std::uint64_t frames)
      : rows_(in.varint()), columns_(in.columns<3>()), frames_(frames) {
    count_ = columns_[0].check_rows(rows_, kMostRows, "tracebacks");
  }

  std::uint32_t count() const { return count_; }

  /// How many frames the next shares with the front of the one before.
  std::size_t next() {
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    auto& [shape, first, rest] = columns_;
    const std::uint64_t dropped = shape.varint(numbers_.size(), "frames of the traceback before");
    const std::uint64_t added = 1 + shape.varint(kMostFrames, "frames");
    const std::size_t shared = numbers_.size() - dropped;
    sum_ += shared + added;
    if (sum_ > kMostFrames) shape.fail("more than " + std::to_string(kMostFrames) + " frames of tracebacks");
    if (added > 1 + rest.left()) shape.fail("a traceback has more frames than there are");
    numbers_.resize(shared + added);
    std::uint64_t number =
        dropped > 0 ? 1 + std::uint64_t{numbers_[shared]} + first.varint(kMost, "frames") : rest.varint();
    for (std::size_t at = shared;;) {
      if (number >= frames_) refuse_frame(number);
      numbers_[at] = static_cast<std::uint32_t>(number);
      if (++at == numbers_.size()) return shared;
      number = rest.varint();
    }
  }

  /// The frames of the one that next() came to, oldest first.
  const std::vector<std::uint32_t>& numbers() const { return numbers_; }

  void finish() const {
    for (const PlainReader& column : columns_) column.finish();
  }

 private:
  [[noreturn]] void refuse_frame(std::uint64_t number) const {
    columns_[2].fail("a traceback names frame " + std::to_string(number) + ", but there are " +
                     std::to_string(frames_));
  }

  std::uint64_t rows_;
  std::array<PlainReader, 3> columns_;
  std::uint64_t frames_;
  std::uint32_t count_ = 0;
  std::uint64_t sum_ = 0;  // frames of all tracebacks so far
  std::vector<std::uint32_t> numbers_;
};

}  // namespace snapshot::file
