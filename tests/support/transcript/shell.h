#pragma once

#include "document.h"

#include <string>
#include <vector>

namespace transcript {

/// Makes every run the same: the working directory, the folders of the tools before the rest of the PATH, no width, no
/// colours, one locale, and a SIGPIPE that ends a program (`| head -1`) even if our parent ignored it.
void fix_environment(const std::string& root, const std::vector<std::string>& tool_folders);

/// Runs `sh -c command`, with nothing on its standard input. `together`: stderr goes where stdout goes.
/// Throws std::system_error.
Outcome run(const std::string& command, bool together);

}  // namespace transcript
