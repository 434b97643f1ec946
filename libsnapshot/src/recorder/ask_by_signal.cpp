#include "recorder/ask_by_signal.h"

#include "recorder/core.h"
#include "recorder/system.h"

#include <signal.h>

namespace snapshot::recorder {
namespace {

/// Only marks the wish: what is interrupted may be anything.
void ask(int /*signal*/) {
  const KeepErrno keep;
  if (!is_active()) return;
  Header& header = current_region().header();
  header.requests.fetch_or(kRequestSignal);
  futex_wake(header.requests);
}

}  // namespace

void prepare_signal(const Header& header) {
  const auto signal = static_cast<int>(header.settings.signal);
  struct sigaction now {};
  if (signal == 0 || sigaction(signal, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) return;
  struct sigaction asking {};
  asking.sa_handler = ask;
  asking.sa_flags = SA_RESTART;
  sigaction(signal, &asking, nullptr);
}

}  // namespace snapshot::recorder
