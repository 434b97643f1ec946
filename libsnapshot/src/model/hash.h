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

/// Hash of `length` bytes, 16 at a time: each step waits for the product of the one before. For tables in memory only:
/// the value depends on the machine's byte order.
inline std::uint64_t hash_bytes(const void* data, std::size_t length, std::uint64_t seed) {
  constexpr std::size_t kStep = 16;
  const std::uint64_t other_seed = mix(seed, kHashMultiplier);
  std::uint64_t hash = seed ^ (length * kHashMultiplier);
  const auto fold = [&](const unsigned char* bytes) {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::memcpy(&first, bytes, sizeof first);
    std::memcpy(&second, bytes + sizeof first, sizeof second);
    hash = mix(first ^ other_seed, second ^ hash);
  };
  const auto* bytes = static_cast<const unsigned char*>(data);
  if (length < kStep) {
    unsigned char padded[kStep] = {};
    if (length != 0) std::memcpy(padded, bytes, length);
    fold(padded);
    return hash;
  }
  const unsigned char* last = bytes + length - kStep;
  for (; bytes < last; bytes += kStep) fold(bytes);
  fold(last);  // which may overlap the one before
  return hash;
}

}  // namespace snapshot
