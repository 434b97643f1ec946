#include "options.h"

namespace cli {

void InputOptions::add_to(CommandLine& command) {
  command.option(
      "--input-format", "FMT",
      [this](const std::string& name) {
        format_ = formats::find_reader(name);
        if (format_ == nullptr) throw UsageError("'" + name + "' is not one of " + formats::format_names());
      },
      "Read as this format, whatever the content looks like");
  command.flag("--salvage", salvage_, "Read what is left of a damaged file, and say what was lost");
}

formats::LoadOptions InputOptions::load(formats::Detail detail) const { return {{detail, salvage_}, format_}; }

}  // namespace cli
