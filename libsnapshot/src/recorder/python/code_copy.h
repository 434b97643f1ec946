#pragma once

#include "recorder/python/code_rows.h"
#include "recorder/region_file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace snapshot::recorder {

/// A text of a CodeCopy as the library has it: it is that already, but where the program wrote over it.
std::string text_of_code(std::string_view text);

/// What a region holds of a program's Python code, as its reader has it. All of it may be anything: the program may
/// have written over it. Frames are code_frame()s; of one that is not there nothing is known.
class CodeCopy {
 public:
  CodeCopy() = default;

  /// Reads what there is. O(its size). Throws Error when the file cannot be read.
  CodeCopy(const RegionFile& region, const PythonPart& part);

  bool is_there() const { return is_there_; }
  bool has(std::uint64_t frame) const { return code_of(frame) < codes_.size(); }

  std::string_view filename(std::uint64_t frame) const { return has(frame) ? text(row(frame).filename) : ""; }
  std::string_view name(std::uint64_t frame) const { return has(frame) ? text(row(frame).name) : ""; }
  std::uint32_t line(std::uint64_t frame) const;  ///< 0: not known

  std::size_t type_count() const { return types_.size(); }  ///< with 0, which is none
  std::string_view type_name(std::size_t type) const { return text(types_[type]); }

 private:
  const CodeRow& row(std::uint64_t frame) const { return codes_[code_of(frame)]; }
  std::string_view text(std::uint32_t place) const;

  bool is_there_ = false;
  LineTable line_table_{};
  std::vector<CodeRow> codes_;
  std::vector<std::uint32_t> types_;  // texts
  std::vector<char> texts_;
};

}  // namespace snapshot::recorder
