#include "../format_error.h"
#include "sources.h"

#include <zlib.h>

#include <new>
#include <utility>

namespace formats {
namespace {

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(ByteReader input) : input_(std::move(input)) {
    constexpr int kGzipOnly = 16;
    if (::inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { ::inflateEnd(&stream_); }

  std::size_t read(std::span<std::byte> into) override {
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    while (stream_.avail_out == into.size()) {
      if (member_ended_ && !start_next_member()) return 0;
      inflate_some();
    }
    return into.size() - stream_.avail_out;
  }

 private:
  /// gzip allows members one after the other, and ignores zeros or other bytes behind the last.
  bool start_next_member() {
    constexpr std::string_view kMagic = "\x1f\x8b";
    if (!input_.ensure(kMagic.size()) || !input_.window().starts_with(kMagic)) return false;
    ::inflateReset(&stream_);
    member_ended_ = false;
    return true;
  }

  void inflate_some() {
    if (!input_.ensure(1)) throw FormatError(input_.offset(), "gzip data end early");
    const std::string_view window = input_.window();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(window.data()));  // zlib does not write there
    stream_.avail_in = static_cast<uInt>(window.size());
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    input_.advance(window.size() - stream_.avail_in);
    if (result == Z_STREAM_END) {
      member_ended_ = true;
    } else if (result != Z_OK) {
      throw FormatError(input_.offset(), std::string("gzip data are damaged: ") +
                                             (stream_.msg != nullptr ? stream_.msg : "not a deflate stream"));
    }
  }

  ByteReader input_;
  z_stream stream_{};
  bool member_ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> make_gzip_source(ByteReader input) {
  return std::make_unique<GzipSource>(std::move(input));
}

}  // namespace formats
