#include "recorder/call_nodes.h"

#include "recorder/block_table.h"
#include "recorder/code_modules.h"
#include "recorder/python/codes.h"
#include "recorder/system.h"

namespace snapshot::recorder {
namespace {

constexpr std::uint32_t kReservedNodes = 2;  // kRoot, kCutRoot

/// The upper 40 bits of the path's hash, whose lower bits choose the entry's place.
std::uint64_t mark_of(PathHash path) { return path >> 24 == 0 ? 1 : path >> 24; }

/// The lower 24 bits, which a node keeps above its flags, so that the whole hash is known when the index grows.
constexpr unsigned kHashShift = 8;
std::uint32_t kept_bits(PathHash path) { return static_cast<std::uint32_t>(path << kHashShift); }

}  // namespace

bool CallNodes::start() const {
  Header& header = region_.header();
  if (!make_room(0) || !populate_counted(header, region_.index(0), index_size(0) * 8)) return false;
  region_.nodes()[kCutRoot].flags.store(kNodeCut, std::memory_order_relaxed);
  header.node_count.store(kReservedNodes, std::memory_order_release);
  return true;
}

std::uint32_t CallNodes::find(PathHash path) const {
  const std::uint32_t generation = region_.header().index_generation.load(std::memory_order_acquire);
  const IndexEntry* index = region_.index(generation);
  const std::uint64_t mask = index_size(generation) - 1;
  for (std::uint64_t i = path & mask;; i = (i + 1) & mask) {
    const std::uint64_t entry = index[i].load(std::memory_order_acquire);
    if (entry == 0) return 0;
    if ((entry & kMarkMask) == mark_of(path)) return node_of(entry);
  }
}

std::uint32_t CallNodes::tag(std::uint32_t parent, std::uint32_t domain, std::uint32_t size_high, bool nested) const {
  const std::uint64_t frame = Tag::of(domain, size_high).frame;
  const PathHash path = path_of(path_of(root_hash(kRoot), parent, 1), frame, 0);
  const std::uint32_t node = find_or_add(path, parent, frame, 0, nested);
  return node == parent ? 0 : node;
}

std::uint32_t CallNodes::add(PathHash path, std::uint32_t parent, std::uint64_t pc, std::uint32_t flags,
                             bool nested) const {
  const KeepErrno keep;
  Header& header = region_.header();
  if (nested) {
    if (!try_lock(header.nodes_lock)) return parent;
  } else {
    spin_lock(header.nodes_lock);
  }
  std::uint32_t node = find(path);
  if (node == 0) node = add_new(path, parent, is_native(pc) ? code_address(pc) : pc, flags, nested);
  header.nodes_lock.store(0, std::memory_order_release);
  return node;
}

std::uint32_t CallNodes::add_new(PathHash path, std::uint32_t parent, std::uint64_t frame, std::uint32_t flags,
                                 bool nested) const {
  Header& header = region_.header();
  const std::uint32_t row = header.node_count.load(std::memory_order_relaxed);
  if (row >= kMaxNodes || !make_room(row) || !grow_index(row)) {
    become_full(header, row >= kMaxNodes ? FullReason::nodes : FullReason::memory);
    return parent;
  }
  Node& node = region_.nodes()[row];
  if (is_native(frame)) {
    const std::uint32_t module = CodeModules(region_).row_of(frame, nested);
    if (nested && module == 0) return parent;  // it may be in one that is not entered yet
    frame |= std::uint64_t{module} << kModuleShift;
  }
  if (is_left_out(frame, parent)) flags |= kNodeExcluded;
  node.frame.store(frame, std::memory_order_relaxed);
  node.parent.store(parent, std::memory_order_relaxed);
  node.flags.store(flags | kept_bits(path), std::memory_order_relaxed);
  header.node_count.store(row + 1, std::memory_order_release);
  enter(header.index_generation.load(std::memory_order_relaxed), path, row);
  return row;
}

bool CallNodes::is_left_out(std::uint64_t frame, std::uint32_t parent) const {
  if (is_tag(frame)) return is_excluded(parent);
  if (is_code_frame(frame)) return PythonCodes(region_).is_excluded(frame, parent);
  return CodeModules(region_).is_excluded(static_cast<std::uint32_t>(module_of(frame)));
}

/// Calls f(node) for each but the roots, parents first. Under the lock.
template <typename F>
void CallNodes::for_each(F f) const {
  const std::uint32_t count = region_.header().node_count.load(std::memory_order_relaxed);
  for (std::uint32_t row = kReservedNodes; row < count; ++row) f(region_.nodes()[row]);
}

void CallNodes::apply_filters() const {
  const KeepErrno keep;
  Header& header = region_.header();
  spin_lock(header.nodes_lock);
  for_each([&](Node& node) {
    if (is_left_out(node.frame.load(std::memory_order_relaxed), node.parent.load(std::memory_order_relaxed))) {
      node.flags.fetch_or(kNodeExcluded, std::memory_order_relaxed);
    } else {
      node.flags.fetch_and(~std::uint32_t{kNodeExcluded}, std::memory_order_relaxed);
    }
  });
  header.nodes_lock.store(0, std::memory_order_release);
}

bool CallNodes::make_room(std::uint32_t row) const {
  return row % kNodesAtOnce != 0 ||
         populate_counted(region_.header(), region_.nodes() + row, kNodesAtOnce * sizeof(Node));
}

/// Twice the entries when half are used. Threads that still look into the old ones, which are given back, find nothing
/// there and come for the lock.
bool CallNodes::grow_index(std::uint32_t count) const {
  Header& header = region_.header();
  const std::uint32_t generation = header.index_generation.load(std::memory_order_relaxed);
  const std::uint64_t size = index_size(generation);
  if (count < size / 2) return true;
  if (generation + 1 == kIndexGenerations) return count < size - 1;
  IndexEntry* next = region_.index(generation + 1);
  if (!populate(next, size * 2 * 8)) return false;
  const IndexEntry* index = region_.index(generation);
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::uint64_t entry = index[i].load(std::memory_order_relaxed);
    if ((entry & kMarkMask) == 0) continue;
    const std::uint32_t row = node_of(entry);
    const std::uint32_t kept = region_.nodes()[row].flags.load(std::memory_order_relaxed) >> kHashShift;
    enter(generation + 1, (entry & kMarkMask) << 24 | kept, row);
  }
  header.index_generation.store(generation + 1, std::memory_order_release);
  give_back(region_.index(generation), size * 8);
  header.memory.fetch_add(size * 8, std::memory_order_relaxed);
  return true;
}

void CallNodes::enter(std::uint32_t generation, PathHash path, std::uint32_t node) const {
  IndexEntry* index = region_.index(generation);
  const std::uint64_t mask = index_size(generation) - 1;
  std::uint64_t i = path & mask;
  while (index[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & mask;
  index[i].store(std::uint64_t{node} << kEntryNodeShift | mark_of(path), std::memory_order_release);
}

void CallNodes::forget_gone_modules() const {
  const KeepErrno keep;
  Header& header = region_.header();
  spin_lock(header.nodes_lock);
  for_each([&](Node& node) {
    const std::uint64_t frame = node.frame.load(std::memory_order_relaxed);
    const std::uint64_t module = module_of(frame);
    const Node& parent = region_.nodes()[node.parent.load(std::memory_order_relaxed)];
    if ((module != 0 && is_native(frame) && region_.modules()[module - 1].state.load() == ModuleState::gone) ||
        (parent.flags.load(std::memory_order_relaxed) & kNodeGone) != 0) {
      node.flags.fetch_or(kNodeGone, std::memory_order_relaxed);
    }
  });
  const std::uint32_t generation = header.index_generation.load(std::memory_order_relaxed);
  IndexEntry* index = region_.index(generation);
  for (std::uint64_t i = 0; i < index_size(generation); ++i) {
    const std::uint64_t entry = index[i].load(std::memory_order_relaxed);
    if (entry == 0) continue;
    if ((region_.nodes()[node_of(entry)].flags.load(std::memory_order_relaxed) & kNodeGone) == 0) continue;
    index[i].store(entry & ~kMarkMask, std::memory_order_relaxed);
  }
  header.nodes_lock.store(0, std::memory_order_release);
}

}  // namespace snapshot::recorder
