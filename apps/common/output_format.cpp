#include "output_format.h"

#include "command_line.h"
#include "tool.h"

#include <string_view>

namespace cli {

const formats::Format* parse_writer(const std::string& name) {
  if (const formats::Format* format = formats::find_writer(name)) return format;
  throw UsageError("'" + name + "' is not one of " + formats::writer_names());
}

const formats::Format& output_format(const formats::Format* chosen, const Destination& out) {
  const formats::Format* format = chosen;
  if (format == nullptr) format = out.is_stdout() ? formats::find_writer("tms") : formats::writer_for_path(out.path);
  if (format != nullptr) return *format;
  throw UsageError(out.path + ": the name does not say which format; --to is one of " + formats::writer_names());
}

void tell_left_out(const snapshot::Snapshot& snapshot, const formats::Format& format, const Destination& out) {
  std::string names;
  for (const std::string_view name : formats::left_out(snapshot, format)) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  if (!names.empty()) say(out.name() + ": " + std::string(format.name) + " cannot carry " + names + ": left out");
}

}  // namespace cli
