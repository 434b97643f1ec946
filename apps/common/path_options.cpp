#include "options.h"

#include <snapshot/library_paths.h>
#include <snapshot/utf8.h>

#include <utility>

namespace cli {

void PathOptions::add_to(CommandLine& command) {
  command.option(
      "--strip-prefix", "DIR",
      [this](const std::string& text) { prefixes_.push_back(snapshot::text_from_bytes(text)); },
      "Leave this directory out of the front of file names; the first of several that fits", true);
  command.option(
      "--map-path", "FROM=TO",
      [this](const std::string& text) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0) throw UsageError("'" + text + "' is not FROM=TO");
        mappings_.push_back(
            {snapshot::text_from_bytes(text.substr(0, equals)), snapshot::text_from_bytes(text.substr(equals + 1))});
      },
      "Take files below FROM as those below TO; the first of several that fits", true);
  command.flag("--mine", mine_,
               "Look at the project's frames alone: those outside of Python's standard library, of installed packages "
               "and of the system");
  command.option(
      "--project", "DIR", [this](const std::string& text) { projects_.push_back(snapshot::text_from_bytes(text)); },
      "The same, but of the project in this directory; any of several", true);
}

std::optional<std::string> PathOptions::new_name(std::string_view filename) const {
  std::optional<std::string> name;
  for (const Mapping& mapping : mappings_) {
    const std::string_view rest = snapshot::below(mapping.from, filename);
    if (rest.data() == nullptr && filename != mapping.from) continue;
    name = mapping.to;
    if (filename != mapping.from)
      *name += (mapping.to.empty() || mapping.to.ends_with('/') ? "" : "/") + std::string(rest);
    break;
  }
  for (const std::string& prefix : prefixes_) {
    const std::string_view rest = snapshot::below(prefix, name ? std::string_view(*name) : filename);
    if (rest.empty()) continue;
    return std::string(rest);
  }
  return name;
}

PathOptions::Renamed PathOptions::rename(snapshot::Snapshot snapshot,
                                         const std::shared_ptr<snapshot::Symbols>& symbols) const {
  if (mappings_.empty() && prefixes_.empty()) return {std::move(snapshot), {}};
  const auto map = snapshot::renamed_frames(*symbols, [&](std::string_view filename) { return new_name(filename); });
  if (!map) return {std::move(snapshot), {}};
  std::vector<bool> of_library(symbols->frame_count());
  for (const snapshot::Total& total : snapshot.totals()) {
    for (const snapshot::FrameId recorded : symbols->traceback(total.traceback)) {
      if (is_of_project(*symbols, symbols->frame(recorded), {})) continue;
      of_library[row(*(*map)[row(recorded)])] = true;
    }
  }
  return {snapshot::map_frames(snapshot, symbols, *map).snapshot, std::move(of_library)};
}

snapshot::MappedSnapshot PathOptions::keep_mine(Renamed renamed,
                                                const std::shared_ptr<snapshot::Symbols>& symbols) const {
  if (!mine()) return {std::move(renamed.snapshot)};
  const bool by_recorded = projects_.empty() && !renamed.of_library.empty();
  const auto wanted = [&](snapshot::FrameId frame) {
    return by_recorded ? !renamed.of_library[row(frame)]
                       : snapshot::is_of_project(*symbols, symbols->frame(frame), projects_);
  };
  return snapshot::map_frames(renamed.snapshot, symbols, snapshot::kept_frames(*symbols, wanted));
}

}  // namespace cli
