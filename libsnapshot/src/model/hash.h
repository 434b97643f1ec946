#pragma once

#include "int128.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace snapshot {

/// Folds the 128-bit product of two words into one: the mixing step of wyhash and of absl's hash.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<UnsignedInt128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

constexpr std::uint64_t kHashMultiplier = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, odd

/// Hash of `length` bytes, 8 at a time. For tables in memory only: the value depends on the machine's byte order.
inline std::uint64_t hash_bytes(const void* data, std::size_t length, std::uint64_t seed) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = seed ^ (length * kHashMultiplier);
  std::uint64_t word = 0;
  for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
    std::memcpy(&word, bytes, sizeof word);
    hash = mix(hash ^ word, kHashMultiplier);
  }
  word = 0;
  if (length != 0) std::memcpy(&word, bytes, length);
  return mix(hash ^ word, kHashMultiplier ^ seed);
}

}  // namespace snapshot
