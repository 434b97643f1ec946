#pragma once

#include <stdexcept>
#include <string>

namespace cli {

/// Why a program cannot be started, and the exit status that says so, as in env(1).
class CannotRun : public std::runtime_error {
 public:
  CannotRun(int status, const std::string& what) : std::runtime_error(what), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

/// The file that the system would run for `name`. Throws CannotRun: 127 when there is none, 126 for what is no program.
std::string find_program(const std::string& name);

/// Throws CannotRun, with status 2, for a program into which no recorder can be loaded: its dynamic linker would leave
/// it out, or it has none.
void refuse_unrecordable(const std::string& path);

}  // namespace cli
