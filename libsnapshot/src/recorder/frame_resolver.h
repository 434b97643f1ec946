#pragma once

#include <snapshot/info.h>
#include <snapshot/symbols.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace snapshot::recorder {

/// What names the frames of native code.
class FrameResolver {
 public:
  FrameResolver() = default;
  FrameResolver(const FrameResolver&) = delete;
  FrameResolver& operator=(const FrameResolver&) = delete;
  virtual ~FrameResolver() = default;

  /// Appends the frames of the instruction at `address`, one of the module's file: the oldest first, more than one
  /// where functions were inlined, at least one. Asked once for each address.
  virtual void resolve(const Module& module, std::uint64_t address, Symbols& symbols, std::vector<Frame>& frames) = 0;
};

/// Keeps what a symbolizer needs later, elsewhere: the module's path as file and module, and the address as function.
class AddressResolver final : public FrameResolver {
 public:
  void resolve(const Module& module, std::uint64_t address, Symbols& symbols, std::vector<Frame>& frames) override;
};

/// "0x1a2b".
std::string hex_address(std::uint64_t address);

/// Whether blocks are not charged to this function but to who called it: the family of operator new.
bool is_allocation_function(std::string_view function);

}  // namespace snapshot::recorder
