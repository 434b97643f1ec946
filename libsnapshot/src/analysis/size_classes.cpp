#include "size_classes.h"

#include <limits>

namespace snapshot {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr unsigned kMostPower = 62;

void add_powers(std::vector<std::int64_t>& ends) {
  for (unsigned power = 0; power <= kMostPower; ++power) {
    const std::int64_t end = std::int64_t{1} << power;
    if (ends.empty() || end > ends.back()) ends.push_back(end);
  }
  ends.push_back(kMost);
}

void add_steps(std::vector<std::int64_t>& ends, std::int64_t first, std::int64_t step, std::int64_t last) {
  for (std::int64_t end = first; end <= last; end += step) ends.push_back(end);
}

/// Four classes between any two powers of two (jemalloc(3), "Size class categories", for a quantum of 16 bytes).
void add_jemalloc(std::vector<std::int64_t>& ends) {
  ends = {8, 16, 32, 48, 64};
  for (unsigned power = 6; power < kMostPower; ++power) {
    const std::int64_t step = std::int64_t{1} << (power - 2);
    add_steps(ends, (std::int64_t{1} << power) + step, step, std::int64_t{1} << (power + 1));
  }
  ends.push_back(kMost);
}

}  // namespace

std::vector<std::int64_t> size_class_ends(SizeClasses classes) {
  std::vector<std::int64_t> ends;
  switch (classes) {
    case SizeClasses::powers: ends.push_back(0); break;
    // A chunk has 8 bytes of header and is a multiple of 16 long, at least 32; thread caches hold those up to 1040
    // (glibc, malloc/malloc.c: MINSIZE, MALLOC_ALIGNMENT, TCACHE_MAX_BINS).
    case SizeClasses::glibc: add_steps(ends, 24, 16, 1032); break;
    // CPython, Objects/obmalloc.c: ALIGNMENT and SMALL_REQUEST_THRESHOLD.
    case SizeClasses::pymalloc: add_steps(ends, 16, 16, 512); break;
    case SizeClasses::jemalloc: add_jemalloc(ends); return ends;
  }
  add_powers(ends);
  return ends;
}

}  // namespace snapshot
