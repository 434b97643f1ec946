#include <snapshot/builder.h>
#include <snapshot/map_frames.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace snapshot {
namespace {

/// Adds a row of the traces, with all that is known of it.
void add_row(SnapshotBuilder& builder, const TraceColumns& traces, std::size_t row, std::uint32_t total) {
  if (traces.count.empty()) {
    builder.add_trace(total, traces.size[row]);
  } else {
    builder.add_equal_traces(total, traces.size[row], traces.count[row]);
  }
  TraceColumns& columns = builder.columns();
  if (!traces.type.empty()) columns.type.push_back(traces.type[row]);
  if (!traces.address.empty()) columns.address.push_back(traces.address[row]);
  if (!traces.thread.empty()) columns.thread.push_back(traces.thread[row]);
  if (!traces.birth.empty()) columns.birth.push_back(traces.birth[row]);
  if (!traces.weight.empty()) columns.weight.push_back(traces.weight[row]);
}

/// How many frames there were before the traceback limit cut them off, if that is known (not 0), when those that are
/// left have become more or fewer.
std::uint32_t changed_nframe(std::uint32_t total_nframe, std::size_t before, std::size_t after) {
  if (total_nframe == 0) return 0;
  const std::int64_t changed =
      std::int64_t{total_nframe} + static_cast<std::int64_t>(after) - static_cast<std::int64_t>(before);
  return static_cast<std::uint32_t>(
      std::clamp(changed, std::int64_t{0}, std::int64_t{std::numeric_limits<std::uint32_t>::max()}));
}

}  // namespace

MappedSnapshot map_tracebacks(const Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols,
                              const RewriteTraceback& rewrite) {
  SnapshotBuilder builder(symbols, !snapshot.has_traces());
  builder.info() = snapshot.info().of_part();
  std::vector<std::optional<std::uint32_t>> new_rows;  // by row of the totals
  std::vector<FrameId> frames;
  std::int64_t size = 0;
  std::int64_t count = 0;
  for (const Total& total : snapshot.totals()) {
    frames.clear();
    rewrite(total.traceback, frames);
    if (frames.empty()) {
      new_rows.emplace_back();
      size += total.size;
      count += total.count;
      continue;
    }
    const std::size_t before = symbols->traceback(total.traceback).size();
    new_rows.emplace_back(builder.total(symbols->intern(frames),
                                        changed_nframe(total.total_nframe, before, frames.size()), total.domain));
    if (!snapshot.has_traces()) builder.add_sum(*new_rows.back(), total.size, total.count);
  }
  for (std::size_t at = 0; at < snapshot.traces().rows(); ++at) {
    const auto total = new_rows[snapshot.traces().total[at]];
    if (total) add_row(builder, snapshot.traces(), at, *total);
  }
  return {std::move(builder).finish(), size, count};
}

MappedSnapshot map_frames(const Snapshot& snapshot, const std::shared_ptr<Symbols>& symbols, const FrameMap& map) {
  return map_tracebacks(snapshot, symbols, [&](TracebackId traceback, std::vector<FrameId>& rewritten) {
    for (const FrameId frame : symbols->traceback(traceback)) {
      if (map[row(frame)]) rewritten.push_back(*map[row(frame)]);
    }
  });
}

FrameMap kept_frames(const Symbols& symbols, const std::function<bool(FrameId)>& wanted) {
  FrameMap map(symbols.frame_count());
  for (std::uint32_t at = 0; at < map.size(); ++at) {
    if (wanted(FrameId{at})) map[at] = FrameId{at};
  }
  return map;
}

std::optional<FrameMap> renamed_frames(
    Symbols& symbols, const std::function<std::optional<std::string>(std::string_view filename)>& rename) {
  bool any = false;
  const auto frame_count = static_cast<std::uint32_t>(symbols.frame_count());
  std::vector<StringId> names(symbols.string_count(), kUnknownString);  // by StringId of a file name; unknown: not seen
  FrameMap map;
  map.reserve(frame_count);
  for (std::uint32_t at = 0; at < frame_count; ++at) {
    Frame frame = symbols.frame(FrameId{at});
    StringId& name = names[row(frame.filename)];
    if (name == kUnknownString) {
      const auto renamed = rename(symbols.text(frame.filename));
      name = renamed ? symbols.intern(*renamed) : frame.filename;
    }
    const bool same = name == frame.filename;
    any |= !same;
    frame.filename = name;
    map.emplace_back(same ? FrameId{at} : symbols.intern(frame));
  }
  return any ? std::optional(std::move(map)) : std::nullopt;
}

}  // namespace snapshot
