#pragma once

#include "bytes/byte_reader.h"
#include "sniff.h"

#include <snapshot/snapshot.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace formats {

/// One format that the toolkit reads.
struct Format {
  std::string_view name;
  Sniff (*sniff)(std::string_view head);
  /// Sums alone are wanted when `totals_only`; traces may come all the same.
  snapshot::Snapshot (*read)(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols, bool totals_only);
};

/// All of them, in the order in which they are asked.
std::span<const Format> all_formats();

/// Their names, for a message: "a, b".
std::string format_names();

}  // namespace formats
