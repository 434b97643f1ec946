#include "eager_resolver.h"

#include <algorithm>
#include <exception>
#include <system_error>

namespace cli {

void EagerResolver::expect(const std::vector<snapshot::Module>& modules) {
  finish_opening();
  expected_.clear();
  for (const snapshot::Module& module : modules) expected_.push_back(symbolizer_.add(module));
  // One that was loaded twice is one: two threads must not open it.
  std::ranges::sort(expected_);
  const auto rest = std::ranges::unique(expected_);
  expected_.erase(rest.begin(), rest.end());
  next_ = 0;
  try {
    opener_ = std::thread([this] { open_next(); });
  } catch (const std::system_error&) {
    // No thread is to be had: then they are opened when they are asked for.
  }
}

void EagerResolver::resolve(const snapshot::Module& module, std::uint64_t address,
                            std::vector<snapshot::FrameId>& frames) {
  finish_opening();
  symbolizer_.append_frames(symbolizer_.add(module), address, frames);
}

/// Opens modules until all are taken.
void EagerResolver::open_next() {
  for (std::size_t at = next_++; at < expected_.size(); at = next_++) {
    try {
      symbolizer_.open(expected_[at]);
    } catch (const std::exception&) {
      // It fails again when it is asked for, where that can be told.
    }
  }
}

/// Helps, as until all are open nothing else can be done.
void EagerResolver::finish_opening() {
  if (!opener_.joinable()) return;
  open_next();
  opener_.join();
}

}  // namespace cli
