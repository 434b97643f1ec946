#pragma once

#include "compression.h"

#include <snapshot/file.h>
#include <snapshot/mapping.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace snapshot::file {

/// The sections of a file and their stored bytes.
struct Container {
  Mapping mapping;                   // holds the bytes, or
  std::deque<std::string> received;  // these do, or whoever gave them
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  std::vector<Section> sections;
  Decompressor decompressor;
  std::vector<std::string_view> stored;  ///< of each section; empty for one that was passed over in a pipe

  /// The place of a section, or of none: sections.size().
  std::size_t find(std::string_view type) const;

  /// The place of a section. Throws Error when there is none.
  std::size_t need(std::string_view type) const;
};

/// Reads header, trailer and directory of a whole file. Throws Error.
void read_directory(std::string_view bytes, Container& container);

/// Finds sections without a directory, from the front, as far as they are whole; `lost` says why not further.
void scan_chunks(std::string_view bytes, Container& container, std::vector<std::string>& lost);

/// Reads a pipe to its end, and keeps the sections that are wanted. With `lost` (for salvage), what comes too early to
/// an end is told there; without, Error is thrown.
void receive(const SnapshotFile::Read& read, const std::function<bool(std::string_view type)>& wanted,
             Container& container, std::vector<std::string>* lost);

/// Checks that the header of each chunk says what the directory says.
void check_chunk_headers(std::string_view bytes, const Container& container);

}  // namespace snapshot::file
