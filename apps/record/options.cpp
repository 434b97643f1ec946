#include "options.h"

#include "common/parse_value.h"
#include "naming.h"

#include <recorder/region.h>

#include <charconv>
#include <limits>

namespace cli {
namespace {

constexpr std::uint64_t kMostFrames = 4096;

std::chrono::nanoseconds parse_seconds(const std::string& text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= 0.001) || seconds > 1e9) {
    throw UsageError("'" + text + "' is not a number of seconds from 0.001 to 1000000000");
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

std::string parse_glob(const std::string& text) {
  if (text.size() >= sizeof(snapshot::recorder::CaptureFilter::pattern)) throw UsageError("is too long for a pattern");
  return text;
}

}  // namespace

void RecordOptions::add_when(CommandLine& command_line) {
  command_line.option(
      "--on", "EVENT[,EVENT]", [this](const std::string& list) { triggers.add(list); },
      "Write a snapshot at the exit (default), of the peak, on signal:NAME, whenever traced memory has grown by "
      "growth:SIZE, when the process passes rss:SIZE; any of several",
      true);
  command_line.option(
      "--interval", "SEC", [this](const std::string& text) { interval = parse_seconds(text); },
      "Write a snapshot every so many seconds");
  command_line.option(
      "--delay", "SEC", [this](const std::string& text) { delay = parse_seconds(text); },
      "Begin to record after so many seconds");
  command_line.flag("--paused", paused, "Do not begin to record until tmrecord --start");
  command_line.flag("--follow-fork", follow_fork, "Record the programs that the program starts, too");
}

void RecordOptions::add_what(CommandLine& command_line) {
  command_line.option(
      "-o,--output", "PATTERN", [this](const std::string& text) { output = check_pattern(text); },
      "Names of the snapshots: %p is the program, %P the process, %n a number, %t the time, %e the event; "
      "%p.%n.tms by default");
  command_line.option(
      "--frames", "N",
      [this](const std::string& text) { frames = static_cast<std::uint32_t>(parse_number(text, kMostFrames, 1)); },
      "Keep so many frames of a traceback, the most recent: 64 by default");
  command_line.option(
      "--sample", "SIZE",
      [this](const std::string& text) { sampling_interval = static_cast<std::uint64_t>(parse_size(text)); },
      "Record a sample of the blocks, one in so many bytes: 0, all, by default");
  command_line.option(
      "-i,--include", "GLOB", [this](const std::string& text) { filters.emplace_back(true, parse_glob(text)); },
      "Record blocks that are allocated in a matching module; any of several", true);
  command_line.option(
      "-x,--exclude", "GLOB", [this](const std::string& text) { filters.emplace_back(false, parse_glob(text)); },
      "Do not record blocks that are allocated in a matching module", true);
  command_line.option(
      "--symbols", "WHEN",
      [this](const std::string& text) {
        symbols = parse_choice<SymbolsWhen>(
            text, {{"now", SymbolsWhen::now}, {"later", SymbolsWhen::later}, {"never", SymbolsWhen::never}});
      },
      "Look up functions and lines now (default: as a snapshot is written), later (when the program has ended) or "
      "never");
  command_line.option(
      "--metrics", "NAME[,NAME]", [this](const std::string& list) { take_metrics(list); },
      "What to tell of the process: rss, pss, faults, threads; all by default, or none", false);
  command_line.option(
      "--max-memory", "SIZE",
      [this](const std::string& text) { max_memory = static_cast<std::uint64_t>(parse_size(text)); },
      "The most memory for the table of blocks: 16 to 24 bytes a block are needed");
  command_line.option(
      "--python", "WHEN",
      [this](const std::string& text) {
        python = parse_choice<bool>(text, {{"auto", true}, {"never", false}});
      },
      "Record Python's own allocations, under its functions and lines, where the program is a CPython of 3.8 to 3.13 "
      "(auto, the default), or never");
  command_line.flag("--native", native,
                    "Of what extension modules of Python take by malloc, keep the native frames, too");
  command_line.flag("-q,--quiet", quiet, "Do not say in the end what was written");
}

void RecordOptions::add_commands(CommandLine& command_line) {
  const auto command_of = [&](const char* name, Command which, const char* help) {
    command_line.option(
        name, "PID", [this, which](const std::string& text) { take_command(which, text); }, help);
  };
  command_line.option(
      "--snapshot", "PID|FILE", [this](const std::string& text) { take_snapshot(text); },
      "Write a snapshot of a process that is being recorded, or records itself into FILE, and exit");
  command_of("--start", Command::start, "Let a process that is recorded begin, or go on, to record, and exit");
  command_of("--stop", Command::stop, "Let it pause, and exit");
  command_of("--clear", Command::clear, "Let it forget all blocks, and exit");
  command_line.flag("--recover", recover_,
                    "List what was recorded and not written, or write that of a FILE or PID, and exit");
}

void RecordOptions::take_command(Command which, const std::string& process) {
  more_than_one_ = more_than_one_ || command != Command::run;
  command = which;
  pid = static_cast<std::uint32_t>(parse_number(process, std::numeric_limits<std::int32_t>::max(), 1));
}

void RecordOptions::take_snapshot(const std::string& what) {
  if (what.find('/') == std::string::npos) {
    take_command(Command::snapshot, what);
    return;
  }
  more_than_one_ = more_than_one_ || command != Command::run;
  command = Command::snapshot;
  region_file = what;
}

void RecordOptions::take_metrics(const std::string& list) {
  metrics = {};
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    using Member = bool MetricChoice::*;
    const auto which = parse_choice<Member>(list.substr(begin, end - begin), {{"rss", &MetricChoice::rss},
                                                                              {"pss", &MetricChoice::pss},
                                                                              {"faults", &MetricChoice::page_faults},
                                                                              {"threads", &MetricChoice::threads},
                                                                              {"none", nullptr}});
    if (which != nullptr) metrics.*which = true;
    begin = end + 1;
  }
}

void RecordOptions::check() {
  if (recover_) {
    more_than_one_ = more_than_one_ || command != Command::run;
    command = Command::recover;
  }
  if (more_than_one_) throw UsageError("takes one of --snapshot, --start, --stop, --clear and --recover");
  if (command == Command::run && program.empty()) throw UsageError("takes a program to run (PROGRAM [ARG]...)");
  if (command != Command::run && command != Command::recover && !program.empty()) {
    throw UsageError("a process that is recorded already takes no PROGRAM");
  }
  if (filters.size() > snapshot::recorder::kMaxFilters) throw UsageError("more than 64 of --include and --exclude");
  if (paused && delay) throw UsageError("--delay: not with --paused");
  const Triggers& on = triggers;
  if (!on.peak && !on.signal && !on.growth && !on.rss) triggers.exit = true;
}

bool RecordOptions::parse(int argc, const char* const* argv) {
  CommandLine command_line("tmrecord", "Run a program, and write snapshots of the memory that it holds.");
  command_line.program("PROGRAM [ARG]...", program, "What to run; its own options come behind its name");
  add_what(command_line);
  add_when(command_line);
  add_commands(command_line);
  if (!command_line.parse(argc, argv)) return false;
  check();
  return true;
}

}  // namespace cli
