#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

/// Ends the process, as a crash does, when what must be true is not.
inline void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::abort();
}

}  // namespace fuzz
