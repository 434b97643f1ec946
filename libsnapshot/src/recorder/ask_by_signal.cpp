#include "recorder/ask_by_signal.h"

#include "recorder/core.h"
#include "recorder/system.h"

#include <signal.h>

namespace snapshot::recorder {
namespace {

/// Only marks the wish: what is interrupted may be anything. In a child that is not recorded the signal does what it
/// would have done.
void ask(int number) {
  const KeepErrno keep;
  if (!is_mine()) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  Header& header = current_region().header();
  header.requests.fetch_or(kRequestSignal);
  futex_wake(header.requests);
}

}  // namespace

void prepare_signal(const Header& header) {
  const auto number = static_cast<int>(header.settings.signal);
  struct sigaction now {};
  if (number == 0 || sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) return;
  struct sigaction asking {};
  asking.sa_handler = ask;
  asking.sa_flags = SA_RESTART;
  sigaction(number, &asking, nullptr);
}

}  // namespace snapshot::recorder
