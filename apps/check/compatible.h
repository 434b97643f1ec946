#pragma once

#include "common/report.h"

#include <snapshot/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// What a comparison needs besides files, linenos and sums.
struct Needs {
  bool frames = false;     ///< other frames than the most recent
  bool project = false;    ///< the most recent frame of the project
  bool functions = false;  ///<
  bool modules = false;    ///<
};

/// A snapshot, and the file that it is of.
struct Side {
  const snapshot::Snapshot& snapshot;
  const ReportSnapshot& file;
  std::int64_t outside = 0;  ///< blocks without a frame of the project
};

/// What differs between a baseline and a head and should not: one line each. What makes their numbers no comparison at
/// all goes to `faults`.
struct Mismatches {
  std::vector<std::string> faults;
  std::vector<std::string> warnings;
};
Mismatches mismatches(const Side& base, const Side& head, const Needs& needs);

/// "CPython 3.13.1, tmcheck 0.1.0": the recorder of a baseline that this version writes.
std::string baseline_recorder(const std::string& recorder);

}  // namespace cli
