#include "registry.h"

#include "tracemalloc/reader.h"

#include <array>

namespace formats {

std::span<const Format> all_formats() {
  static constexpr std::array kFormats{
      Format{"tracemalloc", tracemalloc::sniff, tracemalloc::read},
  };
  return kFormats;
}

std::string format_names() {
  std::string names;
  for (const Format& format : all_formats()) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

}  // namespace formats
