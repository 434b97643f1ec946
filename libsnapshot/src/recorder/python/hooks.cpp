#include "recorder/python/hooks.h"

#include "recorder/python/hook_parts.h"
#include "recorder/python/sampled_hooks.h"
#include "recorder/python/small_blocks.h"
#include "recorder/python/track.h"

namespace snapshot::recorder {
namespace {

constexpr int kDomains = 3;
constexpr int kFirstTracer = 13;  // the minor version from which on Python tells of objects
PythonAllocator g_next[kDomains];
bool g_installed[kDomains];
int (*g_tracer)(PyObject*, int, void*);
int (*g_next_tracer)(PyObject*, int, void*);  // tracemalloc's, which stays after its stop()
void* g_next_data;

Block block_of(SmallBlock small, std::uint64_t address) {
  return {address | std::uint64_t{small.thread()} << Block::kThreadShift,
          small.size() | std::uint64_t{small.node()} << Block::kNodeShift};
}

SmallBlock find_small(std::uint64_t address) {
  const SmallBlocks blocks(current_region());
  const SmallBlocks::Update update(blocks);
  const SmallEntry* const entry = blocks.find(address);
  return {entry != nullptr ? entry->load(std::memory_order_relaxed) : 0};
}

/// Before a small block goes.
[[gnu::noinline, gnu::cold]] void look_for_small_peak(ThreadState& thread, std::uint64_t address) {
  const SmallBlock block = find_small(address);
  if (block.entry != 0) look_for_peak(thread, static_cast<std::int64_t>(block.size()));
}

/// Enters a small block of Python's own allocator. False when it does not lie as those do.
[[gnu::always_inline]] inline bool enter_small(ThreadState& thread, std::uint64_t address, std::uint64_t size,
                                               std::uint32_t node) {
  const RegionMap region = current_region();
  if (region.header().filter_count.load(std::memory_order_relaxed) != 0 && CallNodes(region).is_excluded(node)) {
    return true;
  }
  std::uint64_t old = 0;
  {
    const SmallBlocks blocks(region);
    const SmallBlocks::Update update(blocks);
    if (!blocks.insert(address, size, node, thread.row, old)) return false;
  }
  if (__builtin_expect(old != 0, 0)) thread.counters.subtract(static_cast<std::int64_t>(SmallBlock{old}.size()));
  thread.counters.add(static_cast<std::int64_t>(size));
  return true;
}

/// Takes one out: its entry; 0 when it is not among them.
[[gnu::always_inline]] inline SmallBlock take_small(ThreadState& thread, std::uint64_t address) {
  const RegionMap region = current_region();
  const SmallBlocks blocks(region);
  if (__builtin_expect(region.header().settings.want_peak != 0, 0)) look_for_small_peak(thread, address);
  SmallBlock old{};
  {
    const SmallBlocks::Update update(blocks);
    SmallEntry* const entry = blocks.find(address);
    if (entry == nullptr) return {};
    old.entry = entry->load(std::memory_order_relaxed);
    entry->store(0, std::memory_order_relaxed);
  }
  thread.counters.subtract(static_cast<std::int64_t>(old.size()));
  return old;
}

/// What stands in front of one allocator.
template <const PythonLayout& kLayout, PythonDomain kDomain>
struct Hooks {
  static constexpr bool kMayLackGil = kDomain == PythonDomain::raw;

  static const PythonAllocator& next(void* context) { return *static_cast<const PythonAllocator*>(context); }

  /// False while new blocks are not entered.
  static bool enter(ThreadState& thread, void* block, std::size_t size) {
    const Header& header = current_region().header();
    if (header.state.load(std::memory_order_relaxed) != State::recording) return false;
    if (is_sampling()) {
      if (!wants_block(thread, size)) return true;
      sampled_at(address_of(block)).store(1, std::memory_order_relaxed);
    }
    if (thread.busy != 0) return true;  // in a signal handler
    if constexpr (kLayout.minor >= kFirstTracer) thread.last_entered = address_of(block);
    const std::uint32_t node = walk_own_thread<kLayout>(thread, kMayLackGil);
    if (kMayLackGil || size > kLargestSmall || !enter_small(thread, address_of(block), size, node)) {
      enter_large(thread, address_of(block), size, 0, node);
    }
    return true;
  }

  static bool may_be_there(const void* block) {
    return !is_sampling() || sampled_at(address_of(block)).load(std::memory_order_relaxed) != 0;
  }

  static TakenBlock forget(void* block) {
    if (!may_be_there(block)) return {};
    ThreadState* const thread = t_thread;
    if (!kMayLackGil && thread != nullptr) {
      const SmallBlock small = take_small(*thread, address_of(block));
      if (small.entry != 0) {
        return {block_of(small, address_of(block)), static_cast<std::int64_t>(small.size()), true};
      }
    }
    return forget_block(address_of(block), 0);
  }

  /// Frees what is not a small block of Python's own allocator, and may come from the raw domain.
  [[gnu::noinline]] static void free_other(void* context, void* block) {
    ThreadState* const thread = t_thread;
    if (is_active() && may_be_there(block)) forget_block(address_of(block), 0);
    if (thread == nullptr) return next(context).free(next(context).context, block);
    const OwnWork own(*thread);
    next(context).free(next(context).context, block);
  }

  [[gnu::flatten]] static void* malloc(void* context, std::size_t size) {
    ThreadState* const thread = recorded_thread();
    if (thread == nullptr) return next(context).malloc(next(context).context, size);
    const OwnWork own(*thread);
    void* const block = next(context).malloc(next(context).context, size);
    if (block != nullptr) enter(*thread, block, size);
    return block;
  }

  static void* calloc(void* context, std::size_t count, std::size_t size) {
    ThreadState* const thread = recorded_thread();
    if (thread == nullptr) return next(context).calloc(next(context).context, count, size);
    const OwnWork own(*thread);
    void* const block = next(context).calloc(next(context).context, count, size);
    if (block != nullptr) enter(*thread, block, count * size);
    return block;
  }

  static void* realloc(void* context, void* block, std::size_t size) {
    ThreadState* const thread = recorded_thread();
    if (thread == nullptr) {
      if (is_active() && block != nullptr) forget(block);
      return next(context).realloc(next(context).context, block, size);
    }
    const TakenBlock taken = block != nullptr ? forget(block) : TakenBlock{};
    const OwnWork own(*thread);
    void* const moved = next(context).realloc(next(context).context, block, size);
    if (moved == nullptr) {
      remember_block(taken);
    } else if (!enter(*thread, moved, size) && taken.was_there) {
      move_block(taken, address_of(moved), size);
    }
    return moved;
  }

  static void free(void* context, void* block) {
    if (block == nullptr) return;
    ThreadState* const thread = t_thread;
    if (kMayLackGil || thread == nullptr || !is_active() || !may_be_there(block) ||
        take_small(*thread, address_of(block)).entry == 0) {
      return free_other(context, block);
    }
    next(context).free(next(context).context, block);
  }

  static void install(const Interpreter& python) {
    constexpr auto kIndex = static_cast<std::size_t>(kDomain);
    if (g_installed[kIndex]) return;
    python.get_allocator(kDomain, &g_next[kIndex]);
    PythonAllocator own{&g_next[kIndex], malloc, calloc, realloc, free};
    python.set_allocator(kDomain, &own);
    g_installed[kIndex] = true;
  }
};

template <const PythonLayout& kLayout>
std::uint32_t walk_this(ThreadState& thread) {
  return walk_own_thread<kLayout>(thread, true);
}

/// How many bytes lie before an object in its block: what the collector and attributes need (_PyType_PreHeaderSize()
/// of 3.11 and later, _PyTraceMalloc_TraceRef() of 3.13).
std::uint64_t bytes_before(const PythonLayout& layout, std::uint64_t object) {
  constexpr std::size_t kType = 8;     // PyObject
  constexpr std::size_t kFlags = 168;  // PyTypeObject, all versions
  constexpr std::uint64_t kCollected = 1 << 14;
  constexpr std::uint64_t kManagedDict = 1 << 4;
  constexpr std::uint64_t kManagedWeakref = 1 << 3;
  const auto flags = read_at<std::uint64_t>(read_at<std::uint64_t>(object, kType), kFlags);
  std::uint64_t result = (flags & kCollected) != 0 ? 16 : 0;
  const std::uint64_t managed = layout.minor >= 12   ? kManagedDict | kManagedWeakref
                                : layout.minor == 11 ? kManagedDict
                                                     : 0;
  return result += (flags & managed) != 0 ? 16 : 0;
}

/// Objects that come back to life from a free list are allocated then, says tracemalloc; only 3.13 tells of them.
template <const PythonLayout& kLayout>
int note_new_object(PyObject* object, int event, void* /*data*/) {
  constexpr int kCreated = 0;
  constexpr std::uint64_t kMostBefore = 32;
  if (g_next_tracer != nullptr) g_next_tracer(object, event, g_next_data);
  if (event != kCreated) return 0;
  ThreadState* const thread = recorded_thread();
  if (thread == nullptr || thread->busy != 0) return 0;
  const auto address = reinterpret_cast<std::uint64_t>(object);
  if (address - thread->last_entered <= kMostBefore) {  // nearly always: it lies in a new block
    thread->last_entered = 0;                           // which is new only once
    return 0;
  }
  const std::uint64_t start = address - bytes_before(kLayout, address);
  Block block{};
  if (!find_python_block(start, block)) return 0;
  const auto size = static_cast<std::uint64_t>(whole_size(current_region(), block));
  const OwnWork own(*thread);
  const std::uint32_t node = walk_own_thread<kLayout>(*thread, false);
  if (find_small(start).entry == 0 || !enter_small(*thread, start, size, node))
    enter_large(*thread, start, size, 0, node);
  return 0;
}

/// Before an allocator that itself takes from the raw domain.
template <const PythonLayout& kLayout, PythonDomain kDomain>
void install_above(const Interpreter& python) {
  if (is_sampling() && install_sampled_hooks(python, kDomain, walk_this<kLayout>)) return;
  Hooks<kLayout, kDomain>::install(python);
}

template <const PythonLayout& kLayout>
void install_for(const Interpreter& python) {
  Hooks<kLayout, PythonDomain::raw>::install(python);
  install_above<kLayout, PythonDomain::mem>(python);
  install_above<kLayout, PythonDomain::object>(python);
  set_malloc_walk(walk_this<kLayout>, python.eval_begin, python.eval_end);
  begin_tracking(walk_this<kLayout>);
  // A call for each object is more than all else that sampling costs.
  if (is_sampling() || python.set_tracer == nullptr || g_tracer != nullptr) return;
  g_next_tracer = python.get_tracer(&g_next_data);
  g_tracer = note_new_object<kLayout>;
  python.set_tracer(g_tracer, nullptr);
}

}  // namespace

bool find_python_block(std::uint64_t address, Block& block) {
  const SmallBlock small = find_small(address);
  if (small.entry == 0) return find_block(address, 0, block);
  block = block_of(small, address);
  return true;
}

std::uint64_t block_of_object(const PythonLayout& layout, const PyObject* object) {
  const auto address = reinterpret_cast<std::uint64_t>(object);
  return address - bytes_before(layout, address);
}

void install_python_hooks(const Interpreter& python, const PythonLayout& layout) {
  switch (layout.minor) {
    case 8: return install_for<kPython38>(python);
    case 9: return install_for<kPython39>(python);
    case 10: return install_for<kPython310>(python);
    case 11: return install_for<kPython311>(python);
    case 12: return install_for<kPython312>(python);
    case 13: return install_for<kPython313>(python);
    default: return;
  }
}

void remove_python_hooks(const Interpreter& python) {
  set_malloc_walk(nullptr, 0, 0);
  begin_tracking(nullptr);
  for (int i = 0; i < kDomains; ++i) {
    PythonAllocator now{};
    python.get_allocator(static_cast<PythonDomain>(i), &now);
    if (!g_installed[i] || now.context != &g_next[i]) continue;  // somebody came in front
    python.set_allocator(static_cast<PythonDomain>(i), &g_next[i]);
    g_installed[i] = false;
  }
  remove_sampled_hooks(python);
  void* data = nullptr;
  if (g_tracer == nullptr || python.get_tracer(&data) != g_tracer) return;  // none, or somebody came in front
  python.set_tracer(g_next_tracer, g_next_data);
  g_tracer = nullptr;
}

}  // namespace snapshot::recorder
