#pragma once

#include <formats/json_text.h>

namespace cli {

using formats::json_string;

}  // namespace cli
