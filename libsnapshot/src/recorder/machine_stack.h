#pragma once

#include <cstdint>

namespace snapshot::recorder {

/// The mapping [begin, end) in which a stack pointer lies, by /proc/self/maps: some 20 microseconds. Both are the
/// pointer itself when it cannot be told.
void find_machine_stack(std::uint64_t sp, std::uint64_t& begin, std::uint64_t& end);

/// Where the calling thread's own machine stack ends: above its thread block for those that the C library made, whose
/// stacks have that at their end; at what the dynamic linker remembers for the first thread.
std::uint64_t own_machine_stack_end(bool is_first_thread);

}  // namespace snapshot::recorder
