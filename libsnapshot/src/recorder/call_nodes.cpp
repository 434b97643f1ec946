#include "recorder/call_nodes.h"

#include "recorder/block_table.h"
#include "recorder/code_modules.h"
#include "recorder/system.h"

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kCodeMask = (std::uint64_t{1} << 48) - 1;
constexpr std::uint32_t kNodesAtOnce = 4096;  // rows for which memory is asked at a time: 64 KiB
constexpr std::uint32_t kReservedNodes = 2;   // kRoot, kCutRoot

bool is_tag(std::uint64_t frame) { return frame >> 48 == kTagModule; }

std::uint64_t hash_of(std::uint32_t parent, std::uint64_t frame, std::uint32_t flags) {
  std::uint64_t hash = (frame ^ std::uint64_t{parent} << 40 ^ flags) * 0x9e3779b97f4a7c15;
  hash = (hash ^ hash >> 29 ^ parent) * 0xbf58476d1ce4e5b9;
  return hash ^ hash >> 32;
}

/// What an entry of the index keeps of the hash; the lower bits of the hash choose its place.
constexpr std::uint64_t kHashMask = (std::uint64_t{1} << 40) - 1;
std::uint64_t mark_of(std::uint64_t hash) { return hash >> 24; }

}  // namespace

bool CallNodes::start() const {
  Header& header = region_.header();
  if (!make_room(0) || !populate(region_.index(0), index_size(0) * 8)) return false;
  header.memory.fetch_add(index_size(0) * 8, std::memory_order_relaxed);
  region_.nodes()[kCutRoot].flags.store(kNodeCut, std::memory_order_relaxed);
  header.node_count.store(kReservedNodes, std::memory_order_release);
  return true;
}

std::uint32_t CallNodes::child(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags, bool nested) const {
  const std::uint64_t frame = pc & kCodeMask;
  const std::uint64_t hash = hash_of(parent, frame, flags);
  if (const std::uint32_t node = find(hash, parent, frame, flags); node != 0) return node;
  return add(hash, parent, frame, flags, nested);
}

std::uint32_t CallNodes::tag(std::uint32_t parent, std::uint32_t domain, std::uint32_t size_high, bool nested) const {
  const std::uint64_t frame = kTagModule << 48 | std::uint64_t{size_high & 0xffff} << 32 | domain;
  const std::uint64_t hash = hash_of(parent, frame, 0);
  if (const std::uint32_t node = find(hash, parent, frame, 0); node != 0) return node;
  return add(hash, parent, frame, 0, nested);
}

/// 0 when there is none: no node's child is the root.
std::uint32_t CallNodes::find(std::uint64_t hash, std::uint32_t parent, std::uint64_t frame,
                              std::uint32_t flags) const {
  const std::uint32_t generation = region_.header().index_generation.load(std::memory_order_acquire);
  const IndexEntry* index = region_.index(generation);
  const std::uint64_t mask = index_size(generation) - 1;
  const Node* nodes = region_.nodes();
  const std::uint64_t frame_mask = is_tag(frame) ? ~std::uint64_t{0} : kCodeMask;
  for (std::uint64_t i = hash & mask;; i = (i + 1) & mask) {
    const std::uint64_t entry = index[i].load(std::memory_order_acquire);
    if (entry == 0) return 0;
    if ((entry & kHashMask) != mark_of(hash)) continue;
    const auto row = static_cast<std::uint32_t>(entry >> 40);
    const std::uint64_t node_frame = nodes[row].frame.load(std::memory_order_relaxed);
    if ((node_frame & frame_mask) == frame && nodes[row].parent.load(std::memory_order_relaxed) == parent &&
        is_tag(node_frame) == is_tag(frame) &&
        (nodes[row].flags.load(std::memory_order_relaxed) & (kNodeExact | kNodeGone)) == flags) {
      return row;
    }
  }
}

std::uint32_t CallNodes::add(std::uint64_t hash, std::uint32_t parent, std::uint64_t frame, std::uint32_t flags,
                             bool nested) const {
  const KeepErrno keep;
  Header& header = region_.header();
  if (nested) {
    if (!try_lock(header.nodes_lock)) return parent;
  } else {
    spin_lock(header.nodes_lock);
  }
  const auto unlock = [&header] { header.nodes_lock.store(0, std::memory_order_release); };
  if (const std::uint32_t node = find(hash, parent, frame, flags); node != 0) {
    unlock();
    return node;
  }
  const std::uint32_t row = header.node_count.load(std::memory_order_relaxed);
  if (row >= kMaxNodes || !make_room(row) || !grow_index(row)) {
    unlock();
    return full(parent, row >= kMaxNodes ? FullReason::nodes : FullReason::memory);
  }
  Node& node = region_.nodes()[row];
  if (is_tag(frame)) {
    node.frame.store(frame, std::memory_order_relaxed);
    if (is_excluded(parent)) flags |= kNodeExcluded;
  } else {
    const std::uint32_t module = CodeModules(region_).row_of(frame, nested);
    if (nested && module == 0) {  // it may be in one that is not entered yet
      unlock();
      return parent;
    }
    node.frame.store(frame | std::uint64_t{module} << 48, std::memory_order_relaxed);
    if (CodeModules(region_).is_excluded(module)) flags |= kNodeExcluded;
  }
  node.parent.store(parent, std::memory_order_relaxed);
  node.flags.store(flags, std::memory_order_relaxed);
  header.node_count.store(row + 1, std::memory_order_release);
  enter(header.index_generation.load(std::memory_order_relaxed), hash, row);
  unlock();
  return row;
}

bool CallNodes::make_room(std::uint32_t row) const {
  if (row % kNodesAtOnce != 0) return true;
  if (!populate(region_.nodes() + row, kNodesAtOnce * sizeof(Node))) return false;
  region_.header().memory.fetch_add(kNodesAtOnce * sizeof(Node), std::memory_order_relaxed);
  return true;
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
  for (std::uint32_t row = kReservedNodes; row < count; ++row) {
    const Node& node = region_.nodes()[row];
    const std::uint32_t flags = node.flags.load(std::memory_order_relaxed);
    if ((flags & kNodeGone) != 0) continue;
    std::uint64_t frame = node.frame.load(std::memory_order_relaxed);
    if (!is_tag(frame)) frame &= kCodeMask;
    enter(generation + 1, hash_of(node.parent.load(std::memory_order_relaxed), frame, flags & kNodeExact), row);
  }
  header.index_generation.store(generation + 1, std::memory_order_release);
  give_back(region_.index(generation), size * 8);
  header.memory.fetch_add(size * 8, std::memory_order_relaxed);
  return true;
}

void CallNodes::enter(std::uint32_t generation, std::uint64_t hash, std::uint32_t node) const {
  IndexEntry* index = region_.index(generation);
  const std::uint64_t mask = index_size(generation) - 1;
  std::uint64_t i = hash & mask;
  while (index[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & mask;
  index[i].store(std::uint64_t{node} << 40 | mark_of(hash), std::memory_order_release);
}

std::uint32_t CallNodes::full(std::uint32_t parent, FullReason reason) const {
  Header& header = region_.header();
  State expected = State::recording;
  if (header.state.compare_exchange_strong(expected, State::full)) header.full_reason.store(reason);
  return parent;
}

void CallNodes::forget_module(std::uint32_t module_row) const {
  Header& header = region_.header();
  spin_lock(header.nodes_lock);
  const std::uint32_t count = header.node_count.load(std::memory_order_relaxed);
  for (std::uint32_t row = kReservedNodes; row < count; ++row) {
    Node& node = region_.nodes()[row];
    if (node.frame.load(std::memory_order_relaxed) >> 48 == module_row) {
      node.flags.fetch_or(kNodeGone, std::memory_order_relaxed);
    }
  }
  header.nodes_lock.store(0, std::memory_order_release);
}

}  // namespace snapshot::recorder
