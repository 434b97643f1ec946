#include "blocks_reader.h"

#include "layout.h"
#include "section_reader.h"

#include <snapshot/error.h>

#include <string>

namespace snapshot::file {
namespace {

constexpr std::size_t kMostRowBytes = 7 * 10;  // ten are the longest number

[[noreturn]] void fail(const Section& blocks, const std::string& what) {
  throw Error(blocks.offset, "section BLKS: " + what);
}

}  // namespace

BlockIndex read_block_index(Container& container) {
  const Section& blocks = container.sections[container.need(kBlocks)];
  BlockIndex index = read_section(container, kIndex, [&](PlainReader& in) { return read_index(in, blocks.stored); });
  // Each block takes a byte, and memory for 16 or more.
  const bool few = index.rows <= kFreeBlocks || (index.rows - kFreeBlocks) / kMostBlockRatio <= blocks.stored;
  if (few && index.rows <= blocks.plain) return index;
  fail(blocks, std::to_string(blocks.stored) + " bytes cannot hold the " + std::to_string(index.rows) +
                   " blocks that the index says");
}

BlocksReader::BlocksReader(const Container& container, const BlockIndex& index, std::span<const Total> totals,
                           const SizeRows& sizes, std::size_t threads)
    : index_(index),
      threads_(threads),
      section_(container.sections[container.need(kBlocks)]),
      stored_(container.stored[container.need(kBlocks)]),
      reader_(index, totals, sizes) {
  std::uint64_t start = 0;
  for (const Page& page : index.pages) {
    starts_.push_back(start);
    start += page.stored;
  }
}

TraceColumns BlocksReader::read(std::size_t page) {
  const std::uint64_t offset = section_.offset + starts_[page];
  const std::string_view stored = stored_.substr(starts_[page], index_.pages[page].stored);
  const std::string plain = decompressor_.frame(kBlocks, offset, stored, index_.rows_of(page) * kMostRowBytes);
  plain_read_ += plain.size();
  PlainReader in(kBlocks, offset, plain);
  return reader_.read(page, in, threads_);
}

void BlocksReader::finish() const {
  if (plain_read_ == section_.plain) return;
  fail(section_, "it holds " + std::to_string(plain_read_) + " bytes, not " + std::to_string(section_.plain));
}

}  // namespace snapshot::file
