#include "recorder/frame_resolver.h"

#include <array>
#include <charconv>
#include <string>

namespace snapshot::recorder {

std::string hex_address(std::uint64_t address) {
  std::array<char, 18> digits{'0', 'x'};
  const auto end = std::to_chars(digits.data() + 2, digits.data() + digits.size(), address, 16).ptr;
  return {digits.data(), end};
}

void AddressResolver::resolve(const Module& module, std::uint64_t address, Symbols& symbols,
                              std::vector<Frame>& frames) {
  const StringId path = symbols.intern(module.path);
  frames.push_back({path, 0, symbols.intern(hex_address(address)), path});
}

bool is_allocation_function(std::string_view function) {
  // As demangled, and as the symbol table has them: _Znwm, _Znam and those with alignment or std::nothrow_t behind.
  return function == "operator new" || function == "operator new[]" || function.starts_with("operator new(") ||
         function.starts_with("operator new[](") || function.starts_with("_Znwm") || function.starts_with("_Znam");
}

}  // namespace snapshot::recorder
