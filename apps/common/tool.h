#pragma once

#include <functional>

namespace cli {

/// Exit statuses of all tools.
enum Status : int {
  kDone = 0,
  kNo = 1,       ///< the answer is "no": a limit was exceeded
  kFailure = 2,  ///< usage, unreadable or broken input
};

/// Runs a tool's `run` as its main(): any exception becomes one line "tool: what" on stderr and status 2. The last
/// catch of the tools.
int run_tool(const char* tool, const std::function<int()>& run);

}  // namespace cli
