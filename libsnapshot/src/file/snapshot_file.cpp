#include "block_pages.h"
#include "compression.h"
#include "container_reader.h"
#include "layout.h"
#include "meta.h"
#include "symbol_sections.h"
#include "total_sections.h"

#include <snapshot/builder.h>
#include <snapshot/error.h>
#include <snapshot/file.h>

#include <algorithm>
#include <utility>

namespace snapshot {

using file::Container;
using file::PlainReader;

namespace {

/// A section's plain bytes, and the reader of them.
struct Plain {
  std::string bytes;
  PlainReader in;

  Plain(const Section& section, std::string_view stored)
      : bytes(file::Decompressor().section(section, stored)), in(section.type, section.offset, bytes) {}
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
};

const Section& need(const Container& container, std::string_view type) {
  const std::size_t at = container.find(type);
  if (at == container.sections.size()) throw Error("section " + std::string(type) + " is missing");
  return container.sections[at];
}

/// Reads a section from its first to its last byte.
template <typename Parse>
auto read_section(const Container& container, std::string_view type, Parse parse) {
  const Section& section = need(container, type);
  Plain plain(section, container.stored[container.find(type)]);
  auto result = parse(plain.in);
  plain.in.finish();
  return result;
}

bool wanted(std::string_view type, Detail detail) {
  if (type == file::kSizes) return detail != Detail::totals;
  if (type == file::kIndex || type == file::kBlocks || file::is_optional(type)) return detail == Detail::traces;
  return true;
}

/// The blocks of a file, page by page.
class Blocks {
 public:
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  Blocks(const Container& container, std::span<const Total> totals, std::size_t threads)
      : stored_(container.stored[container.find(need(container, file::kBlocks).type)]),
        offset_(need(container, file::kBlocks).offset),
        threads_(threads),
        sizes_(read_section(container, file::kSizes, [&](PlainReader& in) { return file::read_sizes(in, totals); })),
        index_(read_section(container, file::kIndex,
                            [&](PlainReader& in) { return file::read_index(in, stored_.size()); })),
        reader_(index_, totals, sizes_) {
    std::uint64_t start = 0;
    for (const file::Page& page : index_.pages) {
      starts_.push_back(start);
      start += page.stored;
    }
  }

  const file::BlockIndex& index() const { return index_; }

  TraceColumns read(std::size_t page) {
    const std::uint64_t offset = offset_ + starts_[page];
    const std::string_view stored = stored_.substr(starts_[page], index_.pages[page].stored);
    const std::string plain = decompressor_.frame(file::kBlocks, offset, stored, index_.rows_of(page) * kMostRowBytes);
    PlainReader in(file::kBlocks, offset, plain);
    return reader_.read(page, in, threads_);
  }

 private:
  static constexpr std::size_t kMostRowBytes = 7 * 10;  // ten are the longest number

  std::string_view stored_;
  std::uint64_t offset_;
  std::size_t threads_;
  std::vector<file::SizeRow> sizes_;
  file::BlockIndex index_;
  file::PageReader reader_;
  file::Decompressor decompressor_;
  std::vector<std::uint64_t> starts_;  // of pages, within the section
};

}  // namespace

SnapshotFile::SnapshotFile(bool salvage) : container_(std::make_unique<Container>()), salvage_(salvage) {}
SnapshotFile::SnapshotFile(SnapshotFile&&) noexcept = default;
SnapshotFile& SnapshotFile::operator=(SnapshotFile&&) noexcept = default;
SnapshotFile::~SnapshotFile() = default;

SnapshotFile SnapshotFile::open(const std::string& path, bool salvage) {
  Mapping mapping(path);
  SnapshotFile file = view({mapping.bytes().data(), mapping.bytes().size()}, salvage);
  file.container_->mapping = std::move(mapping);
  return file;
}

SnapshotFile SnapshotFile::view(std::string_view bytes, bool salvage) {
  SnapshotFile file(salvage);
  file.bytes_ = bytes;
  try {
    file::read_directory(bytes, *file.container_);
  } catch (const Error& error) {
    if (!salvage) throw;
    *file.container_ = {};
    file::scan_chunks(bytes, *file.container_, file.lost_);
    if (file.lost_.empty()) file.lost_.emplace_back(error.what());
  }
  file.read_info();
  return file;
}

SnapshotFile SnapshotFile::receive(const Read& read, Detail detail, bool salvage) {
  SnapshotFile file(salvage);
  file::receive(
      read, [&](std::string_view type) { return wanted(type, detail); }, *file.container_,
      salvage ? &file.lost_ : nullptr);
  file.read_info();
  return file;
}

void SnapshotFile::read_info() {
  try {
    file::Meta meta = read_section(*container_, file::kMeta, file::read_meta);
    info_ = std::move(meta.info);
    size_ = meta.size;
    count_ = meta.count;
  } catch (const Error& error) {
    lose(error);
  }
}

void SnapshotFile::lose(const Error& error) {
  if (!salvage_) throw error;
  if (std::ranges::find(lost_, error.what()) == lost_.end()) lost_.emplace_back(error.what());
}

int SnapshotFile::major_version() const { return container_->major; }
int SnapshotFile::minor_version() const { return container_->minor; }
std::span<const Section> SnapshotFile::sections() const { return container_->sections; }
bool SnapshotFile::has(std::string_view section_type) const {
  return container_->find(section_type) < container_->sections.size();
}

Snapshot SnapshotFile::load(const std::shared_ptr<Symbols>& symbols, Detail detail) {
  const Container& container = *container_;
  const auto strings =
      read_section(container, file::kStrings, [&](PlainReader& in) { return file::read_strings(in, *symbols); });
  const auto frames =
      read_section(container, file::kFrames, [&](PlainReader& in) { return file::read_frames(in, strings, *symbols); });
  const auto tracebacks = read_section(container, file::kTracebacks,
                                       [&](PlainReader& in) { return file::read_tracebacks(in, frames, *symbols); });
  auto totals = read_section(container, file::kTotals,
                             [&](PlainReader& in) { return file::read_totals(in, tracebacks, *symbols); });
  SnapshotInfo info = info_;
  if (detail == Detail::traces) info.extra_sections = read_extra_sections();

  const auto build = [&](auto add_traces) {
    SnapshotBuilder builder(symbols);
    builder.set_totals(totals);
    add_traces(builder);
    builder.info() = info;
    Snapshot snapshot = std::move(builder).finish();
    check_sums(snapshot, totals.values());
    return snapshot;
  };
  if (detail == Detail::traces && has(file::kBlocks)) {
    try {
      return build([&](SnapshotBuilder& builder) { add_blocks(builder, totals.values()); });
    } catch (const Error& error) {
      lose(error);
    }
  }
  if (detail != Detail::totals && has(file::kSizes)) {
    try {
      return build([&](SnapshotBuilder& builder) { add_sizes(builder, totals.values()); });
    } catch (const Error& error) {
      lose(error);
    }
  }
  SnapshotBuilder builder(symbols, true);
  builder.set_totals(std::move(totals));
  builder.info() = std::move(info);
  Snapshot snapshot = std::move(builder).finish();
  check_info(snapshot);
  return snapshot;
}

void SnapshotFile::add_blocks(SnapshotBuilder& builder, std::span<const Total> totals) const {
  Blocks blocks(*container_, totals, info_.threads.size());
  TraceColumns& columns = builder.columns();
  for (std::size_t at = 0; at < blocks.index().pages.size(); ++at) {
    const TraceColumns page = blocks.read(at);
    for (std::size_t row = 0; row < page.rows(); ++row) builder.add_trace(page.total[row], page.size[row]);
    columns.address.append(page.address.values());
    columns.thread.append(page.thread.values());
    columns.birth.append(page.birth.values());
    columns.weight.append(page.weight.values());
  }
}

void SnapshotFile::add_sizes(SnapshotBuilder& builder, std::span<const Total> totals) const {
  const auto rows =
      read_section(*container_, file::kSizes, [&](PlainReader& in) { return file::read_sizes(in, totals); });
  for (const file::SizeRow& row : rows) builder.add_equal_traces(row.total, row.size, row.count);
}

void SnapshotFile::check_sums(const Snapshot& snapshot, std::span<const Total> totals) {
  const auto same = [](const Total& a, const Total& b) { return a.size == b.size && a.count == b.count; };
  if (!std::ranges::equal(snapshot.totals(), totals, same)) {
    throw Error(need(*container_, file::kTotals).offset, "the blocks do not add up to the totals");
  }
  check_info(snapshot);
}

void SnapshotFile::check_info(const Snapshot& snapshot) {
  if (!has(file::kMeta) || (snapshot.size() == size_ && snapshot.count() == count_)) return;
  lose(Error(need(*container_, file::kMeta).offset, "the totals do not add up to what section META says"));
}

std::vector<ExtraSection> SnapshotFile::read_extra_sections() {
  std::vector<ExtraSection> extra;
  for (std::size_t at = 0; at < container_->sections.size(); ++at) {
    const Section& section = container_->sections[at];
    if (!file::is_optional(section.type)) continue;
    try {
      extra.push_back({section.type, file::Decompressor().section(section, container_->stored[at])});
    } catch (const Error& error) {
      lose(error);
    }
  }
  return extra;
}

std::optional<FoundBlock> SnapshotFile::find_block(const Snapshot& loaded, std::uint64_t address) {
  if (!has(file::kBlocks)) return std::nullopt;
  Blocks blocks(*container_, loaded.totals(), info_.threads.size());
  const file::BlockIndex& index = blocks.index();
  if (!index.layout.has_address) return std::nullopt;
  const auto behind = std::ranges::upper_bound(index.pages, address, {}, &file::Page::first);
  for (auto at = static_cast<std::size_t>(behind - index.pages.begin()); at-- > 0;) {
    if (index.pages[at].reach <= address) continue;
    const TraceColumns page = blocks.read(at);
    for (std::size_t row = page.rows(); row-- > 0;) {
      if (page.address[row] > address || file::end_of(page.address[row], page.size[row]) <= address) continue;
      FoundBlock found{page.address[row], page.size[row], page.total[row], {}, {}, {}};
      const bool thread_known = !page.thread.empty() && page.thread[row] != TraceColumns::kUnknownThread;
      if (thread_known) found.thread = page.thread[row];
      if (!page.birth.empty()) found.birth = page.birth[row];
      if (!page.weight.empty()) found.weight = page.weight[row];
      return found;
    }
  }
  return std::nullopt;
}

void SnapshotFile::verify() {
  if (!bytes_.empty()) file::check_chunk_headers(bytes_, *container_);
  load(std::make_shared<Symbols>(), Detail::traces);
  if (has(file::kBlocks)) load(std::make_shared<Symbols>(), Detail::sizes);
}

Snapshot load(const std::string& path, const std::shared_ptr<Symbols>& symbols, Detail detail) {
  return SnapshotFile::open(path).load(symbols, detail);
}

}  // namespace snapshot
