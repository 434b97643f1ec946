#include "recorded_region.h"

#include "process_numbers.h"

#include <poll.h>
#include <recorder/system.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <utility>

namespace cli {

using snapshot::recorder::Request;
using snapshot::recorder::State;

RecordedRegion::RecordedRegion(RegionName name, const RecordOptions& options, int wake)
    : name_(std::move(name)),
      choice_(options.metrics),
      file_(name_.path),
      wake_(wake),
      process_(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(name_.pid), 0))),
      started_(!options.delay),
      watcher_([this] { watch(); }) {
  header().reader = static_cast<std::uint32_t>(::getpid());
}

RecordedRegion::~RecordedRegion() {
  ends_ = true;
  snapshot::recorder::futex_wake(header().requests);
  watcher_.join();
  if (process_ >= 0) ::close(process_);
}

bool RecordedRegion::has_ended() const {
  pollfd process{process_, POLLIN, 0};
  return process_ < 0 || ::poll(&process, 1, 0) > 0;
}

RecordedRegion::Moment RecordedRegion::moment(bool alive) {
  const std::lock_guard lock(copying_);
  Moment now{copy_region(file_, alive), alive ? process_metrics(name_.pid, choice_) : std::vector<snapshot::Metric>()};
  now.copy.process.pid = name_.pid;  // in the region it may not have been there yet
  return now;
}

void RecordedRegion::watch() {
  constexpr std::uint64_t kLongestWait = 200'000'000;  // ns
  constexpr std::uint32_t kForOthers = Request::kRequestSnapshot | Request::kRequestSignal;
  while (!ends_) {
    const std::uint32_t asked = header().requests.load();
    if ((asked & Request::kRequestPeak) != 0) {
      keep_peak();
      continue;
    }
    if ((asked & kForOthers) != 0) {
      const std::uint64_t one = 1;
      static_cast<void>(::write(wake_, &one, sizeof one) >= 0);
    }
    // For some time only: the wake of the end may come before this waits.
    if (!ends_) snapshot::recorder::futex_wait(header().requests, asked, kLongestWait);
  }
}

/// The program waits meanwhile.
void RecordedRegion::keep_peak() {
  // First: the program goes on as soon as the copy is made, and may ask again.
  header().requests.fetch_and(~std::uint32_t{Request::kRequestPeak});
  try {
    Moment now = moment(true);
    const std::lock_guard lock(copying_);
    if (!peak_ || now.copy.traced >= peak_->copy.traced) peak_ = std::move(now);
  } catch (const std::exception&) {
    // Then the peak is one that was before, and it is told how near that is.
  }
  answer();
}

std::uint32_t RecordedRegion::take_requests() {
  constexpr std::uint32_t kMine = Request::kRequestSnapshot | Request::kRequestSignal;
  return header().requests.fetch_and(~kMine) & kMine;
}

void RecordedRegion::answer() {
  ++header().requests_done;
  snapshot::recorder::futex_wake(header().requests_done);
}

std::optional<RecordedRegion::Moment> RecordedRegion::take_peak() {
  const std::lock_guard lock(copying_);
  return std::exchange(peak_, std::nullopt);
}

bool RecordedRegion::has_grown(std::int64_t size) {
  const std::int64_t now = traced_now(file_);
  if (now - size < grown_to_) return false;
  grown_to_ = now;
  return true;
}

bool RecordedRegion::has_passed(std::int64_t rss) {
  const std::int64_t now = resident_memory(name_.pid).value_or(0);
  const bool was_above = above_rss_;
  // It has to fall some way before it can pass again, so that what swings around the limit does not fill a disk.
  above_rss_ = now >= rss || (was_above && now >= rss - rss / 10);
  return above_rss_ && !was_above;
}

void RecordedRegion::start_if_due(std::chrono::steady_clock::time_point due) {
  if (started_ || std::chrono::steady_clock::now() < due) return;
  State paused = State::paused;
  started_ = header().state.compare_exchange_strong(paused, State::recording);
}

}  // namespace cli
