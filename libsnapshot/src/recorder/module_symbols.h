#pragma once

#include <snapshot/info.h>
#include <snapshot/symbols.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace snapshot::recorder {

/// What the files of one module say of its addresses. Made by module_symbols.cpp, with elfutils, or by no_symbols.cpp.
class ModuleSymbols {
 public:
  /// Null when there is no file of the module, and why in `fault`: only one with the module's build-id is taken.
  /// `symbols` are not touched: several modules may be opened at once.
  static std::unique_ptr<ModuleSymbols> open(Symbols& symbols, const Module& module,
                                             std::span<const std::string> debug_dirs, std::string& fault);
  static bool available();

  virtual ~ModuleSymbols() = default;

  /// Appends the frames at an address, oldest first; none when nothing is known. Their modules, and the file names
  /// where these are not known, are left to the caller.
  virtual void append_frames(std::uint64_t address, std::vector<Frame>& frames) = 0;
};

}  // namespace snapshot::recorder
