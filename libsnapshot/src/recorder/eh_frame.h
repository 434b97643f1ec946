#pragma once

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// What the entry of .eh_frame for a code address says (LSB 5.0, 10.6): a common part (CIE) and the function's own
/// (FDE).
struct FrameEntry {
  std::uint64_t begin;  ///< of the function
  std::uint64_t code_alignment;
  std::int64_t data_alignment;
  std::uint64_t return_register;
  bool is_signal;                     ///< the frame is that of a signal handler's return
  const unsigned char* common_first;  ///< instructions of the CIE
  const unsigned char* common_last;
  const unsigned char* first;  ///< instructions of the FDE
  const unsigned char* last;
  unsigned char pointer_encoding;
};

/// Reads bytes front to back, stopping at the end with zeros.
class ByteCursor {
 public:
  ByteCursor(const unsigned char* first, const unsigned char* last) : at_(first), last_(last) {}

  bool at_end() const { return at_ >= last_; }
  const unsigned char* at() const { return at_; }
  void skip(std::uint64_t bytes) { at_ = bytes < static_cast<std::uint64_t>(last_ - at_) ? at_ + bytes : last_; }

  template <typename T>
  T fixed() {
    T value{};
    if (last_ - at_ < static_cast<std::ptrdiff_t>(sizeof value)) {
      at_ = last_;
      return value;
    }
    __builtin_memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  std::uint64_t uleb();
  std::int64_t sleb();

  /// A pointer in one of the encodings DW_EH_PE_*; 0 for one that is not supported.
  std::uint64_t pointer(unsigned char encoding);

 private:
  const unsigned char* at_;
  const unsigned char* last_;
};

/// Finds the entry of the function at `pc` in the loaded modules. False when there is none.
bool find_frame_entry(std::uint64_t pc, FrameEntry& entry);

}  // namespace snapshot::recorder
