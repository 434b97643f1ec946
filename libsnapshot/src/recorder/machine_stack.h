#pragma once

#include <cstdint>

namespace snapshot::recorder {

/// Addresses that can be read around a stack pointer.
struct MachineStack {
  std::uint64_t begin;
  std::uint64_t end;

  bool has(std::uint64_t sp) const { return sp >= begin && sp < end; }
};

/// What is readable from the page of `sp` on, up to 256 KiB: for stacks that are no thread's own, of coroutines and
/// signal handlers. One system call, some microseconds. Empty where the system does not tell.
MachineStack probe_machine_stack(std::uint64_t sp);

/// The calling thread's own, as the C library made it.
MachineStack own_machine_stack();

}  // namespace snapshot::recorder
