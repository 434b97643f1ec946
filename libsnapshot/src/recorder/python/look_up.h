#pragma once

#include <dlfcn.h>

namespace snapshot::recorder {

/// Finds a function or variable of the CPython in this process. False when it has none of the name.
template <typename Symbol>
bool look_up(Symbol& symbol, const char* name) {
  symbol = reinterpret_cast<Symbol>(dlsym(RTLD_DEFAULT, name));
  return symbol != nullptr;
}

/// The same under the name of one version or another.
template <typename Symbol>
bool look_up(Symbol& symbol, const char* name, const char* other) {
  return look_up(symbol, name) || look_up(symbol, other);
}

}  // namespace snapshot::recorder
