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

  /// The plain bytes of a section, whose stored ones are frames one after the other. They hold until the next call.
  std::string_view unpack(const Section& section, std::string_view stored);

  /// The same, to keep.
  std::string section(const Section& section, std::string_view stored);

  /// The plain bytes, at most `most`, of one frame of a section, which is all of `stored` and begins at `offset` of the
  /// file.
  std::string frame(std::string_view type, std::uint64_t offset, std::string_view stored, std::size_t most);

 private:
  void unpack_frames(const Section& section, std::string_view stored, std::span<char> plain);
  void unpack_frame(std::string_view type, std::uint64_t offset, std::string_view stored, std::span<char> plain);

  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, FreeContext> context_;
  std::unique_ptr<char[]> buffer_;  // of unpack(), used again and never cleared
  std::size_t capacity_ = 0;
};

/// Throws Error when a section says that it unpacks to more than any could.
void check_lengths(const Section& section);

}  // namespace snapshot::file
