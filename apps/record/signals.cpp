#include "signals.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace cli {
namespace {

/// All but those that tell of a fault of this process itself.
sigset_t taken_signals() {
  sigset_t set;
  ::sigfillset(&set);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) ::sigdelset(&set, fault);
  return set;
}

bool asks_to_end(int signal) { return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT; }

void hand_on(const signalfd_siginfo& info, pid_t program) {
  const auto number = static_cast<int>(info.ssi_signo);
  if (info.ssi_code != SI_QUEUE) {
    ::kill(program, number);
    return;
  }
  sigval value{};
  value.sival_ptr = reinterpret_cast<void*>(info.ssi_ptr);
  ::sigqueue(program, number, value);
}

void take_default(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t one;
  ::sigemptyset(&one);
  ::sigaddset(&one, signal);
  ::kill(::getpid(), signal);
  ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
}

}  // namespace

Signals::Signals() {
  const sigset_t taken = taken_signals();
  ::sigprocmask(SIG_SETMASK, &taken, &before_);
  descriptor_ = ::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) throw std::runtime_error(std::string("signalfd: ") + std::strerror(errno));
}

Signals::~Signals() {
  ::close(descriptor_);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool Signals::forward(pid_t program, bool program_stopped) const {
  bool end = false;
  signalfd_siginfo info{};
  while (::read(descriptor_, &info, sizeof info) == sizeof info) {
    const auto number = static_cast<int>(info.ssi_signo);
    end = end || asks_to_end(number);
    if (number == SIGCHLD || program == 0) continue;
    // What the terminal sends, all of its processes get; what the program sends to its own group came from it.
    const bool by_kill = info.ssi_code <= 0;
    const auto sender = static_cast<pid_t>(info.ssi_pid);
    if (number == SIGCONT ? !program_stopped : !by_kill || sender == program || sender == ::getpid()) continue;
    hand_on(info, program);
  }
  return end;
}

void stop_by(int signal) {
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, nullptr, &before);
  take_default(signal);  // here it stops, until SIGCONT
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

int end_as(int wait_status) {
  if (!WIFSIGNALED(wait_status)) return WEXITSTATUS(wait_status);
  const int signal = WTERMSIG(wait_status);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  take_default(signal);
  return 128 + signal;  // where it is one that does not kill
}

}  // namespace cli
