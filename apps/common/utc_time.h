#pragma once

#include <formats/utc_time.h>

namespace cli {

using formats::utc_time;

}  // namespace cli
