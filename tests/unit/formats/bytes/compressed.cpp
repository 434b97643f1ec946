#include "compressed.h"

#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <stdexcept>

namespace testing {

std::string gzip(std::string_view text) {
  constexpr int kGzip = 16;
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  std::string member(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(member.data());
  stream.avail_out = static_cast<uInt>(member.size());
  const int result = ::deflate(&stream, Z_FINISH);
  member.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate");
  return member;
}

std::string zstd(std::string_view text, bool checksum) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(::ZSTD_createCCtx(), &::ZSTD_freeCCtx);
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, checksum ? 1 : 0);
  std::string frame(::ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ::ZSTD_compress2(context.get(), frame.data(), frame.size(), text.data(), text.size());
  if (::ZSTD_isError(size) != 0) throw std::runtime_error("ZSTD_compress2");
  frame.resize(size);
  return frame;
}

}  // namespace testing
