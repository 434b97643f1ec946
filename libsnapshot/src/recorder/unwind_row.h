#pragma once

#include <cstdint>

namespace snapshot::recorder {

/// How to come from a frame to its caller, at one code address of x86-64: what the call frame information of the psABI
/// (DWARF 5, 6.4; .eh_frame) says there, in the few shapes that compilers make. CFA, the canonical frame address, is
/// the caller's stack pointer; the return address lies 8 bytes below it.
struct UnwindRow {
  enum class Kind : std::uint8_t {
    from_sp = 1,      ///< CFA = sp + offset
    from_bp = 2,      ///< CFA = bp + offset
    from_memory = 3,  ///< CFA = what lies at bp + offset: functions that align their stack
    oldest = 4,       ///< there is no caller
    signal = 5,       ///< a signal handler's return: the interrupted registers lie at sp
    unknown = 6,      ///< the code does not say, or in a shape that is not supported
  };

  /// Where the caller's bp is.
  static constexpr std::uint16_t kSame = 0;          ///< in bp still
  static constexpr std::uint16_t kAtBp = 2046;       ///< at the address that bp has
  static constexpr std::uint16_t kUndefined = 2047;  ///< nowhere
                                                     // else: at CFA - 8 * saved_bp

  Kind kind;
  std::uint16_t saved_bp;
  std::int32_t offset;  ///< bytes, a multiple of 8
};

/// The row at code address `pc`, which must be in an instruction of the function: for a return address, one less than
/// it. Reads the .eh_frame of the module that is loaded there; about a microsecond. Takes no lock and allocates
/// nothing.
[[gnu::cold]] UnwindRow read_unwind_row(std::uint64_t pc);

}  // namespace snapshot::recorder
