#include "writer.h"

#include <snapshot/save.h>

namespace formats::tms {

void write(const snapshot::Snapshot& snapshot, const WriteOptions& options, snapshot::ByteSink& sink) {
  snapshot::SaveOptions save_options;
  if (options.level) save_options.level = *options.level;
  save(snapshot, sink, save_options);
}

}  // namespace formats::tms
