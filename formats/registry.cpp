#include "registry.h"

#include "tracemalloc/reader.h"

#include <array>

namespace formats {

std::span<const Format> all_formats() {
  static constexpr std::array kFormats{
      Format{"tracemalloc", "pickle written by Python's tracemalloc.Snapshot.dump", tracemalloc::sniff,
             tracemalloc::read},
  };
  return kFormats;
}

}  // namespace formats
