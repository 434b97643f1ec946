#include "watch.h"

#include "recording.h"

#include "common/tool.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLimitTick{50};  // how often limits are looked at
constexpr milliseconds kFileTick{10};   // and files that are just being made

/// A descriptor that is closed in the end, and read until it is empty.
class Wakes {
 public:
  explicit Wakes(int descriptor) : descriptor_(descriptor) {}
  ~Wakes() { ::close(descriptor_); }
  Wakes(const Wakes&) = delete;
  Wakes& operator=(const Wakes&) = delete;

  int descriptor() const { return descriptor_; }
  void drain() const {
    char bytes[4096];
    while (::read(descriptor_, bytes, sizeof bytes) > 0) continue;
  }

 private:
  int descriptor_;
};

class Watch {
 public:
  Watch(const RecordOptions& options, const Session& session, const Signals& signals, pid_t program)
      : options_(options),
        signals_(signals),
        program_(program),
        requests_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        files_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
        recording_(options, session, static_cast<std::uint32_t>(program), requests_.descriptor()),
        begin_(Clock::now()) {
    ::inotify_add_watch(files_.descriptor(), session.directory.c_str(), IN_CREATE);
  }

  Ended run() {
    do {
      recording_.discover();
      recording_.answer_requests();
      recording_.check_limits();
      write_by_time();
      recording_.finish_ended(usage_);
      if (usage_ && recording_.empty()) break;
      wait();
      const bool end = signals_.forward(usage_ ? 0 : program_, stopped_);
      reap();
      if (end && usage_ && !ended_now_) recording_.abandon();
    } while (!usage_ || !recording_.empty() || ended_now_);
    recording_.finish_files();
    const std::string summary = recording_.summary();
    if (!options_.quiet) say(summary);
    return {wait_status_, recording_.failed()};
  }

 private:
  void wait() {
    std::vector<pollfd> polled{
        {signals_.descriptor(), POLLIN, 0}, {requests_.descriptor(), POLLIN, 0}, {files_.descriptor(), POLLIN, 0}};
    for (const int process : recording_.processes()) polled.push_back({process, POLLIN, 0});
    ::poll(polled.data(), polled.size(), timeout());
    requests_.drain();
    files_.drain();
  }

  /// Milliseconds until something is due by itself; -1: nothing is.
  int timeout() const {
    std::optional<milliseconds> next;
    const auto no_later = [&](milliseconds time) { next = std::min(next.value_or(time), time); };
    if (options_.triggers.growth || options_.triggers.rss || options_.delay) no_later(kLimitTick);
    if (recording_.waits_for_files()) no_later(kFileTick);
    if (options_.interval) {
      const auto rest = begin_ + (written_ + 1) * *options_.interval - Clock::now();
      no_later(std::clamp(std::chrono::ceil<milliseconds>(rest), milliseconds{0}, milliseconds{60'000}));
    }
    return next ? static_cast<int>(next->count()) : -1;
  }

  /// Those that are late are left out, so that none follow each other at once.
  void write_by_time() {
    if (!options_.interval || usage_) return;
    const std::int64_t due = (Clock::now() - begin_) / *options_.interval;
    if (due <= written_) return;
    written_ = due;
    recording_.write_all("interval");
  }

  void reap() {
    ended_now_ = false;
    int status = 0;
    rusage usage{};
    while (!usage_ && ::wait4(program_, &status, WNOHANG | WUNTRACED | WCONTINUED, &usage) == program_) {
      if (WIFSTOPPED(status)) {
        stopped_ = true;
        stop_by(WSTOPSIG(status));
        // By now someone wants this to go on, and with it the program.
        ::kill(program_, SIGCONT);
      } else if (WIFCONTINUED(status)) {
        stopped_ = false;
      } else {
        usage_ = usage;
        wait_status_ = status;
        ended_now_ = true;
      }
    }
  }

  const RecordOptions& options_;
  const Signals& signals_;
  pid_t program_;
  Wakes requests_;
  Wakes files_;
  Recording recording_;
  Clock::time_point begin_;
  std::int64_t written_ = 0;  // intervals
  bool stopped_ = false;
  bool ended_now_ = false;
  std::optional<rusage> usage_;  // of the program, once it has ended
  int wait_status_ = 0;
};

}  // namespace

Ended watch(const RecordOptions& options, const Session& session, const Signals& signals, pid_t program) {
  return Watch(options, session, signals, program).run();
}

}  // namespace cli
