#pragma once

#include "output.h"

namespace cli {

/// Writes what each format is called, and what can be done with it: a table, or JSON ("tmconvert/1").
void list_formats(Output& output, bool json);

}  // namespace cli
