#pragma once

#include "check/reports.h"
#include "common/command_line.h"
#include "common/terminal.h"

#include <string>
#include <vector>

namespace cli {

/// --report KIND[=FILE], any number of times: which reports are written, and where. Without one it is text on standard
/// output.
///
/// FILE is written whole or not at all; "-", and none, is standard output, which takes one report: a second one would
/// break the first, unless both are made for a log (text and github). step-summary without FILE is appended to the file
/// that $GITHUB_STEP_SUMMARY names, as other steps of the job do, and else printed.
class ReportOptions {
 public:
  void add_to(CommandLine& command);

  /// Throws std::runtime_error when a report would be written over `input`.
  void refuse_input(const std::string& input) const;

  /// Writes all of them; what goes to standard output last, so that it says nothing where a file cannot be written.
  /// Throws std::runtime_error.
  void write_all(const CheckReport& report) const;

 private:
  struct Target {
    ReportKind kind;
    std::string path;  ///< "-" is standard output
    bool appended = false;
  };

  void take(const std::string& text);
  void check() const;
  std::vector<Target> targets() const;

  std::vector<Target> targets_;
  ColorWhen color_ = ColorWhen::automatic;
};

}  // namespace cli
