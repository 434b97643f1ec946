#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snapshot::recorder {

/// Addresses [low, high), with a row number.
struct AddressRange {
  std::uint64_t low;
  std::uint64_t high;
  std::uint32_t value;
};

/// Which range holds an address. Of several the one that begins last does: the innermost, where they are nested. Of
/// those that begin together the shortest does, and of equal ones that with the highest row number.
class AddressMap {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  AddressMap() = default;

  /// In any order; empty ones are left out. O(n log n).
  explicit AddressMap(std::vector<AddressRange> ranges);

  /// The row number, or kNone. O(log n).
  std::uint32_t find(std::uint64_t address) const;

 private:
  void begin_part(std::uint64_t address, std::uint32_t value);

  // Part r is [starts[r], starts[r + 1]).
  std::vector<std::uint64_t> starts_;
  std::vector<std::uint32_t> values_;
};

}  // namespace snapshot::recorder
