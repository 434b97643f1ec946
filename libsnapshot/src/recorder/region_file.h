#pragma once

#include "recorder/region.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace snapshot::recorder {

/// A region as its reader has it open. What lies in it is the program's, which may write over it in any way and at any
/// time: layout() is the reader's own, and rows are read with bounds.
class RegionFile {
 public:
  /// Whether `path` may be a symbolic link: not in a directory where others may make one.
  enum class Links { refused, followed };

  /// Throws Error where there is no such region.
  explicit RegionFile(std::string path, Links links = Links::refused);

  /// The calling process's own, which has no file. It stays mapped.
  explicit RegionFile(RegionMap own);
  ~RegionFile();
  RegionFile(const RegionFile&) = delete;
  RegionFile& operator=(const RegionFile&) = delete;

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_; }  ///< -1: there is no file

  /// The live words: counters, state, requests. Of offsets and sizes layout() has those that hold.
  Header& header() const { return map_.header(); }
  const Header& layout() const { return *layout_; }

  const Shard* shards() const { return map_.shards(); }

  /// Copies bytes of the file. Not through the mapping: there a page that was never written would be made by reading
  /// it, or kill the reader where there is no memory for one. Throws Error.
  void read(std::uint64_t offset, void* to, std::size_t size) const;

 private:
  void keep_layout();

  std::string path_;
  int descriptor_;
  RegionMap map_;
  std::unique_ptr<Header> layout_;
};

/// Text of a field of fixed size, which may lack its final zero byte; as the library's text.
std::string text_of(const char* field, std::size_t size);

}  // namespace snapshot::recorder
