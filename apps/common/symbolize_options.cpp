#include "symbolize_options.h"

#include "tool.h"

#include <recorder/symbolize.h>

#include <filesystem>

namespace cli {
namespace {

/// A directory to look into. libdwfl joins directories with colons.
std::string debug_dir(const std::string& text) {
  std::error_code error;
  if (!std::filesystem::is_directory(text, error)) throw UsageError("'" + text + "' is not a directory");
  const std::string path = std::filesystem::absolute(text).lexically_normal().string();
  if (path.find(':') != std::string::npos)
    throw UsageError("'" + path + "' has a colon, which stands between directories");
  return path;
}

void tell(const snapshot::recorder::Symbolized& symbolized, const std::string& name) {
  for (const auto& left : symbolized.unfinished) {
    say(name + ": " + std::to_string(left.count) + (left.count == 1 ? " frame of " : " frames of ") + left.module +
        " without symbols: " + left.why);
  }
  if (symbolized.finished == 0 && symbolized.unfinished.empty()) say(name + ": no frame is without symbols");
}

}  // namespace

void SymbolizeOptions::add_to(CommandLine& command) {
  command.flag("--symbolize", wanted_, "Find functions and lines of frames that were recorded as addresses");
  command.option(
      "--debug-dir", "DIR", [this](const std::string& text) { debug_dirs_.push_back(debug_dir(text)); },
      "Look here, too, for binaries and their debug files, for --symbolize", true);
  command.after_parse([this] { check(); });
}

void SymbolizeOptions::check() const {
  if (!wanted_ && !debug_dirs_.empty()) throw UsageError("--debug-dir goes with --symbolize");
  if (wanted_ && !snapshot::recorder::Symbolizer::available()) {
    throw UsageError("--symbolize: not in this build, which was configured with TMTOOLS_SYMBOLS=OFF");
  }
}

snapshot::Snapshot SymbolizeOptions::symbolize(const snapshot::Snapshot& snapshot,
                                               const std::shared_ptr<snapshot::Symbols>& symbols,
                                               const std::string& name, bool quiet) const {
  snapshot::recorder::Symbolizer symbolizer(*symbols, debug_dirs_);
  snapshot::recorder::Symbolized symbolized = snapshot::recorder::symbolize(snapshot, symbols, symbolizer);
  if (!quiet) tell(symbolized, name);
  return std::move(symbolized.snapshot);
}

}  // namespace cli
