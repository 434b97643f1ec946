#pragma once

#include <cstdint>

namespace snapshot::recorder {

/// A DWARF expression for the CFA, as far as it is a register and an offset once the code address is known: those of
/// procedure linkage tables (which look at the address), and of functions that align their stack (which look into
/// memory).
struct CfaExpression {
  enum class Kind : std::uint8_t { none, from_sp, from_bp, from_memory, unsupported } kind = Kind::none;
  std::int64_t offset = 0;  ///< bytes; for from_memory, from bp to the place in memory
};

CfaExpression read_cfa_expression(const unsigned char* first, const unsigned char* last, std::uint64_t pc);

}  // namespace snapshot::recorder
