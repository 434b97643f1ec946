#include "outcome.h"

#include "tests/support/sanitizer.h"

#include <formats/bytes/sources.h>
#include <formats/format_error.h>
#include <snapshot/error.h>
#include <snapshot/mapping.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#ifdef TMTOOLS_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace formats_test {
namespace {

/// The rest of the page behind a mapping, which ASan is told to watch.
class WatchedTail {
 public:
  explicit WatchedTail(std::span<const char> bytes) {
    constexpr std::size_t kPage = 4096;
    begin_ = bytes.data() + bytes.size();
    length_ = (kPage - bytes.size() % kPage) % kPage;
#ifdef TMTOOLS_ASAN
    ASAN_POISON_MEMORY_REGION(begin_, length_);
#endif
  }
  WatchedTail(const WatchedTail&) = delete;
  WatchedTail& operator=(const WatchedTail&) = delete;
  ~WatchedTail() {
#ifdef TMTOOLS_ASAN
    ASAN_UNPOISON_MEMORY_REGION(begin_, length_);
#endif
  }

 private:
  const char* begin_;
  std::size_t length_;
};

class ChunkSource final : public formats::ByteSource {
 public:
  ChunkSource(std::string_view bytes, std::size_t chunk) : bytes_(bytes), chunk_(chunk) {}

  std::size_t read(std::span<std::byte> into) override {
    const std::size_t count = std::min({into.size(), chunk_, bytes_.size()});
    if (count > 0) std::memcpy(into.data(), bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  std::size_t chunk_;
};

template <typename Load>
Outcome outcome_of(Load load) {
  try {
    return {load().snapshot, {}};
  } catch (const formats::FormatError& error) {
    return {std::nullopt, error.what()};
  } catch (const snapshot::Error& error) {
    return {std::nullopt, error.what()};
  }
}

using Row = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t, std::int64_t>;

std::vector<Row> rows_with_blocks(const snapshot::Snapshot& snapshot) {
  std::vector<Row> rows;
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    rows.emplace_back(row(total.traceback), total.total_nframe, total.domain, total.size, total.count);
  }
  std::ranges::sort(rows);
  return rows;
}

bool same_sums(const snapshot::Snapshot& a, const snapshot::Snapshot& b) {
  return a.size() == b.size() && a.count() == b.count() && a.info() == b.info() &&
         rows_with_blocks(a) == rows_with_blocks(b);
}

[[noreturn]] void throw_errno(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

TemporaryFile::TemporaryFile(std::string_view bytes) : descriptor_(::memfd_create("formats_test", MFD_CLOEXEC)) {
  if (descriptor_ < 0) throw_errno("memfd_create");
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (written <= 0) throw_errno("pwrite");
    at += static_cast<std::size_t>(written);
  }
}

TemporaryFile::~TemporaryFile() { ::close(descriptor_); }

std::unique_ptr<formats::ByteSource> make_chunk_source(std::string_view bytes, std::size_t chunk) {
  return std::make_unique<ChunkSource>(bytes, chunk);
}

Outcome load_file(const std::string& path, const SharedSymbols& symbols, formats::Detail detail) {
  return outcome_of([&] { return formats::load(formats::open_bytes(path), symbols, {detail}); });
}

Outcome load_mapped(std::string_view bytes, const SharedSymbols& symbols, formats::Detail detail) {
  const TemporaryFile file(bytes);
  snapshot::Mapping mapping(file.descriptor(), bytes.size());
  const WatchedTail tail(mapping.bytes());
  return outcome_of([&] { return formats::load(formats::ByteReader(std::move(mapping)), symbols, {detail}); });
}

Outcome load_streamed(std::string_view bytes, std::size_t chunk, const SharedSymbols& symbols, formats::Detail detail) {
  return outcome_of(
      [&] { return formats::load(formats::ByteReader(make_chunk_source(bytes, chunk)), symbols, {detail}); });
}

bool agree(const Outcome& a, const Outcome& b) {
  if (a.snapshot && b.snapshot) return same_sums(*a.snapshot, *b.snapshot);
  return !a.snapshot && !b.snapshot && a.message == b.message;
}

bool agree_across(const Outcome& mapped, const Outcome& streamed) {
  return mapped.message.find("a pickle frame of ") != std::string::npos || agree(mapped, streamed);
}

Outcome load_stdin(std::string_view bytes, const SharedSymbols& symbols, formats::Detail detail) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw_errno("pipe");
  if (::write(ends[1], bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) throw_errno("write");
  ::close(ends[1]);
  const int before = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
  Outcome outcome = load_file("-", symbols, detail);
  ::dup2(before, STDIN_FILENO);
  ::close(before);
  return outcome;
}

std::string read_whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw_errno(path.c_str());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace formats_test
