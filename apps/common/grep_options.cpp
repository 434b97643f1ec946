#include "grep_options.h"

#include "load_file.h"
#include "output_format.h"
#include "parse_value.h"

#include <algorithm>
#include <array>
#include <limits>

namespace cli {

bool GrepOptions::parse(int argc, const char* const* argv) {
  CommandLine command("tmgrep", "Find blocks in memory snapshots: print their groups, or write them as a snapshot.");
  command.arguments("SNAPSHOT...", paths, 1, 0, "Files to read, recognised by content; - is standard input");
  command.option(
      "-o,--output", "FILE", [this](const std::string& path) { out_ = path; },
      "Write the blocks that are found as a snapshot; - is standard output");
  command.option(
      "--to", "FMT", [this](const std::string& name) { to_ = parse_writer(name); },
      "Write --output as this format: " + formats::writer_names() + " (default: by its extension; tms for -)");
  command.flag("--count", count_, "Print how many blocks are found");
  command.flag("-l,--files-with-matches", with_, "Print the names of the snapshots in which any is found");
  command.flag("-L,--files-without-match", without_, "Print the names of the snapshots in which none is found");
  command.flag("-q,--quiet", quiet_, "Print nothing: the status tells");
  command.option(
      "--min-count", "N",
      [this](const std::string& text) {
        min_count = static_cast<std::int64_t>(parse_number(text, std::numeric_limits<std::int64_t>::max()));
      },
      "Find groups of at least so many blocks alone");
  filter.add_to(command);
  filter.add_invert(command);
  path_options.add_to(command);
  group.add_to(command);
  output.add_to(command, false);
  input.add_to(command);
  if (!command.parse(argc, argv)) return false;
  check();
  return true;
}

void GrepOptions::check() const {
  const std::array answers{out_.has_value(), count_, with_, without_, quiet_};
  if (std::ranges::count(answers, true) > 1) {
    throw UsageError("--output, --count, -l, -L and -q exclude each other");
  }
  if (to_ != nullptr && !out_) throw UsageError("--to: goes with --output");
  if (out_ && paths.size() != 1) throw UsageError("--output: is made of one snapshot");
  refuse_twice(paths);
}

GrepAnswer GrepOptions::answer() const {
  if (out_) return GrepAnswer::snapshot;
  if (count_) return GrepAnswer::count;
  if (with_) return GrepAnswer::with;
  if (without_) return GrepAnswer::without;
  return quiet_ ? GrepAnswer::nothing : GrepAnswer::groups;
}

formats::Detail GrepOptions::detail() const {
  if (out_) return formats::Detail::traces;
  return answer() == GrepAnswer::groups || min_count > 0 ? group.detail() : formats::Detail::sites;
}

}  // namespace cli
