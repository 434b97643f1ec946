#pragma once

namespace formats {

/// Whether bytes are of a format, judged by the first of them.
enum class Sniff { no, maybe, yes };

}  // namespace formats
