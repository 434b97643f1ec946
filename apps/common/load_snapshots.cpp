#include "load_snapshots.h"

#include <formats/bytes/sources.h>
#include <formats/load.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace cli {
namespace {

formats::Loaded load_file(const std::string& path, formats::LoadOptions options,
                          const std::shared_ptr<snapshot::Symbols>& symbols, Timing& timing) {
  try {
    formats::ByteReader bytes = formats::open_bytes(path);
    if (options.format == nullptr) options.format = &formats::recognise(bytes);
    timing.end(Step::open);
    formats::Loaded loaded = formats::load(std::move(bytes), symbols, options);
    timing.end(Step::decode);
    return loaded;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const std::string name = path == "-" ? "standard input" : path.empty() ? "''" : path;
    throw std::runtime_error(name + ": " + error.what());
  }
}

}  // namespace

LoadedSnapshots load_snapshots(const std::vector<std::string>& paths, const InputOptions& input,
                               const FilterOptions& filter, Timing& timing) {
  if (std::ranges::count(paths, "-") > 1) throw UsageError("standard input cannot be read twice");
  LoadedSnapshots all{std::make_shared<snapshot::Symbols>(), {}, {}};
  const auto detail = filter.by_size() ? formats::Detail::traces : formats::Detail::totals;
  for (const std::string& path : paths) {
    formats::Loaded loaded = load_file(path, {detail, input.format}, all.symbols, timing);
    const snapshot::Snapshot& snapshot = loaded.snapshot;
    all.files.push_back({"", path, loaded.format->name, snapshot.info().traceback_limit, snapshot.size(), snapshot.count()});
    all.snapshots.push_back(filter.apply(std::move(loaded.snapshot)));
    timing.end(Step::filter);
  }
  return all;
}

}  // namespace cli
