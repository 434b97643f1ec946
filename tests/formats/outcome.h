#pragma once

#include <formats/bytes/byte_source.h>
#include <formats/load.h>
#include <snapshot/snapshot.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace formats_test {

/// What comes of loading: a snapshot, or the message that says why not.
struct Outcome {
  std::optional<snapshot::Snapshot> snapshot;
  std::string message;
};

using SharedSymbols = std::shared_ptr<snapshot::Symbols>;

/// Bytes as a regular file holds them, with any compression: opened, mapped, peeled, recognised, read. Here as in the
/// others, an exception that is neither a FormatError nor a snapshot::Error comes through.
Outcome load_file(const std::string& path, const SharedSymbols& symbols, formats::Detail detail);

/// Uncompressed bytes of a mapping. Under ASan a read past their end is an error, although the page goes on.
Outcome load_mapped(std::string_view bytes, const SharedSymbols& symbols, formats::Detail detail);

/// Uncompressed bytes as a pipe gives them: at most `chunk` at a time.
Outcome load_streamed(std::string_view bytes, std::size_t chunk, const SharedSymbols& symbols, formats::Detail detail);

/// As load_file, but from standard input, a pipe. At most 64 KiB, which is what a pipe takes before someone reads.
Outcome load_stdin(std::string_view bytes, const SharedSymbols& symbols, formats::Detail detail);

/// A source of at most `chunk` bytes at a time. The bytes must outlive it.
std::unique_ptr<formats::ByteSource> make_chunk_source(std::string_view bytes, std::size_t chunk);

/// A file without a name, which holds `bytes`.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  int descriptor() const { return descriptor_; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// Whether both loaded, with the same totals, traceback limit and sums (rows that hold no block do not matter), or both
/// did not, for the same reason. The snapshots share one Symbols.
bool agree(const Outcome& a, const Outcome& b);

/// The same for bytes that were mapped and streamed. A frame that the file cannot hold is seen at once in a mapping,
/// and at the end of a pipe, if the pickle is not broken before.
bool agree_across(const Outcome& mapped, const Outcome& streamed);

std::string read_whole_file(const std::string& path);

}  // namespace formats_test
