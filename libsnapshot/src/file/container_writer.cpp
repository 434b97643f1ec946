#include "container_writer.h"

#include "layout.h"
#include "plain_writer.h"

namespace snapshot::file {
namespace {

// Columns compress better each with its own statistics, but a frame costs about 13 bytes.
constexpr std::size_t kOwnFrame = 1024;

}  // namespace

ContainerWriter::ContainerWriter(ByteSink& sink, int level, std::uint16_t minor) : sink_(sink), compressor_(level) {
  std::string header(kMagic);
  put_fixed(header, kMajor, 2);
  put_fixed(header, minor, 2);
  put_fixed(header, 0, 4);
  write(header);
}

void ContainerWriter::add(std::string_view type, std::span<const std::string> columns) {
  std::string stored;
  std::string together;
  std::uint64_t plain = 0;
  for (const std::string& column : columns) {
    plain += column.size();
    together += column;
    if (together.size() < kOwnFrame && &column != &columns.back()) continue;
    compressor_.append(together, stored);
    together.clear();
  }
  add_stored(type, stored, plain);
}

void ContainerWriter::add_stored(std::string_view type, std::string_view stored, std::uint64_t plain) {
  std::string header(type);
  put_fixed(header, stored.size(), 8);
  put_fixed(header, plain, 8);
  write(header);
  sections_.push_back({std::string(type), offset_, stored.size(), plain});
  write(stored);
}

void ContainerWriter::finish() {
  std::string directory;
  for (const Section& section : sections_) {
    directory += section.type;
    put_fixed(directory, section.offset, 8);
    put_fixed(directory, section.stored, 8);
    put_fixed(directory, section.plain, 8);
  }
  const std::uint64_t offset = offset_;
  add(kDirectory, std::span(&directory, 1));
  std::string trailer;
  put_fixed(trailer, offset, 8);
  put_fixed(trailer, ~offset, 8);
  trailer += kEndMagic;
  write(trailer);
}

void ContainerWriter::write(std::string_view bytes) {
  sink_.write(bytes);
  offset_ += bytes.size();
}

}  // namespace snapshot::file
