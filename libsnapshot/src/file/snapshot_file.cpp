#include "blocks_reader.h"
#include "compression.h"
#include "container_reader.h"
#include "layout.h"
#include "meta.h"
#include "section_reader.h"
#include "symbol_sections.h"
#include "total_sections.h"
#include "trace_sizes.h"
#include "type_section.h"

#include <snapshot/builder.h>
#include <snapshot/error.h>
#include <snapshot/file.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace snapshot {

using file::Container;
using file::PlainReader;
using file::read_section;

namespace {

bool wanted(std::string_view type, Detail detail) {
  if (type == file::kSizes) return detail >= Detail::sizes;
  if (type == file::kTypes) return detail >= Detail::types;
  if (type == file::kIndex || type == file::kBlocks || file::is_optional(type)) return detail == Detail::traces;
  return true;
}

}  // namespace

SnapshotFile::SnapshotFile(bool salvage) : container_(std::make_unique<Container>()), salvage_(salvage) {}
SnapshotFile::SnapshotFile(SnapshotFile&&) noexcept = default;
SnapshotFile& SnapshotFile::operator=(SnapshotFile&&) noexcept = default;
SnapshotFile::~SnapshotFile() = default;

bool SnapshotFile::recognises(std::string_view head) { return head.substr(0, file::kMagic.size()) == file::kMagic; }

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
      read,
      [&](std::string_view type) {
        if (type == file::kSizes && file.has(file::kMeta)) file.read_info();  // which comes before
        return wanted(type, file.detail_of(detail));
      },
      *file.container_, salvage ? &file.lost_ : nullptr);
  file.read_info();
  return file;
}

void SnapshotFile::read_info() {
  try {
    file::Meta meta = read_section(*container_, file::kMeta, file::read_meta);
    info_ = std::move(meta.info);
    size_ = meta.size;
    count_ = meta.count;
    has_sums_ = true;
  } catch (const Error& error) {
    lose(error);
  }
}

/// As much as is needed for that: what samples stand for depends on their sizes.
Detail SnapshotFile::detail_of(Detail detail) const {
  return info_.sampling_interval.value_or(0) != 0 ? std::max(detail, Detail::sizes) : detail;
}

void SnapshotFile::lose(const Error& error) {
  if (!salvage_) throw error;
  if (std::ranges::find(lost_, error.what()) == lost_.end()) lost_.emplace_back(error.what());
}

int SnapshotFile::major_version() const { return container_->major; }
int SnapshotFile::minor_version() const { return container_->minor; }
std::span<const Section> SnapshotFile::sections() const& { return container_->sections; }
bool SnapshotFile::has(std::string_view section_type) const {
  return container_->find(section_type) < container_->sections.size();
}

Snapshot SnapshotFile::load(const std::shared_ptr<Symbols>& symbols, Detail detail) {
  Container& container = *container_;
  if (has(file::kSizes)) detail = detail_of(detail);
  const auto strings =
      read_section(container, file::kStrings, [&](PlainReader& in) { return file::read_strings(in, *symbols); });
  const auto frames =
      read_section(container, file::kFrames, [&](PlainReader& in) { return file::read_frames(in, strings, *symbols); });
  const auto tracebacks = read_section(container, file::kTracebacks, [&](PlainReader& in) {
    return detail == Detail::sites ? file::read_most_recent(in, frames, *symbols)
                                   : file::read_tracebacks(in, frames, *symbols);
  });
  const auto read_totals = [&](const auto& use) {
    read_section(container, file::kTotals, [&](PlainReader& in) { file::read_totals(in, tracebacks, use); });
  };
  if (detail == Detail::sites) {
    SnapshotBuilder builder(symbols, true);
    read_totals([&](const Total& total) {
      builder.add_sum(builder.total(total.traceback, 0, total.domain), total.size, total.count);
    });
    builder.info() = info_;
    return finish(std::move(builder));
  }
  Column<Total> totals;
  read_totals([&](const Total& total) { totals.push_back(total); });
  SnapshotInfo info = info_;
  if (detail == Detail::traces) info.extra_sections = read_extra_sections();

  const auto build = [&](auto add_traces) {
    SnapshotBuilder builder(symbols);
    builder.set_totals(totals);
    add_traces(builder);
    builder.info() = info;
    Snapshot snapshot = finish(std::move(builder));
    check_sums(snapshot, totals.values());
    return snapshot;
  };
  if (detail == Detail::traces && (has(file::kBlocks) || has(file::kIndex))) {
    try {
      return build([&](SnapshotBuilder& builder) { add_blocks(builder, totals.values()); });
    } catch (const Error& error) {
      lose(error);
    }
  }
  if (detail >= Detail::sizes && has(file::kSizes)) {
    try {
      return build([&](SnapshotBuilder& builder) { add_sizes(builder, totals.values(), detail); });
    } catch (const Error& error) {
      lose(error);
    }
  }
  if (detail >= Detail::types) try_types([&] { container.need(file::kSizes); });  // they are types of its rows
  SnapshotBuilder builder(symbols, true);
  builder.set_totals(std::move(totals));
  builder.info() = std::move(info);
  return finish(std::move(builder));
}

Snapshot SnapshotFile::finish(SnapshotBuilder builder) {
  Snapshot snapshot = std::move(builder).finish();
  check_info(snapshot);
  return snapshot;
}

/// Reads the types of blocks, if there are any: they can be lost alone.
void SnapshotFile::try_types(const std::function<void()>& read) {
  if (!has(file::kTypes)) return;
  try {
    read();
  } catch (const Error& error) {
    lose(error);
  }
}

void SnapshotFile::add_blocks(SnapshotBuilder& builder, std::span<const Total> totals) {
  const file::BlockIndex index = file::read_block_index(*container_);
  const auto sizes =
      read_section(*container_, file::kSizes, [&](PlainReader& in) { return file::read_sizes(in, totals); });
  file::BlocksReader blocks(*container_, index, totals, sizes, info_.threads.size());
  TraceColumns& columns = builder.columns();
  std::int64_t left = 0;  // bytes of the totals: no more than 63 bits, which read_totals() saw to
  for (const Total& total : totals) left += total.size;
  for (std::size_t at = 0; at < index.pages.size(); ++at) {
    const TraceColumns page = blocks.read(at);
    for (std::size_t row = 0; row < page.rows(); ++row) {
      if (page.size[row] > left) fail_sums();  // before a sum can overflow
      left -= page.size[row];
      builder.add_trace(page.total[row], page.size[row]);
    }
    columns.address.append(page.address.values());
    columns.thread.append(page.thread.values());
    columns.birth.append(page.birth.values());
    columns.weight.append(page.weight.values());
  }
  blocks.finish();
  try_types([&] {
    const file::KeptSection section(*container_, file::kTypes);
    columns.type = file::types_of_blocks(section.reader(), sizes, totals.size(), columns, builder.symbols());
  });
}

void SnapshotFile::add_sizes(SnapshotBuilder& builder, std::span<const Total> totals, Detail detail) {
  file::TypedSizes rows{
      read_section(*container_, file::kSizes, [&](PlainReader& in) { return file::read_sizes(in, totals); }), {}};
  if (detail >= Detail::types) {
    try_types([&] {
      const file::KeptSection section(*container_, file::kTypes);
      rows = file::typed_sizes(section.reader(), rows.sizes, has(file::kBlocks), builder.symbols());
    });
  }
  for (std::size_t at = 0; at < rows.sizes.size(); ++at) {
    const file::SizeRow row = rows.sizes[at];
    builder.add_equal_traces(row.total, row.size, row.count);
  }
  builder.columns().type = std::move(rows.types);
}

void SnapshotFile::check_sums(const Snapshot& snapshot, std::span<const Total> totals) {
  const auto same = [](const Total& a, const Total& b) { return a.size == b.size && a.count == b.count; };
  if (!std::ranges::equal(snapshot.totals(), totals, same)) fail_sums();
}

std::uint64_t SnapshotFile::offset_of(std::string_view type) const {
  return container_->sections[container_->need(type)].offset;
}

void SnapshotFile::fail_sums() const {
  throw Error(offset_of(file::kTotals), "the blocks do not add up to the totals");
}

void SnapshotFile::check_info(const Snapshot& snapshot) {
  if (!has_sums_ || (snapshot.size() == size_ && snapshot.count() == count_)) return;
  lose(Error(offset_of(file::kMeta), "the totals do not add up to what section META says"));
}

std::vector<ExtraSection> SnapshotFile::read_extra_sections() {
  std::vector<ExtraSection> extra;
  Section all{"", 0, 0, 0};  // what is bounded: they are kept together
  for (std::size_t at = 0; at < container_->sections.size(); ++at) {
    const Section& section = container_->sections[at];
    if (file::is_known(section.type)) continue;
    try {
      all = {section.type, section.offset, all.stored + section.stored, all.plain + section.plain};
      file::check_lengths(all);
      extra.push_back({section.type, container_->decompressor.section(section, container_->stored[at])});
    } catch (const Error& error) {
      lose(error);
    }
  }
  return extra;
}

void SnapshotFile::verify() {
  if (!bytes_.empty()) file::check_chunk_headers(bytes_, *container_);
  const auto symbols = std::make_shared<Symbols>();
  const Snapshot all = load(symbols, Detail::traces);
  if (!has(file::kBlocks)) return;
  const Snapshot sizes = load(symbols, Detail::sizes);
  if (!all.has_traces() || !sizes.has_traces()) return;  // salvage has told so
  std::vector<std::uint32_t> order(all.totals().size());
  std::iota(order.begin(), order.end(), 0U);
  if (file::trace_sizes(all, order).rows != file::trace_sizes(sizes, order).rows)
    throw Error(offset_of(file::kSizes), "the sizes are not those of the blocks");
}

Snapshot load(const std::string& path, const std::shared_ptr<Symbols>& symbols, Detail detail) {
  return SnapshotFile::open(path).load(symbols, detail);
}

}  // namespace snapshot
