#pragma once

#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snapshot::file {

/// The types that a snapshot's blocks have, by number: counted from 1 in the order of their names' bytes; 0 is that of
/// blocks whose type is not known.
class TypeNumbers {
 public:
  explicit TypeNumbers(const Snapshot& snapshot);

  /// Of numbers from 1 on.
  const std::vector<StringId>& names() const { return names_; }

  /// Of a row of the snapshot's traces.
  std::uint32_t of(const TraceColumns& traces, std::size_t at) const {
    const bool known = !traces.type.empty() && traces.type[at] != kUnknownString;
    return known ? numbers_[row(traces.type[at])] : 0;
  }

 private:
  std::vector<StringId> names_;
  std::vector<std::uint32_t> numbers_;  // by row of Symbols' strings
};

}  // namespace snapshot::file
