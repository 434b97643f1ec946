#pragma once

#include <string>

namespace snapshot {

// The files in which an OutputFile grows. Each is locked by its writer, with flock, as long as that lives: a temporary
// name without a lock is a dead writer's. Where the file system keeps no locks, all writers pass for living.

/// A file open for writing. `name` is empty while it has none, so that nothing is left of it when its writer dies.
struct TemporaryFile {
  int descriptor;
  std::string name;
};

/// Makes a file in the directory of `path`, without a name where the system can. `mode` is as for open(2). Throws
/// Error.
TemporaryFile create_temporary(const std::string& path, unsigned mode);

/// Gives a file that has no name a temporary one, which is returned. Returns "" and sets errno when that fails.
std::string name_temporary(int descriptor, const std::string& path);

/// Removes the temporary files for `path` whose writers are dead. What cannot be removed stays.
void remove_dead_temporaries(const std::string& path);

}  // namespace snapshot
