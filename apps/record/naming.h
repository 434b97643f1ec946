#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace cli {

/// `pattern` as it is. Throws UsageError for what cannot be the names of files.
std::string check_pattern(const std::string& pattern);

/// What a name is made of.
struct NameParts {
  std::string program;  ///< without its directory
  std::uint32_t pid;
  std::int64_t time;  ///< nanoseconds since 1970-01-01T00:00:00Z
  std::string event;
};

/// Gives snapshots their names. No two of one run have the same, and where the pattern has a number none has that of
/// a file that is there already.
class Naming {
 public:
  explicit Naming(std::string pattern) : pattern_(std::move(pattern)) {}

  std::string next(const NameParts& parts);

 private:
  std::string pattern_;
  std::uint64_t number_ = 0;  // the next
  std::set<std::string> given_;
};

}  // namespace cli
