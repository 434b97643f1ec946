#pragma once

#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace snapshot {

class Error;
class SnapshotBuilder;
namespace file {
struct Container;
}

/// How much of a file is wanted.
enum class Detail {
  sites,   ///< sums for each most recent frame, which is all that is known of a traceback: for grouping by it
  totals,  ///< sums for each traceback: all that grouping needs
  sizes,   ///< the size of each block as well; equal blocks may come as one row
  types,   ///< and the type of the object in it
  traces,  ///< all that is known
};

/// A part of a .tms file, as its directory tells of it.
struct Section {
  std::string type;      ///< four letters (FILE_FORMAT.md)
  std::uint64_t offset;  ///< of its first byte in the file, behind its header
  std::uint64_t stored;  ///< bytes in the file
  std::uint64_t plain;   ///< bytes when decompressed
};

/// What a file tells of each single block besides its traceback and its size: columns of TraceColumns.
struct BlockColumns {
  bool address = false;
  bool thread = false;
  bool birth = false;
  bool weight = false;
  bool type = false;
};

/// A block that was found by an address.
struct FoundBlock {
  std::uint64_t address;                ///< of its first byte
  std::int64_t size;                    ///< bytes
  Total total;                          ///< what it and those of the same traceback hold together
  std::optional<std::uint32_t> thread;  ///< row of SnapshotInfo::threads
  std::optional<std::int64_t> birth;    ///< as TraceColumns::birth
  std::optional<std::uint64_t> weight;  ///< as TraceColumns::weight
  StringId type = kUnknownString;       ///< as TraceColumns::type
};

/// A .tms file (FILE_FORMAT.md), of which only what is asked for is read. Throws Error, with the offset of what is
/// wrong. However broken or hostile the file is, memory stays bounded by a thousand times its length and 64 MiB, and
/// the values that it unpacks to by 1 GiB for each table.
class SnapshotFile {
 public:
  /// Fills the front of the bytes (not empty) and returns how many; 0 at the end.
  using Read = std::function<std::size_t(std::span<char>)>;

  /// Whether bytes that begin so are such a file.
  static bool recognises(std::string_view head);

  /// Opens a regular file; reads its directory and info alone. With `salvage`, what is damaged is passed over, and told
  /// by lost().
  static SnapshotFile open(const std::string& path, bool salvage = false);

  /// The same of bytes, which must outlive this.
  static SnapshotFile view(std::string_view bytes, bool salvage = false);

  /// Reads a pipe to its end, and keeps the sections that `detail` needs.
  static SnapshotFile receive(const Read& read, Detail detail, bool salvage = false);

  SnapshotFile(SnapshotFile&&) noexcept;
  SnapshotFile& operator=(SnapshotFile&&) noexcept;
  ~SnapshotFile();

  int major_version() const;
  int minor_version() const;
  const SnapshotInfo& info() const { return info_; }  ///< without extra_sections
  std::int64_t size() const { return size_; }         ///< bytes of all blocks
  std::int64_t count() const { return count_; }       ///< number of blocks
  std::span<const Section> sections() const&;
  std::span<const Section> sections() const&& = delete;  // they would be gone before the span
  bool has(std::string_view section_type) const;

  /// Reads the index of the pages of blocks, which a pipe has that was received for Detail::traces.
  BlockColumns block_columns();

  /// O(distinct tracebacks), and O(distinct sizes of each) or O(blocks) for what `detail` asks for. Of a file that
  /// keeps sums alone comes a Snapshot without has_traces(), whatever is asked for.
  Snapshot load(const std::shared_ptr<Symbols>& symbols, Detail detail = Detail::traces);

  /// The block that has the byte at `address`, the innermost where blocks lie in each other; nothing when there is
  /// none, or when the file has no addresses. Interns its traceback and its type, and nothing besides. Needs no load():
  /// reads one page of blocks, seldom more, and walks through the tables that the page refers to. O(distinct
  /// tracebacks), and O(distinct sizes of each) where there are types.
  std::optional<FoundBlock> find_block(std::uint64_t address, Symbols& symbols);

  /// Reads every byte and checks that all of it is as it must be.
  void verify();

  /// With `salvage`: what could not be read so far, one line each.
  const std::vector<std::string>& lost() const { return lost_; }

 private:
  explicit SnapshotFile(bool salvage);
  void read_info();
  Detail detail_of(Detail detail) const;
  std::vector<ExtraSection> read_extra_sections();
  void add_blocks(SnapshotBuilder& builder, std::span<const Total> totals);
  void add_sizes(SnapshotBuilder& builder, std::span<const Total> totals, Detail detail);
  void try_types(const std::function<void()>& read);
  Snapshot finish(SnapshotBuilder builder);
  void check_info(const Snapshot& snapshot);
  void check_sums(const Snapshot& snapshot, std::span<const Total> totals);
  std::uint64_t offset_of(std::string_view section_type) const;
  [[noreturn]] void fail_sums() const;
  void lose(const Error& error);

  std::unique_ptr<file::Container> container_;
  std::string_view bytes_;  // of the whole file, where it is not a pipe
  SnapshotInfo info_;
  std::int64_t size_ = 0;
  std::int64_t count_ = 0;
  bool has_sums_ = false;  // size_ and count_, which salvage may not find
  bool salvage_;
  std::vector<std::string> lost_;
};

/// Loads a .tms file.
Snapshot load(const std::string& path, const std::shared_ptr<Symbols>& symbols, Detail detail = Detail::traces);

}  // namespace snapshot
