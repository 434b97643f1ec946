#include "module_symbols.h"

// In place of module_symbols.cpp where TMTOOLS_SYMBOLS is OFF.

namespace snapshot::recorder {

std::unique_ptr<ModuleSymbols> ModuleSymbols::open(Symbols& /*symbols*/, const Module& /*module*/,
                                                   std::span<const std::string> /*debug_dirs*/, std::string& fault) {
  fault = "this build reads no symbols (TMTOOLS_SYMBOLS=OFF)";
  return nullptr;
}

bool ModuleSymbols::available() { return false; }

}  // namespace snapshot::recorder
