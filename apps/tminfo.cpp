#include "common/load_file.h"
#include "common/options.h"
#include "common/output.h"
#include "common/pager.h"
#include "common/print_info.h"
#include "common/tool.h"

#include <snapshot/utf8.h>

#include <optional>
#include <string>
#include <vector>

namespace {

struct Options {
  std::vector<std::string> paths;
  bool verify = false;
  bool json = false;
  bool bytes = false;
  bool no_pager = false;
  cli::ColorWhen color = cli::ColorWhen::automatic;
  cli::InputOptions input;

  bool parse(int argc, const char* const* argv) {
    cli::CommandLine command("tminfo",
                             "Say what is in memory snapshots: where they are from, what they hold, how much.");
    command.arguments("SNAPSHOT...", paths, 1, 0, "Files to read, recognised by content; - is standard input");
    command.flag("--verify", verify, "Decode and check every byte, and say nothing but that it is ok");
    command.flag("--json", json, "Print as JSON");
    command.flag("--bytes", bytes, "Exact bytes, not KiB");
    add_color(command, color);
    add_pager(command, no_pager);
    input.add_to(command);
    if (!command.parse(argc, argv)) return false;
    if (verify && json) throw cli::UsageError("--verify: prints no --json");
    if (verify && input.salvages()) throw cli::UsageError("--verify: passes over nothing, as --salvage would");
    cli::refuse_twice(paths);
    return true;
  }
};

int verify(const Options& options) {
  int status = cli::kDone;
  for (const std::string& path : options.paths) {
    cli::Output output;
    const bool ok = cli::attempt([&] {
      cli::verify_file(path, options.input.load(formats::Detail::traces));
      output.write(snapshot::printable(snapshot::text_from_bytes(cli::input_name(path))) + ": ok\n");
    });
    output.finish();
    if (!ok) status = cli::kFailure;
  }
  return status;
}

int print(const Options& options) {
  const cli::InfoStyle style{options.bytes, use_color(options.color)};
  const std::optional<cli::Paging> paging = cli::paging(options.no_pager);
  int status = cli::kDone;
  cli::Output output(paging);
  std::vector<cli::FileInfo> infos;
  const char* separator = "";
  for (const std::string& path : options.paths) {
    const bool read =
        cli::attempt([&] { infos.push_back(cli::read_file_info(path, options.input.load(formats::Detail::totals))); });
    if (!read) {
      status = cli::kFailure;
      continue;
    }
    for (const std::string& what : infos.back().lost) cli::say(cli::input_name(path) + ": lost: " + what);
    if (options.json) continue;
    output.write(separator);
    print_info(infos.back(), style, output);
    if (!paging) output.finish();  // before the next file has something to say on stderr
    infos.clear();
    separator = "\n";
  }
  if (options.json) print_info_json(infos, output);
  output.finish();
  return status;
}

int run(int argc, const char* const* argv) {
  Options options;
  if (!options.parse(argc, argv)) return cli::kDone;
  return options.verify ? verify(options) : print(options);
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tminfo", [&] { return run(argc, argv); });
}
