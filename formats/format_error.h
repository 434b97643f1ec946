#pragma once

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <system_error>

namespace formats {

/// What is wrong with a file: "offset 812: ..." where a place can be named. The file's name is put before it by whoever
/// opened it. Offsets count bytes after decompression, but for damage to the compression itself.
class FormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  FormatError(std::uint64_t offset, const std::string& what)
      : std::runtime_error("offset " + std::to_string(offset) + ": " + what) {}
};

/// What the last system call says of errno.
[[noreturn]] inline void throw_errno() { throw FormatError(std::generic_category().message(errno)); }

}  // namespace formats
