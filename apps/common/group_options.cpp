#include "options.h"
#include "parse_value.h"

namespace cli {

using snapshot::Charge;
using snapshot::GroupBy;

void GroupOptions::add_to(CommandLine& command) {
  command.option(
      "-g,--group-by", "KEY",
      [this](const std::string& text) {
        group_by = parse_choice<GroupBy>(
            text, {{"lineno", GroupBy::lineno}, {"filename", GroupBy::filename}, {"traceback", GroupBy::traceback}});
      },
      "What blocks are grouped by: lineno (default), filename or traceback");
  command.flag("-c,--cumulative", cumulative_, "Charge every frame of a traceback, each key once a block");
  command.flag("--count-recursion", recursion_, "Cumulative as CPython counts: once for every frame, recursion again");
}

Charge GroupOptions::charge() const {
  if (!cumulative_ && !recursion_) return Charge::most_recent;
  if (group_by == GroupBy::traceback) {
    throw UsageError(std::string(recursion_ ? "--count-recursion" : "--cumulative") +
                     ": tracebacks cannot be grouped cumulatively");
  }
  return recursion_ ? Charge::every_frame : Charge::once;
}

}  // namespace cli
