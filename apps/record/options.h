#pragma once

#include "common/command_line.h"
#include "triggers.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cli {

/// When names of functions and lines are looked up.
enum class SymbolsWhen { now, later, never };

/// What is done to a program that is recorded already.
enum class Command { run, snapshot, start, stop, clear, recover };

/// Which numbers of the process a snapshot tells.
struct MetricChoice {
  bool rss = false;
  bool pss = false;
  bool page_faults = false;
  bool threads = false;
};

/// The command line of tmrecord.
struct RecordOptions {
  std::vector<std::string> program;  ///< with its arguments; of --recover files and processes
  Command command = Command::run;
  std::uint32_t pid = 0;    ///< of a command that has one
  std::string region_file;  ///< of --snapshot, in place of a process

  std::string output = "%p.%n.tms";
  std::uint32_t frames = 64;
  std::optional<std::chrono::nanoseconds> interval;
  Triggers triggers;
  std::uint64_t sampling_interval = 0;                ///< bytes
  std::vector<std::pair<bool, std::string>> filters;  ///< inclusive, pattern
  bool follow_fork = false;
  std::optional<std::chrono::nanoseconds> delay;
  bool paused = false;
  SymbolsWhen symbols = SymbolsWhen::now;
  MetricChoice metrics{true, true, true, true};
  std::optional<std::uint64_t> max_memory;  ///< bytes of the table
  bool native = false;                      ///< native frames beneath those of Python
  bool python = true;                       ///< frames of Python, where the program has a CPython
  bool quiet = false;

  /// False when all is done already.
  bool parse(int argc, const char* const* argv);

 private:
  void add_when(CommandLine& command_line);
  void add_what(CommandLine& command_line);
  void add_commands(CommandLine& command_line);
  void take_metrics(const std::string& list);
  void take_snapshot(const std::string& what);
  void take_command(Command which, const std::string& process);
  void check();

  bool recover_ = false;
  bool more_than_one_ = false;  // commands
};

}  // namespace cli
