#include "recorder/recorded_tracebacks.h"

#include "recorder/function_name.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

namespace snapshot::recorder {
namespace {

constexpr std::size_t kMostFrames = 65536;  // of one traceback: more only where nodes are damaged

/// As CPython names what it does not know.
constexpr const char* kUnknown = "<unknown>";

}  // namespace

RecordedTracebacks::RecordedTracebacks(const RegionCopy& copy, FrameResolver& resolver, SnapshotBuilder& builder)
    : copy_(copy), resolver_(resolver), builder_(builder), ends_(copy.nodes.size()) {}

std::uint32_t RecordedTracebacks::domain_of(std::uint32_t domain_row) const {
  if (domain_row < copy_.domains.size() && copy_.domains[domain_row]) return copy_.domains[domain_row]->id;
  return domain_row;
}

/// Names the code at an address of the process, whose module's row is counted from 1; 0: of none.
void RecordedTracebacks::resolve(std::uint64_t address, std::uint64_t module_row) {
  if (module_row != 0 && copy_.modules[module_row - 1].known) {
    const RegionCopy::ModuleCopy& module = copy_.modules[module_row - 1];
    resolver_.resolve(module.module, address - module.bias, frames_);
    return;
  }
  Symbols& symbols = builder_.symbols();
  Frame frame = unfinished_frame(symbols, kUnknown, address);
  frame.module = kUnknownString;
  frames_.push_back(symbols.intern(frame));
}

FrameId RecordedTracebacks::python_frame(std::uint64_t frame) {
  Symbols& symbols = builder_.symbols();
  const std::string filename = text_of_code(copy_.code.filename(frame));
  const std::string name = text_of_code(copy_.code.name(frame));
  return symbols.intern(Frame{symbols.intern(filename.empty() ? kUnknown : filename), copy_.code.line(frame),
                              name.empty() ? kUnknownString : symbols.intern(name)});
}

/// Blocks are not charged to operator new but to who called it.
void RecordedTracebacks::note_allocation(FrameId id) {
  if (row(id) >= is_allocation_.size()) is_allocation_.resize(row(id) + 1);
  const StringId function = builder_.symbols().frame(id).function;
  is_allocation_[row(id)] = function != kUnknownString && is_allocation_function(builder_.symbols().text(function));
}

RecordedTracebacks::Range RecordedTracebacks::frames_of(const RegionCopy::NodeRow& node) {
  if (is_code_frame(node.frame)) {
    const auto [found, is_new] = by_address_.try_emplace(node.frame);
    if (is_new) {
      found->second.first = static_cast<std::uint32_t>(frames_.size());
      frames_.push_back(python_frame(node.frame));
      found->second.last = static_cast<std::uint32_t>(frames_.size());
      is_allocation_.resize(std::max<std::size_t>(is_allocation_.size(), std::size_t{row(frames_.back())} + 1));
    }
    return found->second;
  }
  // A return address is that of the instruction behind the call.
  const bool exact = (node.flags & kNodeExact) != 0;
  const std::uint64_t address = code_address(node.frame) - (exact ? 0 : 1);
  const auto [found, is_new] =
      by_address_.try_emplace(module_of(node.frame) << kModuleShift | (address & kAddressMask));
  if (!is_new) return found->second;
  found->second.first = static_cast<std::uint32_t>(frames_.size());
  resolve(address & kAddressMask, module_of(node.frame));
  found->second.last = static_cast<std::uint32_t>(frames_.size());
  for (std::uint32_t at = found->second.first; at < found->second.last; ++at) note_allocation(frames_[at]);
  return found->second;
}

/// Puts all frames from `node` on into traceback_, the most recent first; `whole` if that is all there were.
void RecordedTracebacks::walk(std::uint32_t node, bool& whole) {
  traceback_.clear();
  whole = true;
  for (; node != 0; node = copy_.nodes[node].parent) {
    const RegionCopy::NodeRow& row = copy_.nodes[node];
    if (is_tag(row.frame)) continue;
    if ((row.flags & kNodeCut) != 0) whole = false;
    if (row.frame == 0) break;  // the parent of those that are cut
    const Range range = frames_of(row);
    for (std::uint32_t at = range.last; at > range.first; --at) traceback_.push_back(frames_[at - 1]);
    if (traceback_.size() < kMostFrames) continue;
    whole = false;
    return;
  }
}

const RecordedTracebacks::End& RecordedTracebacks::find(std::uint32_t node) {
  End& end = ends_[node];
  std::uint32_t domain = 0;
  const RegionCopy::NodeRow& last = copy_.nodes[node];
  if (is_tag(last.frame)) {
    const Tag tag{last.frame};
    domain = domain_of(tag.domain());
    end.size_high = tag.size_high();
  }
  bool whole = true;
  walk(node, whole);
  const auto caller = std::ranges::find_if(traceback_, [&](FrameId id) { return !is_allocation_[row(id)]; });
  if (caller != traceback_.end()) traceback_.erase(traceback_.begin(), caller);
  const std::size_t depth = traceback_.size();
  if (copy_.settings.traceback_limit != 0 && depth > copy_.settings.traceback_limit) {
    traceback_.resize(copy_.settings.traceback_limit);
  }
  if (traceback_.empty()) {
    Symbols& symbols = builder_.symbols();
    traceback_.push_back(symbols.intern(Frame{symbols.intern(kUnknown), 0}));
    whole = false;
  }
  std::ranges::reverse(traceback_);
  const TracebackId id = builder_.symbols().intern(std::span<const FrameId>(traceback_));
  end.total_plus_one = builder_.total(id, whole ? static_cast<std::uint32_t>(depth) : 0, domain) + 1;
  return end;
}

}  // namespace snapshot::recorder
