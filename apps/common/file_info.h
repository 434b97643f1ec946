#pragma once

#include <formats/load.h>
#include <snapshot/file.h>
#include <snapshot/info.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The blocks of one domain.
struct DomainSum {
  std::uint32_t id = 0;
  std::string name;  ///< empty where it is not known
  std::optional<std::int64_t> size = std::nullopt;
  std::optional<std::int64_t> count = std::nullopt;
};

/// Rows that the blocks use.
struct TableCounts {
  std::size_t totals = 0;
  std::size_t tracebacks = 0;
  std::size_t longest_traceback = 0;  ///< frames
  std::size_t frames = 0;
  std::size_t strings = 0;
};

/// What is in a file, without its blocks.
struct FileInfo {
  std::string path;
  std::string_view format;
  std::string version;                    ///< of the format; empty where it has none
  std::optional<std::uint64_t> bytes;     ///< of the file; a pipe has no length
  std::optional<std::uint64_t> unpacked;  ///< of what came through compression or a pipe

  // Of a damaged file not all of it may be there.
  std::optional<std::int64_t> size;
  std::optional<std::int64_t> count;
  std::optional<TableCounts> tables;
  std::vector<DomainSum> domains;  ///< ascending by id

  bool has_sizes = false;  ///< of single blocks
  snapshot::BlockColumns columns;
  snapshot::SnapshotInfo info;
  std::vector<snapshot::Section> sections;  ///< of a .tms file
  std::vector<std::string> lost;            ///< what could not be read

  /// Of the bytes that hold the sections.
  std::uint64_t length() const { return unpacked ? *unpacked : bytes.value_or(0); }
};

/// Looks into a file; "-" is standard input. Of a .tms file only its directory, META and the tables are read, so that
/// it takes as long as there are tracebacks, however many blocks there are. When salvaging, and of other formats, all
/// of it. Throws std::runtime_error with the file's name.
FileInfo read_file_info(const std::string& path, formats::LoadOptions options);

/// Decodes and checks every byte, also of the compression around it. Throws std::runtime_error with the file's name.
void verify_file(const std::string& path, formats::LoadOptions options);

}  // namespace cli
