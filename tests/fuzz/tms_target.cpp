// Any bytes as a .tms file, or as the plain bytes of its sections (tests/support/tms_input.h): whatever they hold, they
// load or are refused, in all ways the same, and what loads can be saved, looked up and analysed. Links with libFuzzer,
// or with replay.cpp for the corpus.
#include "../support/tms_input.h"
#include "../support/tms_text.h"
#include "require.h"

#include <snapshot/error.h>
#include <snapshot/file.h>
#include <snapshot/statistics.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using fuzz::require;
using snapshot::Detail;
using snapshot::Snapshot;
using snapshot::SnapshotFile;

/// What comes of loading: text, or the message that says why not.
struct Outcome {
  std::optional<Snapshot> snapshot;
  std::vector<std::string> lost;
};

/// Says where in the file it is that something is wrong.
void check_message(std::string_view message, std::size_t size) {
  require(message.starts_with("offset "), "a message says where");
  std::uint64_t offset = 0;
  for (const char digit : message.substr(7, message.find(':') - 7))
    offset = 10 * offset + static_cast<std::uint64_t>(digit - '0');
  require(offset <= size, "the offset is within the file");
}

template <typename Open>
Outcome load(Open open, Detail detail, std::size_t size) {
  try {
    SnapshotFile file = open();
    Snapshot snapshot = file.load(std::make_shared<snapshot::Symbols>(), detail);
    for (const std::string& line : file.lost()) check_message(line, size);
    return {std::move(snapshot), file.lost()};
  } catch (const snapshot::Error& error) {
    check_message(error.what(), size);
    return {};
  }
}

Outcome viewed(std::string_view bytes, Detail detail, bool salvage = false) {
  return load([&] { return SnapshotFile::view(bytes, salvage); }, detail, bytes.size());
}

Outcome received(std::string_view bytes, Detail detail, bool salvage = false) {
  const auto pipe = testing::pipe_of(bytes, 1 + bytes.size() % 97);
  return load([&] { return SnapshotFile::receive(pipe, detail, salvage); }, detail, bytes.size());
}

bool is_verified(std::string_view bytes) {
  try {
    SnapshotFile::view(bytes).verify();
    return true;
  } catch (const snapshot::Error& error) {
    check_message(error.what(), bytes.size());
    return false;
  }
}

void check_sums(const Snapshot& snapshot) {
  std::int64_t size = 0;
  std::int64_t count = 0;
  for (const auto& row :
       snapshot::statistics(std::span(&snapshot, 1), snapshot::GroupBy::lineno, snapshot::Charge::most_recent)) {
    size += row.size;
    count += row.count;
  }
  require(size == snapshot.size() && count == snapshot.count(), "statistics add up to the snapshot");
}

void check_saved(const Snapshot& snapshot) {
  const std::string bytes = testing::saved(snapshot, 1);
  const Snapshot again = testing::load_viewed(bytes);
  require(testing::text_of(again) == testing::text_of(snapshot), "what is saved loads the same");
  require(testing::saved(again, 1) == bytes, "and is saved the same");
  require(is_verified(bytes), "and is sound");
}

/// The row of the innermost block with the byte, by a search through all.
std::optional<std::size_t> innermost(const snapshot::TraceColumns& blocks, std::uint64_t address) {
  std::optional<std::size_t> best;
  for (std::size_t at = 0; at < blocks.address.size(); ++at) {
    const std::uint64_t length = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(blocks.size[at]));
    if (address < blocks.address[at] || address - blocks.address[at] >= length) continue;
    const bool inner = !best || blocks.address[at] > blocks.address[*best] ||
                       (blocks.address[at] == blocks.address[*best] && blocks.size[at] < blocks.size[*best]);
    if (inner) best = at;
  }
  return best;
}

std::string text(const snapshot::Symbols& symbols, snapshot::StringId id) {
  return id == snapshot::kUnknownString ? std::string("\xFF") : std::string(symbols.text(id));
}

/// Whether both have the same keys and sums, and tracebacks with the same text.
bool same_total(const snapshot::Symbols& symbols, const snapshot::Total& total, const snapshot::Symbols& others,
                const snapshot::Total& other) {
  const auto same_frame = [&](snapshot::FrameId id, snapshot::FrameId other_id) {
    const snapshot::Frame frame = symbols.frame(id);
    const snapshot::Frame other_frame = others.frame(other_id);
    return frame.lineno == other_frame.lineno && text(symbols, frame.filename) == text(others, other_frame.filename) &&
           text(symbols, frame.function) == text(others, other_frame.function) &&
           text(symbols, frame.module) == text(others, other_frame.module);
  };
  return total.total_nframe == other.total_nframe && total.domain == other.domain && total.size == other.size &&
         total.count == other.count &&
         std::ranges::equal(symbols.traceback(total.traceback), others.traceback(other.traceback), same_frame);
}

std::vector<std::uint64_t> addresses_around(const snapshot::TraceColumns& blocks) {
  std::vector<std::uint64_t> addresses{0, std::numeric_limits<std::uint64_t>::max()};
  for (std::size_t at = 0; at < std::min<std::size_t>(blocks.address.size(), 3); ++at) {
    addresses.push_back(blocks.address[at]);
    addresses.push_back(blocks.address[at] + static_cast<std::uint64_t>(blocks.size[at]) / 2);
    addresses.push_back(blocks.address[at] + static_cast<std::uint64_t>(blocks.size[at]));
  }
  return addresses;
}

void check_find(std::string_view bytes, const Snapshot& snapshot) {
  SnapshotFile file = SnapshotFile::view(bytes);
  const snapshot::TraceColumns& blocks = snapshot.traces();
  snapshot::Symbols symbols;
  for (const std::uint64_t address : addresses_around(blocks)) {
    const auto found = file.find_block(address, symbols);
    const auto expected = innermost(blocks, address);
    require(found.has_value() == expected.has_value(), "a block is found where there is one");
    if (!found) continue;
    require(found->size == blocks.size[*expected], "the innermost block is found");
    const auto is_it = [&](std::size_t at) {
      return blocks.address[at] == found->address && blocks.size[at] == found->size &&
             text(symbols, found->type) ==
                 text(snapshot.symbols(), blocks.type.empty() ? snapshot::kUnknownString : blocks.type[at]) &&
             same_total(symbols, found->total, snapshot.symbols(), snapshot.totals()[blocks.total[at]]);
    };
    bool is_any = false;  // equal blocks are many
    for (std::size_t at = 0; at < blocks.rows() && !is_any; ++at) is_any = is_it(at);
    require(is_any, "what it has in common with others is told");
  }
}

/// Whatever the file holds: a block or nothing, or a message.
void try_find(std::string_view bytes) {
  for (const bool salvage : {false, true}) {
    for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{0x1030}, ~std::uint64_t{0}}) {
      try {
        snapshot::Symbols symbols;
        SnapshotFile file = SnapshotFile::view(bytes, salvage);
        const auto found = file.find_block(address, symbols);
        require(!found || !symbols.traceback(found->total.traceback).empty(), "what is found has a traceback");
      } catch (const snapshot::Error& error) {
        check_message(error.what(), bytes.size());
      }
    }
  }
}

void check_salvage(std::string_view bytes, const Outcome& sound, const Outcome& piped) {
  const Outcome salvaged = viewed(bytes, Detail::traces, true);
  require(!sound.snapshot || (salvaged.snapshot && salvaged.lost.empty()), "salvage of a sound file loses nothing");
  require(sound.snapshot || !salvaged.snapshot || !salvaged.lost.empty(), "salvage tells what was lost");
  const Outcome caught = received(bytes, Detail::traces, true);
  require(!piped.snapshot || (caught.snapshot && caught.lost.empty()), "so it is of a pipe");
  require(piped.snapshot || !caught.snapshot || !caught.lost.empty(), "and so it tells");
  for (const Outcome* outcome : {&salvaged, &caught}) {
    if (!outcome->snapshot) continue;
    check_sums(*outcome->snapshot);
    check_saved(*outcome->snapshot);
  }
}

void check_all(std::string_view bytes) {
  const Outcome full = viewed(bytes, Detail::traces);
  const Outcome piped = received(bytes, Detail::traces);
  const bool verified = is_verified(bytes);
  require(!piped.snapshot || full.snapshot, "what loads from a pipe loads from a file");
  require(!verified || piped.snapshot, "what is sound loads from a pipe");
  require(!full.snapshot || full.lost.empty(), "without salvage nothing is lost");
  check_salvage(bytes, full, piped);
  try_find(bytes);
  if (!full.snapshot) return;
  const std::string all = testing::text_of(*full.snapshot);
  require(!piped.snapshot || testing::text_of(*piped.snapshot) == all, "a pipe agrees with a file");
  for (const Detail detail : {Detail::sites, Detail::totals, Detail::sizes, Detail::types}) {
    const Outcome less = viewed(bytes, detail);
    require(less.snapshot.has_value(), "what loads whole loads in part");
    // That sizes are not those of blocks is seen by verify() alone.
    const Detail same = verified ? detail : std::min(detail, Detail::totals);
    require(testing::text_of(*less.snapshot, same) == testing::text_of(*full.snapshot, same), "and is the same");
    check_sums(*less.snapshot);
  }
  check_sums(*full.snapshot);
  check_saved(*full.snapshot);
  check_find(bytes, *full.snapshot);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = testing::file_of_input({reinterpret_cast<const char*>(data), size});
  // Of just that length, so that ASan sees a read past the end.
  const std::unique_ptr<char[]> copy(new char[bytes.size()]);
  std::ranges::copy(bytes, copy.get());
  check_all({copy.get(), bytes.size()});
  return 0;
}
