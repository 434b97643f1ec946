#pragma once

#include "bytes/byte_reader.h"
#include "parts.h"
#include "read_options.h"
#include "sniff.h"
#include "write_options.h"

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace formats {

/// One format that the toolkit reads, writes, or both.
struct Format {
  std::string_view name;
  std::span<const std::string_view> extensions;  ///< ".pickle"; the first is the usual one
  Parts carries;                                 ///< what a written file keeps of a snapshot
  bool binary = false;                           ///< nothing for a terminal
  bool takes_level = false;                      ///< WriteOptions::level
  bool takes_amount = false;                     ///< WriteOptions::amount

  /// Null, both, when it is only written.
  Sniff (*sniff)(std::string_view head) = nullptr;
  snapshot::Snapshot (*read)(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                             const ReadOptions& options, Lost& lost) = nullptr;

  /// Null when it is only read. Throws FormatError for a snapshot that the format cannot tell, and what `sink` throws.
  void (*write)(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink) = nullptr;
};

/// All of them, in the order in which they are asked.
std::span<const Format> all_formats();

/// Null when no format that is read, or written, has this name.
const Format* find_reader(std::string_view name);
const Format* find_writer(std::string_view name);

/// The format that is written to a file of this name; null when its extension says nothing.
const Format* writer_for_path(std::string_view path);

/// The names of those that are read, or written, for a message: "a, b".
std::string format_names();
std::string writer_names();

/// The names of what `snapshot` has and `format` does not carry.
std::vector<std::string_view> left_out(const snapshot::Snapshot& snapshot, const Format& format);

}  // namespace formats
