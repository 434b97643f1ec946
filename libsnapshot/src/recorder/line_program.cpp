#include "line_program.h"

#include <dwarf.h>

#include <cstddef>
#include <limits>
#include <utility>

namespace snapshot::recorder {
namespace {

/// Reads numbers up to the end, and then zeros.
class Cursor {
 public:
  Cursor(std::span<const unsigned char> bytes, bool is_big_endian) : bytes_(bytes), is_big_endian_(is_big_endian) {}

  bool at_end() const { return bytes_.empty(); }

  std::uint64_t fixed(std::size_t size) {
    const auto bytes = take(size);
    std::uint64_t value = 0;
    for (std::size_t at = 0; at < bytes.size() && at < 8; ++at) {
      value |= std::uint64_t{bytes[is_big_endian_ ? bytes.size() - 1 - at : at]} << (8 * at);
    }
    return value;
  }

  std::uint8_t byte() { return static_cast<std::uint8_t>(fixed(1)); }

  std::uint64_t uleb() { return leb(false); }
  std::int64_t sleb() { return static_cast<std::int64_t>(leb(true)); }

  /// The next `size` bytes, or what there is.
  std::span<const unsigned char> take(std::uint64_t size) {
    const auto taken = bytes_.first(size < bytes_.size() ? static_cast<std::size_t>(size) : bytes_.size());
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

  Cursor part(std::uint64_t size) { return {take(size), is_big_endian_}; }

 private:
  std::uint64_t leb(bool is_signed) {
    std::uint64_t value = 0;
    for (unsigned int shift = 0; !at_end();) {
      const std::uint8_t next = byte();
      if (shift < 64) value |= std::uint64_t{next & 127U} << shift;
      shift += 7;
      if ((next & 128) != 0) continue;
      if (is_signed && (next & 64) != 0 && shift < 64) value |= ~std::uint64_t{0} << shift;
      break;
    }
    return value;
  }

  std::span<const unsigned char> bytes_;
  bool is_big_endian_;
};

/// The state machine of DWARF 5, 6.2.2, as far as it tells of addresses, files and lines.
class Machine {
 public:
  Machine(std::vector<LineTable::Row>& rows, std::vector<AddressRange>& ranges) : rows_(rows), ranges_(ranges) {}

  void run(Cursor unit, bool is_64_bit) {
    Cursor program = read_header(unit, is_64_bit);
    if (!sound_) return;
    begin_sequence();
    while (!program.at_end()) step(program);
  }

 private:
  Cursor read_header(Cursor& unit, bool is_64_bit) {
    const std::uint64_t version = unit.fixed(2);
    if (version >= 5) unit.take(2);  // sizes of an address and of a segment selector
    Cursor header = unit.part(unit.fixed(is_64_bit ? 8 : 4));
    least_instruction_ = header.byte();
    const std::uint8_t operations = version >= 4 ? header.byte() : 1;
    header.byte();  // whether rows begin statements
    line_base_ = static_cast<std::int8_t>(header.byte());
    line_range_ = header.byte();
    opcode_base_ = header.byte();
    for (std::size_t opcode = 1; opcode < opcode_base_; ++opcode) operands_[opcode] = header.byte();
    // More than one operation an instruction have VLIW machines alone.
    sound_ = version >= 2 && version <= 5 && operations == 1 && line_range_ != 0 && opcode_base_ != 0;
    return unit;
  }

  void begin_sequence() {
    address_ = 0;
    file_ = 1;
    line_ = 1;
    first_ = rows_.size();
  }

  void step(Cursor& program) {
    const std::uint8_t opcode = program.byte();
    if (opcode >= opcode_base_) return special(opcode);
    switch (opcode) {
      case 0: return extended(program);
      case DW_LNS_copy: return add_row();
      case DW_LNS_advance_pc: advance(program.uleb()); break;
      case DW_LNS_advance_line: line_ += static_cast<std::uint64_t>(program.sleb()); break;
      case DW_LNS_set_file: file_ = program.uleb(); break;
      case DW_LNS_const_add_pc: advance((255U - opcode_base_) / line_range_); break;
      case DW_LNS_fixed_advance_pc: address_ += program.fixed(2); break;
      default:
        for (std::uint8_t left = operands_[opcode]; left > 0; --left) program.uleb();
    }
  }

  void special(std::uint8_t opcode) {
    const unsigned int adjusted = opcode - static_cast<unsigned int>(opcode_base_);
    advance(adjusted / line_range_);
    line_ += static_cast<std::uint64_t>(line_base_ + static_cast<int>(adjusted % line_range_));
    add_row();
  }

  void extended(Cursor& program) {
    const std::uint64_t size = program.uleb();
    Cursor operands = program.part(size);
    switch (operands.byte()) {
      case DW_LNE_end_sequence: end_sequence(); break;
      case DW_LNE_set_address:
        address_ = size > 0 && size <= 9 ? operands.fixed(static_cast<std::size_t>(size - 1)) : 0;
      default: break;
    }
  }

  void advance(std::uint64_t operations) { address_ += operations * least_instruction_; }

  void add_row() {
    end_row();
    constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
    rows_.push_back({static_cast<std::uint32_t>(file_ <= kMost ? file_ : 0),
                     static_cast<std::uint32_t>(line_ <= kMost ? line_ : 0)});
    row_address_ = address_;
  }

  void end_row() {
    if (rows_.size() == first_) sequence_address_ = address_;
    const bool is_open = rows_.size() > first_ && sequence_address_ != 0 && row_address_ < address_;
    if (is_open) ranges_.push_back({row_address_, address_, static_cast<std::uint32_t>(rows_.size() - 1)});
  }

  void end_sequence() {
    end_row();
    begin_sequence();
  }

  std::vector<LineTable::Row>& rows_;
  std::vector<AddressRange>& ranges_;
  bool sound_ = false;
  std::uint8_t least_instruction_ = 1;  // bytes
  std::int8_t line_base_ = 0;
  std::uint8_t line_range_ = 1;
  std::uint8_t opcode_base_ = 1;
  std::uint8_t operands_[256] = {};  // how many a standard opcode has

  std::uint64_t address_ = 0;
  std::uint64_t file_ = 1;
  std::uint64_t line_ = 1;
  std::size_t first_ = 0;  // row of the sequence
  std::uint64_t sequence_address_ = 0;
  std::uint64_t row_address_ = 0;
};

}  // namespace

void run_line_program(std::span<const unsigned char> section, std::uint64_t offset, bool is_big_endian,
                      std::vector<LineTable::Row>& rows, std::vector<AddressRange>& ranges) {
  Cursor bytes(section, is_big_endian);
  bytes.take(offset);
  std::uint64_t size = bytes.fixed(4);
  const bool is_64_bit = size == 0xFFFFFFFF;
  if (is_64_bit) size = bytes.fixed(8);
  Machine(rows, ranges).run(bytes.part(size), is_64_bit);
}

}  // namespace snapshot::recorder
