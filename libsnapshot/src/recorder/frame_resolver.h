#pragma once

#include "recorder/symbolizer.h"

#include <snapshot/info.h>
#include <snapshot/symbols.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace snapshot::recorder {

/// What names the frames of native code.
class FrameResolver {
 public:
  FrameResolver() = default;
  FrameResolver(const FrameResolver&) = delete;
  FrameResolver& operator=(const FrameResolver&) = delete;
  virtual ~FrameResolver() = default;

  /// Modules that resolve() will be asked for, so that the work on their files can begin.
  virtual void expect(const std::vector<Module>&) {}

  /// Appends the frames of the instruction at `address`, one of the module's file: the oldest first, more than one
  /// where functions were inlined, at least one. Asked once for each address of a snapshot.
  virtual void resolve(const Module& module, std::uint64_t address, std::vector<FrameId>& frames) = 0;
};

/// Keeps what a symbolizer needs later, elsewhere: the module's path as file and module, and the address as function.
class AddressResolver final : public FrameResolver {
 public:
  explicit AddressResolver(Symbols& symbols) : symbols_(symbols) {}
  void resolve(const Module& module, std::uint64_t address, std::vector<FrameId>& frames) override;

 private:
  Symbols& symbols_;
};

/// Finds functions, files and lines at once. What was found is kept for later snapshots with the same Symbols.
class SymbolResolver final : public FrameResolver {
 public:
  explicit SymbolResolver(Symbols& symbols) : symbolizer_(symbols) {}
  void resolve(const Module& module, std::uint64_t address, std::vector<FrameId>& frames) override;

 private:
  Symbolizer symbolizer_;
};

}  // namespace snapshot::recorder
