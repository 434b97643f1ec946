#include "symbolize.h"

#include "function_name.h"

#include <snapshot/map_frames.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

namespace snapshot::recorder {
namespace {

/// The modules that have one path: most often one.
struct ModuleRow {
  std::optional<std::size_t> row;  // of the symbolizer; nothing when it is not clear which module is meant
  std::string why;                 // ... and why
  std::uint64_t unfinished = 0;
};

class Finisher {
 public:
  Finisher(const Snapshot& snapshot, Symbols& symbols, Symbolizer& symbolizer)
      : symbols_(symbols), symbolizer_(symbolizer) {
    for (const Module& module : snapshot.info().modules) add(module);
  }

  void rewrite(TracebackId traceback, std::vector<FrameId>& rewritten) {
    const auto frames = symbols_.traceback(traceback);
    recorded_.assign(frames.begin(), frames.end());  // interning moves them
    for (const FrameId frame : recorded_) {
      const auto& finished = finish(frame);
      if (finished.empty()) {
        rewritten.push_back(frame);
      } else {
        rewritten.insert(rewritten.end(), finished.begin(), finished.end());
      }
    }
    if (!finish(recorded_.back()).empty()) drop_allocation_functions(rewritten);
  }

  std::uint64_t finished() const { return finished_; }

  std::vector<UnfinishedFrames> unfinished() const {
    std::vector<UnfinishedFrames> all;
    for (const auto& [path, module] : modules_) {
      if (module.unfinished == 0) continue;
      std::string why = module.row ? symbolizer_.fault(*module.row) : module.why;
      all.push_back({std::string(symbols_.text(path)), module.unfinished, why.empty() ? "no symbol is there" : why});
    }
    std::ranges::sort(all, {}, &UnfinishedFrames::module);
    return all;
  }

 private:
  void add(const Module& module) {
    const std::size_t row = symbolizer_.add(module);
    const auto [at, is_new] = modules_.try_emplace(symbols_.intern(module.path), ModuleRow{row, {}});
    if (is_new || at->second.row == row) return;
    at->second.row.reset();
    at->second.why = "the program had loaded several binaries from there";
  }

  /// The frames in the place of one; none where it stays.
  const std::vector<FrameId>& finish(FrameId id) {
    const auto [at, is_new] = frames_.try_emplace(id);
    if (!is_new) return at->second;
    const Frame frame = symbols_.frame(id);
    const auto address = unfinished_address(symbols_, frame);
    if (!address) return at->second;
    ModuleRow& module = modules_.try_emplace(frame.module, ModuleRow{{}, "no module of the snapshot"}).first->second;
    if (module.row && symbolizer_.append_frames(*module.row, *address, at->second)) {
      ++finished_;
    } else {
      at->second.clear();
      ++module.unfinished;
    }
    return at->second;
  }

  void drop_allocation_functions(std::vector<FrameId>& frames) const {
    const auto is_dropped = [&](FrameId id) {
      const StringId function = symbols_.frame(id).function;
      return function != kUnknownString && is_allocation_function(symbols_.text(function));
    };
    while (frames.size() > 1 && is_dropped(frames.back())) frames.pop_back();
  }

  Symbols& symbols_;
  Symbolizer& symbolizer_;
  std::unordered_map<StringId, ModuleRow> modules_;  // by path
  std::unordered_map<FrameId, std::vector<FrameId>> frames_;
  std::vector<FrameId> recorded_;
  std::uint64_t finished_ = 0;
};

}  // namespace

Symbolized symbolize(const Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols, Symbolizer& symbolizer) {
  Finisher finisher(snapshot, *symbols, symbolizer);
  MappedSnapshot mapped = map_tracebacks(
      snapshot, symbols,
      [&](TracebackId traceback, std::vector<FrameId>& rewritten) { finisher.rewrite(traceback, rewritten); });
  return {std::move(mapped.snapshot), finisher.finished(), finisher.unfinished()};
}

}  // namespace snapshot::recorder
