#include "mapping.h"

#include "../format_error.h"

#include <sys/mman.h>

#include <cstdint>

namespace formats {
namespace {

constexpr std::size_t kPage = 4096;  // madvise refuses, harmlessly, what is not aligned to a larger page

}  // namespace

Mapping::Mapping(int descriptor, std::size_t size) : size_(size) {
  if (size == 0) return;
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (data == MAP_FAILED) throw_errno();
  data_ = static_cast<char*>(data);
  ::madvise(data_, size, MADV_SEQUENTIAL);
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

void Mapping::drop(const char* from, const char* to) const {
  const std::size_t first = (static_cast<std::size_t>(from - data_) + kPage - 1) / kPage * kPage;
  const std::size_t last = static_cast<std::size_t>(to - data_) / kPage * kPage;
  if (first < last) ::madvise(data_ + first, last - first, MADV_DONTNEED);
}

}  // namespace formats
