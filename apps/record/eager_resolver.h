#pragma once

#include <recorder/frame_resolver.h>
#include <recorder/symbolizer.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace cli {

/// Finds functions, files and lines at once, as SymbolResolver, but opens the files of modules on another thread while
/// the blocks are sorted: debug information, which is often compressed, takes as long to open as all the blocks.
class EagerResolver final : public snapshot::recorder::FrameResolver {
 public:
  explicit EagerResolver(snapshot::Symbols& symbols) : symbolizer_(symbols) {}
  ~EagerResolver() override { finish_opening(); }

  void expect(const std::vector<snapshot::Module>& modules) override;
  void resolve(const snapshot::Module& module, std::uint64_t address, std::vector<snapshot::FrameId>& frames) override;

 private:
  void open_next();
  void finish_opening();

  snapshot::recorder::Symbolizer symbolizer_;
  std::vector<std::size_t> expected_;  // modules
  std::atomic<std::size_t> next_ = 0;  // of expected_, that nobody has taken
  std::thread opener_;
};

}  // namespace cli
