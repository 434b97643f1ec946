#include "compression.h"

#include "layout.h"

#include <snapshot/error.h>

#include <zstd.h>

#include <new>

namespace snapshot::file {
namespace {

[[noreturn]] void fail(std::string_view type, std::uint64_t offset, const std::string& what) {
  throw Error(offset, "section " + std::string(type) + ": " + what);
}

constexpr std::size_t kShortestFrame = 5;  // magic and descriptor
constexpr unsigned kChecksumFlag = 4;      // of the descriptor (RFC 8878, 3.1.1.1.1)

const std::string kDamaged = "its compression is damaged: ";

/// Bytes that a frame unpacks to; more than there can be when it does not say.
std::uint64_t content_length(std::string_view stored) {
  return ::ZSTD_getFrameContentSize(stored.data(), stored.size());
}

/// The length of the frame at the front of `stored`, which has a checksum: without one a damaged bit could pass.
std::size_t frame_length(std::string_view type, std::uint64_t offset, std::string_view stored) {
  const bool has_checksum = stored.size() >= kShortestFrame && stored.starts_with("\x28\xb5\x2f\xfd") &&
                            (static_cast<unsigned char>(stored[4]) & kChecksumFlag) != 0;
  if (!has_checksum) fail(type, offset, "a zstd frame with a checksum was expected");
  const std::size_t length = ::ZSTD_findFrameCompressedSize(stored.data(), stored.size());
  if (::ZSTD_isError(length) != 0) fail(type, offset, kDamaged + ::ZSTD_getErrorName(length));
  return length;
}

}  // namespace

Compressor::Compressor(int level) : context_(::ZSTD_createCCtx()) {
  if (context_ == nullptr) throw std::bad_alloc();
  ::ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
  ::ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
}

Compressor::~Compressor() { ::ZSTD_freeCCtx(context_); }

void Compressor::append(std::string_view plain, std::string& stored) {
  const std::size_t before = stored.size();
  stored.resize(before + ::ZSTD_compressBound(plain.size()));
  const std::size_t length =
      ::ZSTD_compress2(context_, stored.data() + before, stored.size() - before, plain.data(), plain.size());
  if (::ZSTD_isError(length) != 0) throw Error(std::string("zstd: ") + ::ZSTD_getErrorName(length));
  stored.resize(before + length);
}

Decompressor::Decompressor() : context_(::ZSTD_createDCtx()) {
  if (context_ == nullptr) throw std::bad_alloc();
}

void Decompressor::FreeContext::operator()(ZSTD_DCtx_s* context) const { ::ZSTD_freeDCtx(context); }

std::string_view Decompressor::unpack(const Section& section, std::string_view stored) {
  check_lengths(section);
  if (capacity_ < section.plain) {
    buffer_ = std::make_unique_for_overwrite<char[]>(section.plain);
    capacity_ = section.plain;
  }
  unpack_frames(section, stored, {buffer_.get(), section.plain});
  return {buffer_.get(), section.plain};
}

std::string Decompressor::section(const Section& section, std::string_view stored) {
  check_lengths(section);
  std::string plain(section.plain, '\0');
  unpack_frames(section, stored, plain);
  return plain;
}

void Decompressor::unpack_frames(const Section& section, std::string_view stored, std::span<char> plain) {
  std::size_t filled = 0;
  for (std::uint64_t offset = section.offset; !stored.empty();) {
    const std::size_t length = frame_length(section.type, offset, stored);
    const std::uint64_t content = content_length(stored);
    if (content > plain.size() - filled) {
      fail(section.type, offset, "it holds more than the " + std::to_string(section.plain) + " bytes that it should");
    }
    unpack_frame(section.type, offset, stored.substr(0, length), plain.subspan(filled, content));
    filled += content;
    offset += length;
    stored.remove_prefix(length);
  }
  if (filled != plain.size()) {
    fail(section.type, section.offset,
         "it holds " + std::to_string(filled) + " bytes, not " + std::to_string(plain.size()));
  }
}

std::string Decompressor::frame(std::string_view type, std::uint64_t offset, std::string_view stored,
                                std::size_t most) {
  if (frame_length(type, offset, stored) != stored.size()) fail(type, offset, "a zstd frame ends too early");
  const std::uint64_t content = content_length(stored);
  if (content > most) fail(type, offset, "a frame of more than " + std::to_string(most) + " bytes");
  std::string plain(content, '\0');
  unpack_frame(type, offset, stored, plain);
  return plain;
}

void Decompressor::unpack_frame(std::string_view type, std::uint64_t offset, std::string_view stored,
                                std::span<char> plain) {
  const std::size_t length =
      ::ZSTD_decompressDCtx(context_.get(), plain.data(), plain.size(), stored.data(), stored.size());
  if (::ZSTD_isError(length) != 0) fail(type, offset, kDamaged + ::ZSTD_getErrorName(length));
  if (length != plain.size()) {
    fail(type, offset, "a zstd frame holds " + std::to_string(length) + " bytes, not " + std::to_string(plain.size()));
  }
}

void check_lengths(const Section& section) {
  const bool small = section.plain <= kFreePlain || (section.plain - kFreePlain) / kMostRatio <= section.stored;
  if (small && section.plain <= kMostPlain) return;
  fail(section.type, section.offset,
       std::to_string(section.stored) + " bytes cannot hold the " + std::to_string(section.plain) + " that they say");
}

}  // namespace snapshot::file
