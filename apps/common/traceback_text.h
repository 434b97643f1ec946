#pragma once

#include "output.h"
#include "trace_options.h"
#include "trace_report.h"

#include <snapshot/ids.h>

#include <cstdint>
#include <optional>
#include <span>

namespace cli {

/// The frames that CPython's Traceback.format(limit) tells, in tracemalloc's order: the `limit` most recent ones, or
/// all but the -limit most recent (its documentation says: the -limit oldest); none for 0.
std::span<const snapshot::FrameId> frames_shown(std::span<const snapshot::FrameId> traceback,
                                                std::optional<std::int64_t> limit);

/// For people: what each traceback holds, its frames as Traceback.format has them, and how many are missing.
void print_tracebacks(const TraceReport& report, const TracebackStyle& style, Output& output);

/// The lines of Traceback.format alone, an empty line between two tracebacks.
void print_tracemalloc(const TraceReport& report, const TracebackStyle& style, Output& output);

}  // namespace cli
