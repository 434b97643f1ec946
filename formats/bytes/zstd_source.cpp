#include "../format_error.h"
#include "sources.h"

#include <zstd.h>

#include <memory>
#include <new>
#include <utility>

namespace formats {
namespace {

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(ByteReader input) : input_(std::move(input)), stream_(::ZSTD_createDStream()) {
    if (!stream_) throw std::bad_alloc();
    // The memory that a frame may ask for is bounded: 128 MiB is what `zstd --ultra -22` uses, and what the zstd
    // command accepts.
    constexpr int kWindowLog = 27;
    ::ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kWindowLog);
  }

  std::size_t read(std::span<std::byte> into) override {
    ZSTD_outBuffer output{into.data(), into.size(), 0};
    while (output.pos == 0) {
      if (!input_.ensure(1)) {
        if (in_frame_) throw FormatError(input_.offset(), "zstd data end early");
        return 0;
      }
      const std::string_view window = input_.window();
      ZSTD_inBuffer bytes{window.data(), window.size(), 0};
      const std::size_t result = ::ZSTD_decompressStream(stream_.get(), &output, &bytes);
      input_.advance(bytes.pos);
      if (::ZSTD_isError(result) != 0) {
        throw FormatError(input_.offset(), std::string("zstd data are damaged: ") + ::ZSTD_getErrorName(result));
      }
      in_frame_ = result != 0;
    }
    return output.pos;
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ::ZSTD_freeDStream(stream); }
  };

  ByteReader input_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool in_frame_ = true;
};

}  // namespace

std::unique_ptr<ByteSource> make_zstd_source(ByteReader input) {
  return std::make_unique<ZstdSource>(std::move(input));
}

}  // namespace formats
