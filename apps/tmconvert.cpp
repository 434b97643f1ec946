#include "common/destination.h"
#include "common/format_list.h"
#include "common/load_file.h"
#include "common/options.h"
#include "common/output.h"
#include "common/output_format.h"
#include "common/parse_value.h"
#include "common/symbolize_options.h"
#include "common/timing.h"
#include "common/tool.h"

#include <snapshot/save.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct ConvertOptions {
  const formats::Format* to = nullptr;  ///< null: as the name of the file says
  formats::WriteOptions write;
  cli::SymbolizeOptions symbols;
  bool totals_only = false;
  bool quiet = false;
  bool list = false;
  bool json = false;
  bool timing = false;

  void add_to(cli::CommandLine& command) {
    command.option(
        "--to", "FMT", [this](const std::string& name) { to = cli::parse_writer(name); },
        "Write this format: " + formats::writer_names() + " (default: by OUT's extension; tms for -)");
    command.option(
        "--level", "N",
        [this](const std::string& text) {
          write.level = static_cast<int>(
              cli::parse_number(text, snapshot::SaveOptions::kMostLevel, snapshot::SaveOptions::kLeastLevel));
        },
        "Compress so hard: 1 to 22");
    command.option(
        "--amount", "KEY", [this](const std::string& name) { write.amount = amount(name); },
        "What the number of a folded line is: size (default) or count");
    command.flag("--totals-only", totals_only, "Drop single blocks, keep the sums of each traceback");
    symbols.add_to(command);
    command.flag("-q,--quiet", quiet, "Do not say what the format cannot carry, or what has no symbols");
    command.flag("--list", list, "Show the formats and what each can carry, and exit");
    command.flag("--json", json, "Show the --list as JSON");
    cli::add_timing(command, timing);
  }

  static formats::Amount amount(const std::string& name) {
    return cli::parse_choice<formats::Amount>(name,
                                              {{"size", formats::Amount::size}, {"count", formats::Amount::count}});
  }
};

/// Refuses options that the format does not take.
void check(const ConvertOptions& options, const formats::Format& format) {
  const auto takes_none = [&](const char* option) {
    return option + std::string(": ") + std::string(format.name) + " takes none";
  };
  if (options.write.level && !format.takes_level) throw cli::UsageError(takes_none("--level"));
  if (options.write.amount && !format.takes_amount) throw cli::UsageError(takes_none("--amount"));
}

int run(int argc, const char* const* argv) {
  cli::CommandLine command("tmconvert", "Write a memory snapshot in another format.");
  std::vector<std::string> paths;
  ConvertOptions options;
  cli::InputOptions input;
  command.arguments("IN OUT", paths, 0, 0,
                    "File to read, recognised by content, and file to write; - is a standard stream");
  options.add_to(command);
  input.add_to(command);
  if (!command.parse(argc, argv)) return cli::kDone;
  if (options.list) {
    cli::Output output;
    cli::list_formats(output, options.json);
    output.finish();
    return cli::kDone;
  }
  if (options.json) throw cli::UsageError("--json goes with --list");
  if (paths.size() != 2) throw cli::UsageError("takes 2 arguments (IN OUT), not " + std::to_string(paths.size()));

  const cli::Destination out{paths[1]};
  const formats::Format& format = output_format(options.to, out);
  check(options, format);
  if (format.binary) out.refuse_terminal();
  out.refuse_input(paths[0]);
  cli::Timing timing;
  const auto detail = options.totals_only ? formats::Detail::sizes : formats::Detail::traces;
  const auto symbols = std::make_shared<snapshot::Symbols>();
  formats::Loaded loaded = cli::load_file(paths[0], input.load(detail), symbols, timing);
  if (options.symbols.wanted()) {
    loaded.snapshot = options.symbols.symbolize(loaded.snapshot, symbols, cli::input_name(paths[0]), options.quiet);
  }
  if (options.totals_only) loaded.snapshot = loaded.snapshot.totals_only();
  out.write([&](snapshot::ByteSink& sink) { format.write(loaded.snapshot, options.write, sink); });
  timing.end(cli::Step::write);
  if (!options.quiet) tell_left_out(loaded.snapshot, format, out);
  if (options.timing) timing.report("tmconvert");
  return cli::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run_tool("tmconvert", [&] { return run(argc, argv); });
}
