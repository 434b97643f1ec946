#pragma once

#include "../bytes/byte_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace formats::tracemalloc {

/// The arguments of pickle's opcodes, as they stand in the file. Every length is checked before it is believed.
class PickleInput {
 public:
  /// `salvage`: a pickle frame may promise more than the file holds.
  PickleInput(ByteReader& bytes, bool salvage) : bytes_(bytes), salvage_(salvage) {}

  /// The next opcode; errors until the next one are reported at its offset.
  unsigned char opcode();

  /// Moves over visible bytes; errors until the next opcode are reported at the first of them.
  void jump(std::size_t length) {
    opcode_offset_ = bytes_.offset();
    bytes_.advance(length);
  }

  std::uint64_t number(std::size_t width);  ///< little-endian, unsigned, of 1 to 8 bytes
  std::string_view line();                  ///< up to a line feed, which is taken too; valid until the next call

  /// The next `length` bytes, at most kMaxKept; valid until the next call.
  std::string_view bytes(std::size_t length);
  void skip(std::uint64_t length);

  /// A frame (protocol 4) of `length` bytes begins here: the file must hold all of it.
  void begin_frame(std::uint64_t length);
  /// The pickle ends here: what its last frame still promises must be there.
  void end();

  std::uint64_t offset() const { return opcode_offset_; }
  [[noreturn]] void fail(const std::string& what) const;

  /// Bytes and lines that are longer are not kept: no file name is.
  static constexpr std::size_t kMaxKept = ByteReader::kMaxWindow - 1;

  ByteReader& raw() { return bytes_; }

 private:
  [[noreturn]] void fail_short() const;

  ByteReader& bytes_;
  bool salvage_;
  std::uint64_t opcode_offset_ = 0;
  std::uint64_t frame_end_ = 0;
};

}  // namespace formats::tracemalloc
