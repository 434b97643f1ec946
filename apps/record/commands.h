#pragma once

#include "options.h"

namespace cli {

/// --snapshot, --start, --stop, --clear: what is asked of a process that is recorded. The exit status.
int run_command(const RecordOptions& options);

/// --recover.
int recover(const RecordOptions& options);

}  // namespace cli
