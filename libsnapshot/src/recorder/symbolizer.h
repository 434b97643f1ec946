#pragma once

#include <snapshot/info.h>
#include <snapshot/symbols.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snapshot::recorder {

class ModuleSymbols;

/// Finds functions, files and lines in the binaries on this machine, outside the recorded program. Not synchronised.
class Symbolizer {
 public:
  /// Frames go into `symbols`, which must outlive this. `debug_dirs` are looked into for binaries and for their debug
  /// files, by build-id (DIR/.build-id/xx/yyy, .debug) and by name, besides where the system keeps them.
  explicit Symbolizer(Symbols& symbols, std::vector<std::string> debug_dirs = {});
  ~Symbolizer();

  /// Whether this build can read symbols at all: else every frame is left unfinished.
  static bool available();

  /// Makes a module known, and returns its row. Equal modules, wherever they were loaded, have one. No file is opened.
  std::size_t add(const Module& module);

  /// Reads the files of a module now, which its first address would do. Threads may each open
  /// another one at once, as long as nothing else is asked of this.
  void open(std::size_t module);

  /// Appends the frames at an address, oldest first, inlined ones included: at least one. Returns false when nothing
  /// was found, and the one frame is unfinished. `address` is that of an instruction, relative to the file (the
  /// runtime's, less the load bias): of a call not the return address, which may be another line's, but a byte less.
  /// O(log n), but for the first address of a module or of a compilation unit in it.
  bool append_frames(std::size_t module, std::uint64_t address, std::vector<FrameId>& frames);

  /// Why a module has no symbols: in words for "PATH: ..."; empty when it has some, or was not asked for any.
  const std::string& fault(std::size_t module) const { return modules_[module].fault; }

 private:
  struct KnownModule {
    Module module;
    StringId path;
    bool opened = false;
    std::unique_ptr<ModuleSymbols> symbols;  // null: not there
    std::string fault;
  };

  Symbols& symbols_;
  std::vector<std::string> debug_dirs_;
  std::vector<KnownModule> modules_;
  std::vector<Frame> found_;
};

/// The frame that keeps what symbols can be found by later: the path of its module as file name, no lineno, and as
/// function the address, relative to the file, in hexadecimal digits.
Frame unfinished_frame(Symbols& symbols, std::string_view module_path, std::uint64_t address);

/// The address of such a frame, or nothing where it is another.
std::optional<std::uint64_t> unfinished_address(const Symbols& symbols, const Frame& frame);

}  // namespace snapshot::recorder
