#include "load_file.h"

#include "command_line.h"
#include "progress.h"
#include "tool.h"

#include <formats/bytes/sources.h>

#include <algorithm>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

namespace cli {

std::string input_name(const std::string& path) {
  if (path == "-") return "standard input";
  return path.empty() ? "''" : path;
}

void refuse_twice(const std::vector<std::string>& paths) {
  if (std::ranges::count(paths, "-") > 1) throw UsageError("standard input cannot be read twice");
}

void read_input(const std::string& path, const std::function<void(formats::ByteReader&)>& read) {
  const std::string name = input_name(path);
  try {
    Progress progress(name);
    formats::ByteReader bytes = formats::open_bytes(path, progress.reading());
    read(bytes);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(name + ": " + error.what());
  }
}

formats::Loaded load_file(const std::string& path, formats::LoadOptions options,
                          const std::shared_ptr<snapshot::Symbols>& symbols, Timing& timing) {
  std::optional<formats::Loaded> loaded;
  read_input(path, [&](formats::ByteReader& bytes) {
    if (options.format == nullptr) options.format = &formats::recognise(bytes);
    timing.end(Step::open);
    loaded.emplace(formats::load(std::move(bytes), symbols, options));
  });
  timing.end(Step::decode);
  for (const std::string& what : loaded->lost) say(input_name(path) + ": lost: " + what);
  return std::move(*loaded);
}

}  // namespace cli
