#include "recorder/frame_resolver.h"

namespace snapshot::recorder {

void AddressResolver::resolve(const Module& module, std::uint64_t address, std::vector<FrameId>& frames) {
  frames.push_back(symbols_.intern(unfinished_frame(symbols_, module.path, address)));
}

void SymbolResolver::resolve(const Module& module, std::uint64_t address, std::vector<FrameId>& frames) {
  symbolizer_.append_frames(symbolizer_.add(module), address, frames);
}

}  // namespace snapshot::recorder
