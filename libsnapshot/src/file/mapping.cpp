#include <snapshot/error.h>
#include <snapshot/mapping.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace snapshot {
namespace {

constexpr std::size_t kPage = 4096;  // madvise refuses, harmlessly, what is not aligned to a larger page

[[noreturn]] void throw_errno() { throw Error(std::generic_category().message(errno)); }

}  // namespace

Mapping::Mapping(int descriptor, std::size_t size) : size_(size) {
  if (size == 0) return;
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (data == MAP_FAILED) throw_errno();
  data_ = static_cast<char*>(data);
}

Mapping::Mapping(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_errno();
  struct stat status {};
  const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  try {
    if (!regular) throw Error("is no regular file");
    *this = Mapping(descriptor, static_cast<std::size_t>(status.st_size));
  } catch (const Error&) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

void Mapping::expect_sequential() const { ::madvise(data_, size_, MADV_SEQUENTIAL); }

void Mapping::drop(const char* from, const char* to) const {
  const std::size_t first = (static_cast<std::size_t>(from - data_) + kPage - 1) / kPage * kPage;
  const std::size_t last = static_cast<std::size_t>(to - data_) / kPage * kPage;
  if (first < last) ::madvise(data_ + first, last - first, MADV_DONTNEED);
}

}  // namespace snapshot
