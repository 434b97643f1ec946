#pragma once

#include "file_info.h"
#include "output.h"

#include <vector>

namespace cli {

struct InfoStyle {
  bool bytes = false;  ///< exact sizes
  bool color = false;
};

/// What is in a file, for people: a line for each fact, then tables of what there are several of.
void print_info(const FileInfo& info, const InfoStyle& style, Output& output);

/// The same of several as one JSON object, "tminfo/1".
void print_info_json(const std::vector<FileInfo>& infos, Output& output);

}  // namespace cli
