#include "block_pages.h"
#include "compression.h"
#include "container_reader.h"
#include "layout.h"

#include <snapshot/error.h>
#include <snapshot/file.h>

namespace snapshot {

BlockColumns SnapshotFile::block_columns() {
  const std::size_t index = container_->find(file::kIndex);
  const std::size_t blocks = container_->find(file::kBlocks);
  if (index == container_->sections.size() || blocks == container_->sections.size()) return {};
  try {
    const Section& section = container_->sections[index];
    const std::string plain = file::Decompressor().section(section, container_->stored[index]);
    file::PlainReader in(section.type, section.offset, plain);
    const file::BlockLayout layout = file::read_index(in, container_->sections[blocks].stored).layout;
    in.finish();
    return {layout.has_address, layout.has_thread, layout.has_birth, layout.has_weight};
  } catch (const Error& error) {
    lose(error);
    return {};
  }
}

}  // namespace snapshot
