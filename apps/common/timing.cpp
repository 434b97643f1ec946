#include "timing.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstddef>
#include <cstdio>

namespace cli {

void Timing::end(Step step) {
  const Clock::time_point now = Clock::now();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  Spent& spent = spent_[static_cast<std::size_t>(step)];
  spent.time += now - since_;
  spent.peak_kib = usage.ru_maxrss;
  since_ = now;
}

void Timing::report(std::string_view tool) const {
  constexpr std::array<std::string_view, 6> kNames{"open", "decode", "filter", "group", "print", "write"};
  for (std::size_t at = 0; at < kNames.size(); ++at) {
    if (spent_[at].peak_kib == 0) continue;
    const double milliseconds = std::chrono::duration<double, std::milli>(spent_[at].time).count();
    fmt::print(stderr, "{}: {:<6} {:9.3f} ms, peak {:.1f} MiB\n", tool, kNames[at], milliseconds,
               static_cast<double>(spent_[at].peak_kib) / 1024);
  }
}

}  // namespace cli
