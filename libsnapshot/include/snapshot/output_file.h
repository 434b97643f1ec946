#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace snapshot {

/// Where a writer puts bytes, one after the other.
class ByteSink {
 public:
  ByteSink() = default;
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;
  virtual ~ByteSink() = default;

  virtual void write(std::string_view bytes) = 0;  ///< throws Error when they cannot all be written
};

/// A file that is written whole or not at all: under a temporary name in the directory of `path`, which commit() flushes
/// to the disk and renames. Until then, and for ever when this ends without commit(), what stood at `path` stays as it
/// was. A crash at any moment leaves the old file or the new one; besides that at most a temporary file, ".NAME.*.tmp",
/// which the next OutputFile for the same path removes.
///
/// What is no regular file (a pipe, /dev/stdout) is written as it comes. A link is followed, so that it stays one.
class OutputFile final : public ByteSink {
 public:
  /// Throws Error when there can be no such file.
  explicit OutputFile(std::string path);
  ~OutputFile() override;

  void write(std::string_view bytes) override;

  /// Gives the file its name. Throws Error; then nothing has changed. Called once, at the end.
  void commit();

 private:
  void flush();

  std::string path_;       // where the file will be, links resolved
  std::string temporary_;  // its name until then; empty while it has none
  int descriptor_ = -1;
  bool in_place_ = false;  // no regular file
  std::string buffer_;
};

}  // namespace snapshot
