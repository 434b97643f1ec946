#pragma once

#include <optional>

namespace formats {

/// Which of its two amounts a group of blocks is told by, where there is room for one.
enum class Amount { size, count };

/// What may be chosen of a file that is written. A format looks at those that its row in the registry names.
struct WriteOptions {
  std::optional<int> level;      ///< of zstd, within the bounds of snapshot::SaveOptions; absent: the format's own
  std::optional<Amount> amount;  ///< the number of a line; absent: the size
};

}  // namespace formats
