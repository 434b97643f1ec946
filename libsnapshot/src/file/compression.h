#pragma once

#include <snapshot/file.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace snapshot::file {

/// Makes zstd frames, each with its content size and checksum.
class Compressor {
 public:
  explicit Compressor(int level);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  /// Appends a frame of `plain` to `stored`.
  void append(std::string_view plain, std::string& stored);

 private:
  ZSTD_CCtx_s* context_;
};

class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  /// The plain bytes of a section, whose stored ones are frames one after the other.
  std::string section(const Section& section, std::string_view stored);

  /// The plain bytes, at most `most`, of one frame of a section, which is all of `stored` and begins at `offset` of the
  /// file.
  std::string frame(std::string_view type, std::uint64_t offset, std::string_view stored, std::size_t most);

 private:
  void unpack(std::string_view type, std::uint64_t offset, std::string_view stored, std::span<char> plain);

  ZSTD_DCtx_s* context_;
};

/// Throws Error when a section says that it unpacks to more than any could.
void check_lengths(const Section& section);

}  // namespace snapshot::file
