#include "../format_error.h"
#include "sources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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
      if (errno != EINTR) throw_errno();
    }
  }

 private:
  int descriptor_;
};

ByteReader open_plain(const std::string& path) {
  const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_errno();
  auto source = make_descriptor_source(descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw_errno();
  if (S_ISDIR(status.st_mode)) throw FormatError("is a directory, not a snapshot");
  const bool at_start = ::lseek(descriptor, 0, SEEK_CUR) == 0;
  if (!S_ISREG(status.st_mode) || status.st_size == 0 || !at_start) return ByteReader(std::move(source));
  return ByteReader(snapshot::Mapping(descriptor, static_cast<std::size_t>(status.st_size)));
}

bool is_gzip(std::string_view head) { return head.starts_with("\x1f\x8b"); }

bool is_zstd(std::string_view head) {
  // A zstd frame, or one of its skippable frames (RFC 8878, 3.1): 0x184D2A50 to 0x184D2A5F.
  return head.starts_with("\x28\xb5\x2f\xfd") ||
         (head.size() >= 4 && (head[0] & 0xF0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18");
}

constexpr std::size_t kLongestMagic = 6;

/// Names a compression that people use but that is not read.
void refuse_other_compression(std::string_view head) {
  struct Row {
    std::string_view magic;
    std::string_view name;
  };
  constexpr std::array kOthers{Row{{"\xfd"
                                    "7zXZ\0",
                                    6},
                                   "xz"},
                               Row{"BZh", "bzip2"}, Row{"PK\3\4", "zip"}, Row{"\x04\x22\x4d\x18", "lz4"}};
  for (const Row& row : kOthers) {
    if (head.starts_with(row.magic)) {
      throw FormatError("is compressed by " + std::string(row.name) + ", which is not read (gzip and zstd are)");
    }
  }
}

}  // namespace

std::unique_ptr<ByteSource> make_descriptor_source(int descriptor) {
  return std::make_unique<DescriptorSource>(descriptor);
}

ByteReader open_bytes(const std::string& path, ReadProgress* progress) {
  ByteReader bytes = open_plain(path);
  bytes.report_to(progress);
  const bool is_file = bytes.can_rewind();
  if (!bytes.ensure(1)) throw FormatError("is empty");
  // Twice compressed files exist; a file that unpacks to itself for ever must not keep us here.
  constexpr int kMaxLayers = 2;
  for (int layer = 0;; ++layer) {
    bytes.ensure(kLongestMagic);
    refuse_other_compression(bytes.window());
    const bool gzip = is_gzip(bytes.window());
    if (!gzip && !is_zstd(bytes.window())) {
      if (is_file && path != "-") bytes.set_reopen([path, progress] { return open_bytes(path, progress); });
      return bytes;
    }
    if (layer == kMaxLayers) throw FormatError("is compressed more than twice");
    bytes = ByteReader(gzip ? make_gzip_source(std::move(bytes)) : make_zstd_source(std::move(bytes)));
    if (!bytes.ensure(1)) throw FormatError("is empty under its compression");
  }
}

}  // namespace formats
