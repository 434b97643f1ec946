#include "trace_tuples.h"

#include "../format_error.h"

#include <algorithm>
#include <limits>

namespace formats::tracemalloc {
namespace {

constexpr std::size_t kMostRows = std::size_t{1} << 24U;
constexpr std::size_t kMostTracebackFrames = std::size_t{1} << 28U;

constexpr std::int64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

bool is_integer(Value value) { return value.kind == Kind::integer || value.kind == Kind::huge_integer; }

/// Whether the value is an integer that 32 bits hold, without a sign.
bool fits_32(Value value) { return value.kind == Kind::integer && value.payload >= 0 && value.payload <= kMax32; }

}  // namespace

Value TraceTuples::make(std::span<const Value> items, std::uint64_t offset) {
  Value value;
  const char* flaw = nullptr;
  if (make_trace(items, value, flaw) || make_frame(items, offset, value, flaw) ||
      make_traceback(items, offset, value)) {
    return value;
  }
  return make_other(items, offset, flaw);
}

bool TraceTuples::make_frame(std::span<const Value> items, std::uint64_t offset, Value& frame, const char*& flaw) {
  if (items.size() != 2 || !(items[0].kind == Kind::text || items[0].kind == Kind::long_text) ||
      !is_integer(items[1])) {
    return false;
  }
  if (items[0].kind == Kind::long_text) {
    flaw = "a file name is longer than 1 MiB";
  } else if (!fits_32(items[1])) {
    flaw = "a line number is not between 0 and 4294967295";
  } else {
    const auto filename = snapshot::StringId{static_cast<std::uint32_t>(items[0].payload)};
    const auto lineno = static_cast<std::uint32_t>(items[1].payload);
    frame = {Kind::frame, row(intern_frame(filename, lineno, offset))};
    return true;
  }
  return false;
}

bool TraceTuples::make_traceback(std::span<const Value> items, std::uint64_t offset, Value& traceback) {
  if (!std::ranges::all_of(items, [](Value item) { return item.kind == Kind::frame; })) return false;
  const snapshot::Symbols& symbols = builder_.symbols();
  if (symbols.traceback_count() >= kMostRows || symbols.traceback_size() + items.size() > kMostTracebackFrames) {
    throw FormatError(offset, "more than 16777216 distinct tracebacks, or 268435456 frames in them");
  }
  frames_.resize(items.size());
  std::ranges::transform(items, frames_.rbegin(),
                         [](Value item) { return snapshot::FrameId{static_cast<std::uint32_t>(item.payload)}; });
  traceback = {Kind::traceback, row(builder_.symbols().intern(frames_))};
  return true;
}

bool TraceTuples::make_trace(std::span<const Value> items, Value& trace, const char*& flaw) {
  if (items.size() < 2 || items.size() > 4) return false;
  const Value traceback = items.size() == 2 ? items[1] : items[2];
  const Value size = items.size() == 2 ? items[0] : items[1];
  const Value domain = items.size() == 2 ? Value{Kind::integer, 0} : items[0];
  const Value total_nframe = items.size() == 4 ? items[3] : Value{Kind::none, 0};
  const bool counted = is_integer(total_nframe) || total_nframe.kind == Kind::none;
  if (traceback.kind != Kind::traceback || !is_integer(size) || !is_integer(domain) || !counted) return false;
  if (size.kind == Kind::huge_integer) {
    flaw = "its size does not fit 63 bits";
  } else if (size.payload < 0) {
    flaw = "its size is negative";
  } else if (!fits_32(domain)) {
    flaw = "its domain is not between 0 and 4294967295";
  } else if (total_nframe.kind != Kind::none && !fits_32(total_nframe)) {
    flaw = "its total_nframe is not between 0 and 4294967295";
  } else {
    const auto id = snapshot::TracebackId{static_cast<std::uint32_t>(traceback.payload)};
    trace = add_trace(builder_.total(id, static_cast<std::uint32_t>(total_nframe.payload),
                                     static_cast<std::uint32_t>(domain.payload)),
                      size.payload);
    return true;
  }
  return false;
}

snapshot::FrameId TraceTuples::intern_frame(snapshot::StringId filename, std::uint32_t lineno, std::uint64_t offset) {
  if (builder_.symbols().frame_count() >= kMostRows) throw FormatError(offset, "more than 16777216 distinct frames");
  return builder_.symbols().intern(snapshot::Frame{filename, lineno});
}

Value TraceTuples::make_other(std::span<const Value> items, std::uint64_t offset, const char* flaw) {
  OtherTuple tuple{offset, static_cast<std::uint32_t>(items.size()), {}, items[0].payload, 0, flaw};
  const std::size_t kept = std::min(items.size(), tuple.kinds.size());
  std::ranges::transform(items.first(kept), tuple.kinds.begin(), &Value::kind);
  const auto inner = std::ranges::find(items, Kind::tuple, &Value::kind);
  if (inner != items.end()) {  // a trace is broken by what its traceback is broken by
    tuple.inner = static_cast<std::uint32_t>(inner->payload);
    if (tuple.flaw == nullptr) tuple.flaw = other(*inner).flaw;
  }
  others_.push_back(tuple);
  return {Kind::tuple, static_cast<std::int64_t>(others_.size()) - 1};
}

}  // namespace formats::tracemalloc
