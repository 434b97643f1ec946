#include "analysis/size_classes.h"

#include <doctest/doctest.h>
#include <tests/support/brute_keys.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

using brute_force::size_class_of;
using snapshot::size_class_ends;
using snapshot::SizeClasses;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::vector<std::int64_t> first_ends(SizeClasses classes, std::size_t count) {
  const auto ends = size_class_ends(classes);
  return {ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(count)};
}

using Ends = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("every size has a class of every kind") {
  for (const auto classes : {SizeClasses::powers, SizeClasses::glibc, SizeClasses::jemalloc, SizeClasses::pymalloc}) {
    const auto ends = size_class_ends(classes);
    CHECK(std::ranges::is_sorted(ends, std::ranges::less_equal{}) == true);
    CHECK(std::ranges::adjacent_find(ends) == ends.end());
    CHECK(ends.front() >= 0);
    CHECK(ends.back() == kMost);
  }
}

TEST_CASE("sizes that are powers of two end classes") {
  CHECK(first_ends(SizeClasses::powers, 8) == Ends{0, 1, 2, 4, 8, 16, 32, 64});
  CHECK(size_class_ends(SizeClasses::powers).size() == 65);  // 0, 2^0 to 2^62, and the rest
}

// jemalloc(3), the table of size classes for a page of 4 KiB and a quantum of 16 bytes.
TEST_CASE("jemalloc's classes are those of its manual") {
  const auto ends = size_class_ends(SizeClasses::jemalloc);
  const Ends documented{8,      16,     32,     48,     64,     80,     96,     112,    128,   160,   192,   224,
                        256,    320,    384,    448,    512,    640,    768,    896,    1024,  1280,  1536,  1792,
                        2048,   2560,   3072,   3584,   4096,   5120,   6144,   7168,   8192,  10240, 12288, 14336,
                        16384,  20480,  24576,  28672,  32768,  40960,  49152,  57344,  65536, 81920, 98304, 114688,
                        131072, 163840, 196608, 229376, 262144, 327680, 393216, 458752, 524288};
  CHECK(Ends(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(documented.size())) == documented);
  for (const std::int64_t end : {std::int64_t{5} << 60U, std::int64_t{7} << 58U, std::int64_t{1} << 62U}) {
    CAPTURE(end);
    if (end <= std::int64_t{1} << 62U) CHECK(std::ranges::binary_search(ends, end));
  }
}

TEST_CASE("pymalloc's classes are multiples of 16 up to 512") {
  const auto ends = size_class_ends(SizeClasses::pymalloc);
  for (std::size_t at = 0; at < 32; ++at) CHECK(ends[at] == static_cast<std::int64_t>(16 * (at + 1)));
  CHECK(ends[32] == 1024);
}

#if defined(__GLIBC__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
TEST_CASE("glibc's classes are what its malloc has room for") {
  const auto ends = size_class_ends(SizeClasses::glibc);
  std::vector<void*> blocks;  // kept until the end
  for (std::size_t size = 0; size <= 1032; ++size) {
    // A block may get a few bytes that were left between two others; not so when there are no more such places.
    std::size_t least = malloc_usable_size(blocks.emplace_back(std::malloc(size)));
    for (int more = 0; more < 40; ++more) {
      least = std::min(least, malloc_usable_size(blocks.emplace_back(std::malloc(size))));
    }
    CAPTURE(size);
    CHECK(*std::ranges::lower_bound(ends, static_cast<std::int64_t>(size)) == static_cast<std::int64_t>(least));
  }
  for (void* const block : blocks) std::free(block);
  CHECK(*std::ranges::upper_bound(ends, 1032) == 2048);
}
#endif

TEST_CASE("sizes fall into the classes that the brute force finds for them") {
  brute_force::Random random(12);
  for (const auto classes : {SizeClasses::powers, SizeClasses::glibc, SizeClasses::jemalloc, SizeClasses::pymalloc}) {
    const auto ends = size_class_ends(classes);
    for (int round = 0; round < 12000; ++round) {
      const auto size = round < 5000 ? round : static_cast<std::int64_t>(random.below(kMost) >> random.below(63));
      const auto found = std::ranges::lower_bound(ends, size);
      const auto [least, most] = size_class_of(size, classes);
      const std::int64_t before = found == ends.begin() ? -1 : *(found - 1);
      if (*found != most || before + 1 != least) FAIL("size " << size << " of kind " << static_cast<int>(classes));
    }
  }
}
