#include "tool.h"

#include "progress.h"

#include <snapshot/utf8.h>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>

namespace cli {
namespace {

const char* tool_name = "";

/// Reading past the end of a mapped file that was cut short meanwhile.
void on_bus_error(int /*signal*/) {
  erase_progress();
  const char* const kWhat = ": an input file was cut short while it was being read\n";
  static_cast<void>(::write(STDERR_FILENO, tool_name, std::strlen(tool_name)) >= 0);
  static_cast<void>(::write(STDERR_FILENO, kWhat, std::strlen(kWhat)) >= 0);
  ::_exit(kFailure);
}

}  // namespace

void say(const std::string& what) {
  // One line, whatever the names in it hold.
  const std::string line = std::string(tool_name) + ": " + snapshot::printable(snapshot::text_from_bytes(what)) + "\n";
  std::fputs(line.c_str(), stderr);
}

bool attempt(const std::function<void()>& step) {
  try {
    step();
    return true;
  } catch (const std::bad_alloc&) {
    say("not enough memory");
  } catch (const std::exception& error) {
    say(error.what());
  }
  return false;
}

int run_tool(const char* tool, const std::function<int()>& run) {
  tool_name = tool;
  std::signal(SIGBUS, on_bus_error);
  int status = kFailure;
  attempt([&] { status = run(); });
  return status;
}

}  // namespace cli
