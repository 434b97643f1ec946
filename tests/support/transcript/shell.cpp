#include "shell.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

namespace transcript {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

File temporary() {
  File file(std::tmpfile());
  if (!file) fail("tmpfile");
  return file;
}

std::string content(std::FILE* file) {
  std::rewind(file);
  std::string text;
  for (int character = std::getc(file); character != EOF; character = std::getc(file)) {
    text += static_cast<char>(character);
  }
  return text;
}

[[noreturn]] void become(const std::string& command, int out, int err) {
  const bool ready = std::freopen("/dev/null", "r", stdin) != nullptr && ::dup2(out, STDOUT_FILENO) >= 0 &&
                     ::dup2(err, STDERR_FILENO) >= 0;
  if (ready) ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

}  // namespace

void fix_environment(const std::string& root, const std::vector<std::string>& tool_folders) {
  std::string path;
  for (const std::string& folder : tool_folders) path += std::filesystem::absolute(folder).string() + ":";
  const char* const rest = std::getenv("PATH");
  ::setenv("PATH", (path + (rest == nullptr ? "/usr/bin:/bin" : rest)).c_str(), 1);
  for (const char* name : {"COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "UPDATE"}) ::unsetenv(name);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::setenv("TERM", "dumb", 1);
  std::signal(SIGPIPE, SIG_DFL);
  std::filesystem::current_path(root);
}

Outcome run(const std::string& command, bool together) {
  const File out = temporary();
  const File err = temporary();
  const pid_t child = ::fork();
  if (child < 0) fail("fork");
  if (child == 0) become(command, ::fileno(out.get()), ::fileno(together ? out.get() : err.get()));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid");
  }
  return {content(out.get()), content(err.get()), WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

}  // namespace transcript
