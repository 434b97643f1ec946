#include "pager.h"

#include "command_line.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

extern char** environ;

namespace cli {
namespace {

constexpr const char* kDefaultPager = "less";

/// Our environment. Where nobody configured less, it ends by itself at the end of what fits, passes colours through,
/// and leaves the text on the screen.
std::vector<char*> pager_environment() {
  static char less_options[] = "LESS=FRX";
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  if (std::getenv("LESS") == nullptr) variables.push_back(less_options);
  variables.push_back(nullptr);
  return variables;
}

/// Starts the command with the descriptor as its standard input. 0, or an error number.
int spawn(const std::string& command, int input, pid_t& process) {
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  const std::vector<char*> variables = pager_environment();
  // Of the default nobody needs to hear that it is not installed.
  const bool shell = command != kDefaultPager;
  std::array<std::string, 3> words{shell ? "/bin/sh" : command, "-c", command};
  const std::array<char*, 4> arguments{words[0].data(), shell ? words[1].data() : nullptr, words[2].data(), nullptr};
  const int error = ::posix_spawnp(&process, arguments[0], &files, nullptr, arguments.data(), variables.data());
  ::posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

void add_pager(CommandLine& command, bool& no_pager) {
  command.flag("--no-pager", no_pager, "Do not show through a pager what is longer than the screen");
}

std::optional<Paging> paging(bool no_pager) {
  const auto screen = output_screen();
  const auto command = pager_command();
  if (no_pager || !screen || !command) return std::nullopt;
  return Paging{*screen, *command};
}

std::optional<std::string> pager_command() {
  const char* const value = std::getenv("PAGER");
  if (value == nullptr) return kDefaultPager;
  const std::string command = value;
  const std::size_t begin = command.find_first_not_of(" \t");
  if (begin == std::string::npos) return std::nullopt;
  const std::string trimmed = command.substr(begin, command.find_last_not_of(" \t") - begin + 1);
  return trimmed == "cat" ? std::nullopt : std::optional(trimmed);
}

Pager::Ignored::Ignored(int signal) : signal_(signal) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(signal_, &ignore, &before_);
}

Pager::Ignored::~Ignored() { ::sigaction(signal_, &before_, nullptr); }

std::unique_ptr<Pager> Pager::start(const std::string& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return nullptr;
  pid_t process = 0;
  const int error = spawn(command, ends[0], process);
  ::close(ends[0]);
  if (error == 0) return std::unique_ptr<Pager>(new Pager(process, ends[1]));
  ::close(ends[1]);
  return nullptr;
}

Pager::Pager(pid_t process, int pipe) : process_(process), pipe_(pipe) {
  const int capacity = ::fcntl(pipe_, F_GETPIPE_SZ);
  capacity_ = capacity > 0 ? static_cast<std::size_t>(capacity) : 0;
}

Pager::~Pager() { wait(); }

bool Pager::write(std::string_view text) {
  if (!started_) unread_ += text;
  while (!text.empty()) {
    const ssize_t written = ::write(pipe_, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written <= 0) continue;
    text.remove_prefix(static_cast<std::size_t>(written));
    written_ += static_cast<std::size_t>(written);
    started_ = started_ || written_ > capacity_;
    if (started_) unread_ = {};
  }
  return true;
}

std::string Pager::finish() {
  const int status = wait();
  // What a shell says when a program cannot be executed, or is not found.
  const bool failed = WIFEXITED(status) && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127);
  return failed ? std::move(unread_) : "";
}

int Pager::wait() {
  if (process_ == 0) return 0;
  ::close(pipe_);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
  errors_.reset();
  return status;
}

}  // namespace cli
