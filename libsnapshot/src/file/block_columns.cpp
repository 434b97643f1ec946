#include "block_pages.h"
#include "blocks_reader.h"
#include "layout.h"

#include <snapshot/error.h>
#include <snapshot/file.h>

namespace snapshot {

BlockColumns SnapshotFile::block_columns() {
  BlockColumns columns;
  columns.type = has(file::kTypes);
  if (!has(file::kIndex) || !has(file::kBlocks)) return columns;
  try {
    const file::BlockLayout layout = file::read_block_index(*container_).layout;
    return {layout.has_address, layout.has_thread, layout.has_birth, layout.has_weight, columns.type};
  } catch (const Error& error) {
    lose(error);
    return columns;
  }
}

}  // namespace snapshot
