#include "tms_assembler.h"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace testing {
namespace {

constexpr std::string_view kMagic("\x8DTMS\r\n\x1A\n", 8);
constexpr std::string_view kEndMagic("\x8DTMSEND\n", 8);

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t digit = size; digit-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes.at(at + digit));
  return value;
}

std::string unpacked(std::string_view stored) {
  std::string plain;
  for (const std::string& frame : frames_of(stored)) plain += frame;
  return plain;
}

std::string chunk(std::string_view type, std::string_view stored, std::uint64_t plain) {
  return std::string(type) + fixed(stored.size(), 8) + fixed(plain, 8) + std::string(stored);
}

}  // namespace

std::vector<std::string> frames_of(std::string_view stored) {
  std::vector<std::string> frames;
  while (!stored.empty()) {
    const std::size_t length = ::ZSTD_findFrameCompressedSize(stored.data(), stored.size());
    if (::ZSTD_isError(length) != 0) throw std::runtime_error("not a zstd frame");
    std::string& plain = frames.emplace_back(::ZSTD_getFrameContentSize(stored.data(), stored.size()), '\0');
    if (::ZSTD_decompress(plain.data(), plain.size(), stored.data(), length) != plain.size())
      throw std::runtime_error("a broken zstd frame");
    stored.remove_prefix(length);
  }
  return frames;
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>(0x80U | (value & 0x7FU));
  return bytes + static_cast<char>(value);
}

std::string svarint(std::int64_t value) {
  const auto magnitude = static_cast<std::uint64_t>(value);
  return varint(value < 0 ? 2 * ~magnitude + 1 : 2 * magnitude);
}

std::string varints(std::initializer_list<std::uint64_t> values) {
  std::string bytes;
  for (const std::uint64_t value : values) bytes += varint(value);
  return bytes;
}

std::string fixed(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (; size > 0; --size, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  return bytes;
}

std::string text(std::string_view value) { return varint(value.size()) + std::string(value); }

std::string columns(std::string head, std::initializer_list<std::string> columns) {
  for (const std::string& column : columns) head += varint(column.size());
  for (const std::string& column : columns) head += column;
  return head;
}

std::string zstd_frame(std::string_view plain, bool checksum) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ::ZSTD_freeCCtx(context); }
  };
  static const std::unique_ptr<ZSTD_CCtx, Free> context(::ZSTD_createCCtx());
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, checksum ? 1 : 0);
  std::string stored(::ZSTD_compressBound(plain.size()), '\0');
  const std::size_t length = ::ZSTD_compress2(context.get(), stored.data(), stored.size(), plain.data(), plain.size());
  if (::ZSTD_isError(length) != 0) throw std::runtime_error("zstd");
  stored.resize(length);
  return stored;
}

Part& FileParts::operator[](std::string_view type) {
  const auto found = std::ranges::find(parts, type, &Part::type);
  if (found == parts.end()) throw std::out_of_range("no part " + std::string(type));
  return *found;
}

void FileParts::remove(std::string_view type) {
  if (std::erase_if(parts, [&](const Part& part) { return part.type == type; }) == 0)
    throw std::out_of_range("no part " + std::string(type));
}

FileParts parts_of(std::string_view file) {
  FileParts parts;
  for (std::size_t at = 16; file.at(at) != 'D';) {
    const std::string type(file.substr(at, 4));
    const std::uint64_t length = number_at(file, at + 4, 8);
    const std::string_view stored = file.substr(at + 20, length);
    parts.parts.push_back({type, unpacked(stored)});
    if (type == "BLKS") parts.parts.back().stored = std::string(stored);  // where its frames end has a meaning
    at += 20 + length;
  }
  return parts;
}

std::string directory_entry(std::string_view type, std::uint64_t offset, std::uint64_t stored, std::uint64_t plain) {
  return std::string(type) + fixed(offset, 8) + fixed(stored, 8) + fixed(plain, 8);
}

std::string assemble(const FileParts& parts, const std::optional<std::string>& directory) {
  std::string file = std::string(kMagic) + fixed(parts.major, 2) + fixed(parts.minor, 2) + fixed(0, 4);
  std::string entries;
  for (const Part& part : parts.parts) {
    const std::string stored = part.stored ? *part.stored : zstd_frame(part.plain);
    const std::uint64_t plain = part.says_plain.value_or(part.plain.size());
    entries += directory_entry(part.type, file.size() + 20, stored.size(), part.directory_says.value_or(plain));
    file += chunk(part.type, stored, plain);
  }
  if (directory) entries = *directory;
  const std::uint64_t start = file.size();
  file += chunk("DIRE", zstd_frame(entries), entries.size());
  return file + fixed(start, 8) + fixed(~start, 8) + std::string(kEndMagic);
}

}  // namespace testing
