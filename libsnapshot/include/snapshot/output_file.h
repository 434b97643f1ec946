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

/// A file that is written whole or not at all: in the directory of `path`, without a name where the file system can,
/// else under a temporary one, until commit() flushes it to the disk and renames it. Until then, and for ever when this
/// ends without commit(), what stood at `path` stays as it was. A crash at any moment leaves the old file or the new
/// one; besides that at most a temporary file, ".NAME.*.tmp", which the next OutputFile for the same path removes.
///
/// The file gets the permissions of the one that it replaces, which must be writable. A link is followed, so that it
/// stays one. What is no regular file (a pipe, a terminal), and what is already open (/dev/stdout), is written as it
/// comes.
class OutputFile final : public ByteSink {
 public:
  /// Throws Error when there can be no such file.
  explicit OutputFile(std::string path);
  ~OutputFile() override;

  /// Throws Error; then nothing can be written or committed any more.
  void write(std::string_view bytes) override;

  /// Gives the file its name. Throws Error; then nothing has changed, unless the text says that the new name alone may
  /// not have reached the disk. Called once, at the end.
  void commit();

 private:
  void open_in_place();
  void open_temporary(unsigned mode);
  void flush();
  void write_out(std::string_view bytes);
  void discard();
  [[noreturn]] void fail(int error);

  std::string path_;       // where the file will be, links resolved
  std::string temporary_;  // its name until then; empty while it has none
  int descriptor_ = -1;
  bool in_place_ = false;
  std::string buffer_;
};

}  // namespace snapshot
