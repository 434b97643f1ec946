#include "progress.h"

#include "size_text.h"
#include "terminal.h"
#include "text_table.h"

#include <fmt/format.h>
#include <snapshot/utf8.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <string_view>
#include <system_error>

namespace cli {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(500);
constexpr auto kInterval = std::chrono::milliseconds(100);

// One bar at a time; a handler of signals knows no object.
std::atomic<bool> bar_is_shown = false;

void write_to_terminal(std::string_view text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) >= 0);
}

/// Whoever works in the background of a shell had better not write into what its user does.
bool in_foreground() {
  const pid_t foreground = ::tcgetpgrp(STDERR_FILENO);
  return foreground < 0 || foreground == ::getpgrp();
}

constexpr std::size_t kCells = 20;

std::string bar(std::size_t from, std::size_t to) {
  return "[" + std::string(from, ' ') + std::string(to - from, '#') + std::string(kCells - to, ' ') + "]";
}

/// To and fro.
std::string moving_bar(std::size_t tick) {
  constexpr std::size_t kBlock = 4;
  constexpr std::size_t kWay = kCells - kBlock;
  const std::size_t at = tick % (2 * kWay);
  const std::size_t from = at <= kWay ? at : 2 * kWay - at;
  return bar(from, from + kBlock);
}

}  // namespace

Progress::Progress(const std::string& name) : name_(snapshot::printable(snapshot::text_from_bytes(name))) {
  if (!error_screen()) return;
  // Of many files, each soon read, one waits for all.
  static const Clock::time_point begin = Clock::now();
  const auto first = std::max(begin + kPatience, Clock::now() + kInterval);
  try {
    thread_ = std::thread([this, first] { draw_until_end(first); });
  } catch (const std::system_error&) {  // no thread, no bar
  }
}

void Progress::draw_until_end(Clock::time_point first) {
  std::unique_lock lock(mutex_);
  auto next = first;
  for (std::size_t tick = 0; !end_.wait_until(lock, next, [&] { return ended_; }); ++tick) {
    draw(tick);
    next = Clock::now() + kInterval;
  }
}

void Progress::draw(std::size_t tick) const {
  const auto screen = error_screen();  // its size may change
  if (!screen || !in_foreground()) return;
  bar_is_shown = true;
  write_to_terminal("\r" + progress_line(name_, reading_.offset, reading_.length, tick, screen->columns) + "\x1b[K");
}

void Progress::end() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  end_.notify_one();
  thread_.join();
  erase_progress();
}

void erase_progress() {
  if (bar_is_shown.exchange(false)) write_to_terminal("\r\x1b[K");
}

std::string progress_line(const std::string& name, std::uint64_t offset, std::uint64_t length, std::size_t tick,
                          std::size_t columns) {
  constexpr std::size_t kLeastName = 12;
  const std::size_t room = columns > 0 ? columns - 1 : 0;  // behind the last column a terminal wraps
  std::string amount;
  std::string drawn;
  if (offset == 0) {
    drawn = " " + moving_bar(tick);
  } else if (length == 0) {
    amount = "  " + size_text_of(static_cast<double>(offset));
  } else {
    const double part = std::min(1.0, static_cast<double>(offset) / static_cast<double>(length));
    amount = fmt::format(" {:3.0f}%", 100 * part);
    drawn = " " + bar(0, static_cast<std::size_t>(part * kCells));
  }
  if (drawn.size() + amount.size() + kLeastName <= room) amount = drawn + amount;
  const std::size_t left = room > amount.size() ? room - amount.size() : 0;
  const bool whole = display_width(name) <= left;
  const std::string shown = whole ? name : name.substr(name.rfind('/') + 1);
  return first_columns(first_columns(shown, left) + amount, room);
}

}  // namespace cli
