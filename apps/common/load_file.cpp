#include "load_file.h"

#include "command_line.h"
#include "tool.h"

#include <formats/bytes/sources.h>

#include <algorithm>
#include <exception>
#include <new>
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

formats::Loaded load_file(const std::string& path, formats::LoadOptions options,
                          const std::shared_ptr<snapshot::Symbols>& symbols, Timing& timing) {
  const std::string name = input_name(path);
  try {
    formats::ByteReader bytes = formats::open_bytes(path);
    if (options.format == nullptr) options.format = &formats::recognise(bytes);
    timing.end(Step::open);
    formats::Loaded loaded = formats::load(std::move(bytes), symbols, options);
    timing.end(Step::decode);
    for (const std::string& what : loaded.lost) say(name + ": lost: " + what);
    return loaded;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(name + ": " + error.what());
  }
}

}  // namespace cli
