#pragma once

#include <stdexcept>

namespace snapshot {

/// The one exception of libsnapshot. The text is a lower-case phrase that names the thing and the bound that it broke,
/// without a full stop; the caller puts the file's name before it.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace snapshot
