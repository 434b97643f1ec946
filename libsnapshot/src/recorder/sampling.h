#pragma once

#include <cstdint>

namespace snapshot::recorder {

/// The next pseudo-random number of 64 bits (xorshift64*). `state` must not be 0.
std::uint64_t next_random(std::uint64_t& state);

/// Bytes to the next sample: exponentially distributed with this mean, so that samples are a Poisson process over the
/// bytes that the thread allocates, and a block of `size` bytes is seen with probability 1 - exp(-size / mean).
std::int64_t next_sample(std::uint64_t& random, std::uint64_t mean);

}  // namespace snapshot::recorder
