#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace snapshot {

/// The one exception of libsnapshot. The text is a lower-case phrase that names the thing and the bound that it broke,
/// without a full stop; the caller puts the file's name before it.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  /// What is wrong with a file, and where in it: a count of bytes from its start.
  Error(std::uint64_t offset, const std::string& what)
      : std::runtime_error("offset " + std::to_string(offset) + ": " + what) {}
};

}  // namespace snapshot
