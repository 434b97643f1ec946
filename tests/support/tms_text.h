#pragma once

#include <snapshot/file.h>
#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

#include <memory>
#include <string>
#include <string_view>

namespace testing {

/// All that a snapshot says, as far as `detail` asks for it, in text that depends neither on row numbers nor on the
/// order of rows: two snapshots with the same text are the same. Made with the model alone, not with the codec. Without
/// `types`, as if the types of blocks were not known.
std::string text_of(const snapshot::Snapshot& snapshot, snapshot::Detail detail = snapshot::Detail::traces,
                    bool types = true);

/// Keeps what is written to it.
class StringSink final : public snapshot::ByteSink {
 public:
  void write(std::string_view bytes) override { bytes_ += bytes; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// The bytes of a .tms file.
std::string saved(const snapshot::Snapshot& snapshot, int level = 3);

/// A pipe that gives the bytes, which must outlive it, in pieces of random length, at most `most`.
snapshot::SnapshotFile::Read pipe_of(std::string_view bytes, std::size_t most, std::uint64_t seed = 1);

/// What view() or receive() makes of the bytes, with Symbols of its own.
snapshot::Snapshot load_viewed(std::string_view bytes, snapshot::Detail detail = snapshot::Detail::traces);
snapshot::Snapshot load_received(std::string_view bytes, snapshot::Detail detail = snapshot::Detail::traces,
                                 std::size_t most = 1 << 16U);

}  // namespace testing
