#include "function_name.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace snapshot::recorder {
namespace {

/// Cuts `prefix` off the front of `text`, if it is there.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::string demangled(const char* symbol) {
  const std::string_view name = symbol;
  if (!name.starts_with("_Z")) return std::string(name);
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(symbol, nullptr, nullptr, &status),
                                                         &std::free);
  return text ? std::string(text.get()) : std::string(name);
}

bool is_allocation_function(std::string_view function) {
  // Itanium C++ ABI, 5.1.4.3: nw is operator new, na operator new[]. m and j: std::size_t is unsigned long or unsigned
  // int.
  if (take(function, "_Znw") || take(function, "_Zna")) {
    if (!take(function, "m") && !take(function, "j")) return false;
    take(function, "St11align_val_t");
    return function.empty() || function == "RKSt9nothrow_t";
  }
  // The C++ face of snapshot_track(), which is inlined into the program's own allocator (snapshot/recorder.h).
  if (function.starts_with("snapshot::recorder::track(")) return true;
  if (!take(function, "operator new[](") && !take(function, "operator new(")) return false;
  if (!take(function, "unsigned long") && !take(function, "unsigned int")) return false;
  take(function, ", std::align_val_t");
  return function == ")" || function == ", std::nothrow_t const&)";
}

}  // namespace snapshot::recorder
