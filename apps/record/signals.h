#pragma once

#include <sys/types.h>

#include <csignal>

namespace cli {

/// Signals while a program runs below this one: as if it were the program itself. Takes them all, as a descriptor that
/// can be polled.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int descriptor() const { return descriptor_; }
  const sigset_t& mask_before() const { return before_; }

  /// Hands on all that came, but for those that the program got itself from the terminal. Whether one came that asks
  /// programs to end, from wherever.
  bool forward(pid_t program, bool program_stopped) const;

 private:
  sigset_t before_;
  int descriptor_;
};

/// Stops this process by the signal that stopped the program, so that the shell sees it. Returns when it goes on.
void stop_by(int signal);

/// The exit status of a program that ended by itself, as wait(2) tells it. After one that a signal ended this process
/// ends by the same, without a core of its own.
int end_as(int wait_status);

}  // namespace cli
