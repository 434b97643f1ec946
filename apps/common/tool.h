#pragma once

#include <functional>
#include <string>

namespace cli {

/// Exit statuses of all tools.
enum Status : int {
  kDone = 0,
  kNo = 1,       ///< the answer is "no": a limit was exceeded
  kFailure = 2,  ///< usage, unreadable or broken input
};

/// One line on stderr, "tool: what", whatever the names in it hold. Within run_tool().
void say(const std::string& what);

/// Whether `step` ended without an exception, which else becomes one line "tool: what" on stderr: for tools that go on
/// with the next file. Within run_tool().
bool attempt(const std::function<void()>& step);

/// Runs a tool's `run` as its main(): any exception becomes one line "tool: what" on stderr and status 2. The last
/// catch of the tools.
int run_tool(const char* tool, const std::function<int()>& run);

}  // namespace cli
