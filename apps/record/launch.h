#pragma once

#include "options.h"

#include <sys/types.h>

#include <csignal>
#include <string>

namespace cli {

/// What all regions of one run have in common.
struct Session {
  std::string directory;  ///< where they are
  std::string name;       ///< the front of their names
  std::string preload;    ///< path of the recorder that is loaded into programs
};

/// Finds the recorder and a place for regions. Throws std::runtime_error.
Session new_session();

/// Starts the program, from the file `path`, with the recorder in it and a region for it. `mask` are the signals that
/// it has blocked. Throws CannotRun.
pid_t launch(const RecordOptions& options, const Session& session, const std::string& path, const sigset_t& mask);

}  // namespace cli
