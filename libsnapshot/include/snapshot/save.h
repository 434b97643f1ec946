#pragma once

#include <snapshot/output_file.h>
#include <snapshot/snapshot.h>

#include <string>

namespace snapshot {

struct SaveOptions {
  static constexpr int kLeastLevel = 1;
  static constexpr int kMostLevel = 22;

  int level = 9;  ///< of zstd: 3 is three times faster, 19 a tenth smaller and thirty times slower
};

/// Writes a snapshot to a .tms file (FILE_FORMAT.md), which is whole or not there (OutputFile). The same snapshot gives
/// the same bytes: they depend on its values, on the level and on the version of zstd alone, not on row numbers, on the
/// order of traces or on the machine. Throws Error. O(traces * log(traces of a traceback)), with addresses that do not
/// ascend O(traces * log(traces)); memory for 12 bytes a trace and what the file holds, besides the snapshot's own.
void save(const Snapshot& snapshot, const std::string& path, const SaveOptions& options = {});

/// The same, to where bytes go in one pass: a pipe, for example.
void save(const Snapshot& snapshot, ByteSink& sink, const SaveOptions& options = {});

}  // namespace snapshot
