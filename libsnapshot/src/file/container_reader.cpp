#include "container_reader.h"

#include "compression.h"
#include "layout.h"
#include "plain_reader.h"

#include <snapshot/error.h>

#include <algorithm>

namespace snapshot::file {
namespace {

constexpr std::size_t kEntrySize = 28;  // of the directory: type, offset, stored length, plain length
constexpr std::size_t kMostDirectory = kMostSections * kEntrySize;

std::uint64_t fixed(std::string_view bytes, std::size_t at, std::size_t size) {
  return PlainReader("", 0, bytes.substr(at)).fixed(size);
}

[[noreturn]] void fail_cut(std::uint64_t offset, const std::string& where) {
  throw Error(offset, "the file ends " + where + ": it was cut short");
}

void read_header(std::string_view header, Container& container) {
  if (header.size() < kHeaderSize) fail_cut(header.size(), "within its header");
  if (!header.starts_with(kMagic)) throw Error(0, "not a .tms file, or one that was changed by a transfer as text");
  container.major = static_cast<std::uint16_t>(fixed(header, 8, 2));
  container.minor = static_cast<std::uint16_t>(fixed(header, 10, 2));
  if (container.major != kMajor) {
    throw Error(8, "version " + std::to_string(container.major) + " of the format, but version " +
                       std::to_string(kMajor) + " is what is read");
  }
  if (fixed(header, 12, 4) != 0) throw Error(12, "4 bytes of zero were expected");
}

/// The section whose chunk header is at `offset`. Throws Error when it cannot be one.
Section read_chunk_header(std::string_view header, std::uint64_t offset) {
  Section section{std::string(header.substr(0, 4)), offset + kChunkHeaderSize, fixed(header, 4, 8),
                  fixed(header, 12, 8)};
  if (!is_section_type(section.type)) throw Error(offset, "a section was expected");
  return section;
}

/// Refuses a section that must be known and is not, or that is there again.
void check_type(const Section& section, const Container& before) {
  const bool known = is_known(section.type);
  if (!known && !is_optional(section.type)) {
    throw Error(section.offset,
                "section " + section.type + " is needed to read the file, but this version does not know it");
  }
  if (known && before.find(section.type) < before.sections.size())
    throw Error(section.offset, "a second section " + section.type);
  check_lengths(section);
  if (section.type == kMeta && section.plain > kMostMeta)
    throw Error(section.offset, "section META of " + std::to_string(section.plain) + " bytes");
}

/// Reads the entries of a directory; they must follow each other from the header to `end`.
std::vector<Section> read_entries(const Section& directory, std::string_view stored, std::uint64_t end) {
  if (directory.plain > kMostDirectory || directory.plain % kEntrySize != 0) {
    throw Error(directory.offset, "a directory of " + std::to_string(directory.plain) + " bytes");
  }
  const std::string plain = Decompressor().section(directory, stored);
  PlainReader in(kDirectory, directory.offset, plain);
  std::vector<Section> sections;
  std::uint64_t expected = kHeaderSize;
  while (in.left() > 0) {
    Section section{std::string(in.bytes(4)), in.fixed(8), in.fixed(8), in.fixed(8)};
    const bool fits = section.offset == expected + kChunkHeaderSize && section.offset <= end &&
                      section.stored <= end - section.offset;
    if (!fits || !is_section_type(section.type))
      in.fail("section " + std::to_string(sections.size()) + " is not where it must be");
    expected = section.offset + section.stored;
    sections.push_back(std::move(section));
  }
  if (expected != end) in.fail("the sections do not fill the file");
  return sections;
}

void add_section(Section section, std::string_view stored, Container& container) {
  check_type(section, container);
  container.sections.push_back(std::move(section));
  container.stored.push_back(stored);
}

}  // namespace

std::size_t Container::find(std::string_view type) const {
  return static_cast<std::size_t>(std::ranges::find(sections, type, &Section::type) - sections.begin());
}

std::size_t Container::need(std::string_view type) const {
  const std::size_t at = find(type);
  if (at < sections.size()) return at;
  const std::uint64_t end = sections.empty() ? kHeaderSize : sections.back().offset + sections.back().stored;
  throw Error(end, "section " + std::string(type) + " is missing");
}

void read_directory(std::string_view bytes, Container& container) {
  read_header(bytes.substr(0, kHeaderSize), container);
  if (bytes.size() < kHeaderSize + kTrailerSize) fail_cut(bytes.size(), "before its directory");
  const std::uint64_t trailer_at = bytes.size() - kTrailerSize;
  const std::string_view trailer = bytes.substr(trailer_at);
  if (!trailer.ends_with(kEndMagic)) fail_cut(bytes.size(), "without its trailer");
  const std::uint64_t offset = fixed(trailer, 0, 8);
  if (fixed(trailer, 8, 8) != ~offset) throw Error(trailer_at, "the trailer is damaged");
  if (offset < kHeaderSize || offset > trailer_at || trailer_at - offset < kChunkHeaderSize) {
    throw Error(trailer_at, "the trailer says that the directory is at " + std::to_string(offset));
  }
  const Section directory = read_chunk_header(bytes.substr(offset, kChunkHeaderSize), offset);
  if (directory.type != kDirectory || directory.stored != trailer_at - directory.offset) {
    throw Error(offset, "the directory is damaged");
  }
  for (Section& section : read_entries(directory, bytes.substr(directory.offset, directory.stored), offset)) {
    const std::string_view stored = bytes.substr(section.offset, section.stored);
    add_section(std::move(section), stored, container);
  }
}

void scan_chunks(std::string_view bytes, Container& container, std::vector<std::string>& lost) {
  read_header(bytes.substr(0, kHeaderSize), container);
  std::uint64_t offset = kHeaderSize;
  try {
    while (container.sections.size() < kMostSections) {
      if (bytes.size() - offset < kChunkHeaderSize) fail_cut(bytes.size(), "before its directory");
      Section section = read_chunk_header(bytes.substr(offset, kChunkHeaderSize), offset);
      if (section.type == kDirectory) return;
      if (section.stored > bytes.size() - section.offset) fail_cut(bytes.size(), "within section " + section.type);
      offset = section.offset + section.stored;
      const std::string_view stored = bytes.substr(section.offset, section.stored);
      add_section(std::move(section), stored, container);
    }
  } catch (const Error& error) {
    lost.emplace_back(error.what());
  }
}

void check_chunk_headers(std::string_view bytes, const Container& container) {
  for (const Section& section : container.sections) {
    const std::uint64_t offset = section.offset - kChunkHeaderSize;
    const Section there = read_chunk_header(bytes.substr(offset, kChunkHeaderSize), offset);
    if (there.type != section.type || there.stored != section.stored || there.plain != section.plain) {
      throw Error(offset, "the header of section " + section.type + " is not what the directory says");
    }
  }
}

namespace {

/// Bytes of a pipe, one after the other.
class Stream {
 public:
  explicit Stream(const SnapshotFile::Read& read) : read_(read) {}

  std::uint64_t offset() const { return offset_; }

  /// The next bytes: as many as are wanted, or fewer at the end.
  std::string take(std::uint64_t size) {
    std::string bytes;
    while (bytes.size() < size) {  // memory grows with what comes, not with what is promised
      const std::size_t before = bytes.size();
      bytes.resize(before + std::min<std::uint64_t>(size - before, kStep));
      const std::size_t got = read_(std::span(bytes).subspan(before));
      bytes.resize(before + got);
      if (got == 0) break;
      offset_ += got;
    }
    return bytes;
  }

  std::string take_all(std::uint64_t size, const std::string& where) {
    std::string bytes = take(size);
    if (bytes.size() < size) fail_cut(offset_, where);
    return bytes;
  }

  void skip(std::uint64_t size, const std::string& where) {
    for (; size > 0; size -= std::min<std::uint64_t>(size, kStep))
      take_all(std::min<std::uint64_t>(size, kStep), where);
  }

 private:
  static constexpr std::size_t kStep = std::size_t{1} << 20U;
  const SnapshotFile::Read& read_;
  std::uint64_t offset_ = 0;
};

void receive_end(Stream& in, const Section& directory, Container& container) {
  if (directory.stored > 2 * kMostDirectory)
    throw Error(directory.offset, "a directory of " + std::to_string(directory.stored) + " bytes");
  const std::uint64_t start = directory.offset - kChunkHeaderSize;
  const std::vector<Section> sections =
      read_entries(directory, in.take_all(directory.stored, "within its directory"), start);
  const auto same = [](const Section& a, const Section& b) {
    return a.type == b.type && a.offset == b.offset && a.stored == b.stored && a.plain == b.plain;
  };
  const auto same_place = [](const Section& a, const Section& b) {
    return a.offset == b.offset && a.stored == b.stored;
  };
  if (!std::ranges::equal(sections, container.sections, same)) {
    // Salvage goes on with the directory, which has a checksum: a section must not pass for one of another type.
    if (std::ranges::equal(sections, container.sections, same_place)) container.sections = sections;
    throw Error(directory.offset, "the directory does not say what the sections say");
  }
  const std::uint64_t trailer_at = in.offset();
  const std::string trailer = in.take_all(kTrailerSize, "without its trailer");
  if (!trailer.ends_with(kEndMagic) || fixed(trailer, 0, 8) != start || fixed(trailer, 8, 8) != ~start) {
    throw Error(trailer_at, "the trailer is damaged");
  }
  if (!in.take(1).empty()) throw Error(in.offset() - 1, "bytes behind the trailer");
}

}  // namespace

void receive(const SnapshotFile::Read& read, const std::function<bool(std::string_view type)>& wanted,
             Container& container, std::vector<std::string>* lost) {
  Stream in(read);
  read_header(in.take(kHeaderSize), container);
  try {
    for (;;) {
      const std::uint64_t offset = in.offset();
      Section section = read_chunk_header(in.take_all(kChunkHeaderSize, "before its directory"), offset);
      if (section.type == kDirectory) return receive_end(in, section, container);
      if (container.sections.size() == kMostSections) throw Error(offset, "more than 4096 sections");
      check_type(section, container);
      const std::string where = "within section " + section.type;
      if (wanted(section.type)) {
        container.received.push_back(in.take_all(section.stored, where));
        add_section(std::move(section), container.received.back(), container);
      } else {
        in.skip(section.stored, where);
        add_section(std::move(section), {}, container);
      }
    }
  } catch (const Error& error) {
    if (lost == nullptr) throw;
    lost->emplace_back(error.what());
  }
}

}  // namespace snapshot::file
