#include "options.h"

#include <algorithm>

namespace cli {

void InputOptions::add_to(CommandLine& command) {
  command.option(
      "--input-format", "FMT",
      [this](const std::string& name) {
        const auto all = formats::all_formats();
        const auto found = std::ranges::find(all, name, &formats::Format::name);
        if (found == all.end()) throw UsageError("'" + name + "' is not one of " + formats::format_names());
        format = &*found;
      },
      "Read as this format, whatever the content looks like");
}

}  // namespace cli
