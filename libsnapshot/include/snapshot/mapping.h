#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace snapshot {

/// A whole regular file, mapped read-only. (A file that shrinks while it is read raises SIGBUS: the tools turn that
/// into their one line and status 2.)
class Mapping {
 public:
  Mapping() = default;

  /// Maps `size` bytes of the open file; throws Error. The descriptor may be closed afterwards.
  Mapping(int descriptor, std::size_t size);

  /// Maps the file at `path`; throws Error when it is none.
  explicit Mapping(const std::string& path);

  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::span<const char> bytes() const { return {data_, size_}; }

  /// Lets the system read ahead.
  void expect_sequential() const;

  /// Gives the memory of the pages that lie wholly in [from, to) back; they can still be read.
  void drop(const char* from, const char* to) const;

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace snapshot
