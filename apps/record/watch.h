#pragma once

#include "launch.h"
#include "options.h"
#include "signals.h"

#include <sys/types.h>

namespace cli {

/// How a program ended.
struct Ended {
  int wait_status;  ///< as wait(2) has it
  bool failed;      ///< a snapshot could not be written
};

/// Stays with the program, and those that it starts where they are recorded too, until all have ended: writes
/// snapshots, hands signals on, stops and goes on with it.
Ended watch(const RecordOptions& options, const Session& session, const Signals& signals, pid_t program);

}  // namespace cli
