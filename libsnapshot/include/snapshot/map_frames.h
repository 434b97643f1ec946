#pragma once

#include <snapshot/snapshot.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snapshot {

/// By FrameId: the frame that stands in its place, or nothing where it is left out of every traceback.
using FrameMap = std::vector<std::optional<FrameId>>;

/// Traces whose tracebacks were rewritten.
struct MappedSnapshot {
  Snapshot snapshot;
  std::int64_t size = 0;   ///< bytes of the blocks whose traceback has no frame left: they are not in the snapshot
  std::int64_t count = 0;  ///< and how many these are
};

/// The same traces with other frames. Tracebacks that have become equal are one. total_nframe, where it is known,
/// loses the frames that are left out, so that it still tells how many the traceback limit cut off.
/// `symbols` are those of the snapshot, and take the new tracebacks. O(totals * frames + traces).
MappedSnapshot map_frames(const Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols, const FrameMap& map);

/// Appends to `rewritten` the frames that stand in the place of a traceback's, both oldest first; none where its traces
/// are left out.
using RewriteTraceback = std::function<void(TracebackId traceback, std::vector<FrameId>& rewritten)>;

/// The same traces with tracebacks that were rewritten as a whole, as in map_frames(). total_nframe, where it is known,
/// changes as the number of frames does. `rewrite` is called once a total. O(totals * rewrite + traces).
MappedSnapshot map_tracebacks(const Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols,
                              const RewriteTraceback& rewrite);

/// The map that leaves just the frames that `wanted` accepts. O(frames).
FrameMap kept_frames(const Symbols& symbols, const std::function<bool(FrameId)>& wanted);

/// The map to frames whose files have other names: `rename` returns the new one, or nothing for one that stays. No map
/// (nothing) when all stay. O(strings * rename + frames).
std::optional<FrameMap> renamed_frames(
    Symbols& symbols, const std::function<std::optional<std::string>(std::string_view filename)>& rename);

}  // namespace snapshot
