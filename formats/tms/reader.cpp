#include "reader.h"

#include <algorithm>
#include <span>

namespace formats::tms {

Sniff sniff(std::string_view head) { return snapshot::SnapshotFile::recognises(head) ? Sniff::yes : Sniff::no; }

snapshot::SnapshotFile open(ByteReader& bytes, const ReadOptions& options) {
  if (const auto mapped = bytes.mapped()) return snapshot::SnapshotFile::view(*mapped, options.salvage);
  const auto read = [&](std::span<char> into) -> std::size_t {
    if (!bytes.ensure(1)) return 0;
    const std::string_view window = bytes.window().substr(0, into.size());
    std::ranges::copy(window, into.begin());
    bytes.advance(window.size());
    return window.size();
  };
  return snapshot::SnapshotFile::receive(read, options.detail, options.salvage);
}

snapshot::Snapshot read(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                        const ReadOptions& options, Lost& lost) {
  snapshot::SnapshotFile file = open(bytes, options);
  snapshot::Snapshot snapshot = file.load(symbols, options.detail);
  lost.insert(lost.end(), file.lost().begin(), file.lost().end());
  return snapshot;
}

}  // namespace formats::tms
