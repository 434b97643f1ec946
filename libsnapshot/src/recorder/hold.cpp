#include "recorder/hold.h"

#include "recorder/system.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace snapshot::recorder {

Hold::Hold(const RegionFile& region, std::chrono::nanoseconds lease)
    : region_(region), broken_(region.header().holds_broken.load()), begin_(monotonic_now()) {
  wait_for_fork();
  until_ = monotonic_now() + static_cast<std::uint64_t>(lease.count());
  region.header().hold_until.store(until_, std::memory_order_seq_cst);
  // So that the program's threads see it before their locks are looked at, although they may take them without a fence.
  if (::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0) != 0) {
    ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
  }
  // A thread that the system does not run may keep its lock for long: the half of the lease is for the copy.
  holds_ = wait_for_locks(until_ - static_cast<std::uint64_t>(lease.count()) / 2);
  if (!holds_) end();
}

/// A child that is being made copies the region under a hold of the program's own.
void Hold::wait_for_fork() const {
  constexpr std::uint64_t kLongestFork = 5'000'000'000;
  while (region_.header().forking.load() != 0 && monotonic_now() - begin_ < kLongestFork) ::usleep(1000);
}

bool Hold::wait_for_locks(std::uint64_t until) const {
  const auto is_free = [until](const std::atomic<std::uint32_t>& lock) {
    while (lock.load(std::memory_order_seq_cst) != 0) {
      if (monotonic_now() > until) return false;
      ::sched_yield();
    }
    return true;
  };
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    if (!is_free(region_.shards()[shard].lock)) return false;
  }
  return is_free(region_.header().python.small.lock);
}

bool Hold::end() {
  if (ended_) return holds_;
  ended_ = true;
  Header& header = region_.header();
  const std::uint64_t now = monotonic_now();
  std::uint64_t mine = until_;
  // Without the exchange a program that broke the hold, and counted that, would not be told from one that still waits.
  const bool kept = header.hold_until.compare_exchange_strong(mine, 0);
  header.hold_wake.fetch_add(1);
  futex_wake(header.hold_wake);
  held_ = std::chrono::nanoseconds(now - begin_);
  holds_ = holds_ && kept && now < until_ && header.holds_broken.load() == broken_;
  return holds_;
}

}  // namespace snapshot::recorder
