#include "../format_error.h"
#include "sources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace formats {
namespace {

class DescriptorSource final : public ByteSource {
 public:
  explicit DescriptorSource(int descriptor) : descriptor_(descriptor) {}
  ~DescriptorSource() override { ::close(descriptor_); }

  std::size_t read(std::span<std::byte> into) override {
    for (;;) {
      const ssize_t got = ::read(descriptor_, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw FormatError(std::generic_category().message(errno));
    }
  }

 private:
  int descriptor_;
};

[[noreturn]] void throw_errno() { throw FormatError(std::generic_category().message(errno)); }

ByteReader open_plain(const std::string& path) {
  const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_errno();
  auto source = make_descriptor_source(descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw_errno();
  if (S_ISDIR(status.st_mode)) throw FormatError("is a directory, not a snapshot");
  const bool at_start = ::lseek(descriptor, 0, SEEK_CUR) == 0;
  if (!S_ISREG(status.st_mode) || status.st_size == 0 || !at_start) return ByteReader(std::move(source));
  return ByteReader(Mapping(descriptor, static_cast<std::size_t>(status.st_size)));
}

bool is_gzip(std::string_view head) { return head.starts_with("\x1f\x8b"); }

bool is_zstd(std::string_view head) {
  // A zstd frame, or one of its skippable frames (RFC 8878, 3.1): 0x184D2A50 to 0x184D2A5F.
  return head.starts_with("\x28\xb5\x2f\xfd") ||
         (head.size() >= 4 && (head[0] & 0xF0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18");
}

}  // namespace

std::unique_ptr<ByteSource> make_descriptor_source(int descriptor) {
  return std::make_unique<DescriptorSource>(descriptor);
}

ByteReader open_bytes(const std::string& path) {
  ByteReader bytes = open_plain(path);
  if (!bytes.ensure(1)) throw FormatError("is empty");
  // Twice compressed files exist; a file that unpacks to itself for ever must not keep us here.
  constexpr int kMaxLayers = 2;
  for (int layer = 0; layer < kMaxLayers; ++layer) {
    bytes.ensure(4);
    if (is_gzip(bytes.window())) {
      bytes = ByteReader(make_gzip_source(std::move(bytes)));
    } else if (is_zstd(bytes.window())) {
      bytes = ByteReader(make_zstd_source(std::move(bytes)));
    } else {
      break;
    }
    if (!bytes.ensure(1)) throw FormatError("is empty under its compression");
  }
  return bytes;
}

}  // namespace formats
