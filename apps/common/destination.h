#pragma once

#include <snapshot/output_file.h>

#include <functional>
#include <string>

namespace cli {

/// Where a tool writes a file that a user named: "-" is standard output.
struct Destination {
  std::string path;

  bool is_stdout() const { return path == "-"; }

  std::string name() const { return is_stdout() ? "standard output" : path; }  ///< for a message

  /// Throws std::runtime_error when it is the very file that is read: no input is ever modified.
  void refuse_input(const std::string& input) const;

  /// Throws std::runtime_error when it is a terminal.
  void refuse_terminal() const;

  /// Lets `write` write, whole or not at all. Throws std::runtime_error with the name of what could not be written.
  void write(const std::function<void(snapshot::ByteSink&)>& write) const;
};

}  // namespace cli
