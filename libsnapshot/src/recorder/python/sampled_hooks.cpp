#include "recorder/python/sampled_hooks.h"

#include "recorder/python/hook_parts.h"
#include "recorder/python/small_rows.h"
#include "recorder/sampling.h"

#include <cstring>

// A block of up to kLargestSmall bytes that is a sample is taken from the raw domain instead. Python's own allocator
// gives whatever does not lie in its arenas to the raw domain's free() and realloc(), whose hooks see the sample go: so
// that its own free() needs nothing in front of it, and its malloc() no more than a count. Larger blocks it takes from
// the raw domain itself, and also what it needs for itself: that counts as the program's here.

namespace snapshot::recorder {
namespace {

constexpr std::size_t kDomains = 3;
PythonAllocator g_next[kDomains];
PythonAllocator g_own[kDomains];  // as they were installed; functions are null where they are not
std::uint32_t (*g_walk)(ThreadState&);

PythonAllocator allocator_of(const Interpreter& python, PythonDomain domain) {
  PythonAllocator allocator{};
  python.get_allocator(domain, &allocator);
  return allocator;
}

/// Neither 0, which stands for a block of one byte, nor more.
inline bool is_small(std::size_t size) { return size - 1 < kLargestSmall; }

/// Bytes of small blocks to the next sample, in all threads: Python's lock makes the updates one after the other.
std::int64_t g_until_sample;
std::uint64_t g_random;

void choose_next_sample() {
  const std::uint64_t interval = current_region().header().settings.sampling_interval;
  while (interval != 0 && g_until_sample <= 0) g_until_sample += next_sample(g_random, interval);
}

/// Counts a new block. Whether it is a sample.
inline bool is_due(std::size_t size) {
  g_until_sample -= static_cast<std::int64_t>(size);
  return __builtin_expect(g_until_sample <= 0, 0);
}

/// A new block for one that is due; null where it is not to be entered. `content`: what it is to have, or null for
/// zeros.
[[gnu::cold]] void* take_sample(std::size_t size, const void* content) {
  ThreadState* const thread = recorded_thread();
  if (thread == nullptr || thread->busy != 0) return nullptr;
  choose_next_sample();
  if (!is_sampling() || current_region().header().state.load(std::memory_order_relaxed) != State::recording)
    return nullptr;
  const OwnWork own(*thread);
  const PythonAllocator raw = allocator_of(*g_python_world.python, PythonDomain::raw);
  void* const block = content == nullptr ? raw.calloc(raw.context, 1, size) : raw.malloc(raw.context, size);
  if (block == nullptr) return nullptr;
  if (content != nullptr) memcpy(block, content, size);
  sampled_at(address_of(block)).store(1, std::memory_order_relaxed);
  enter_large(*thread, address_of(block), size, 0, g_walk(*thread));
  return block;
}

template <PythonDomain kDomain>
struct SampledHooks {
  static constexpr auto kIndex = static_cast<std::size_t>(kDomain);

  static void* malloc(void* context, std::size_t size) {
    if (is_small(size) && is_due(size)) return malloc_due(context, size);
    return g_next[kIndex].malloc(context, size);
  }

  static void* calloc(void* context, std::size_t count, std::size_t size) {
    std::size_t whole = 0;
    if (!__builtin_mul_overflow(count, size, &whole) && is_small(whole) && is_due(whole)) {
      return calloc_due(context, whole);
    }
    return g_next[kIndex].calloc(context, count, size);
  }

  static void* realloc(void* context, void* block, std::size_t size) {
    ThreadState* const thread = is_small(size) ? recorded_thread() : nullptr;
    if (thread == nullptr) return g_next[kIndex].realloc(context, block, size);
    void* moved = nullptr;
    {
      const OwnWork own(*thread);  // a block that comes from the raw domain is forgotten there, and not counted twice
      moved = g_next[kIndex].realloc(context, block, size);
    }
    if (moved == nullptr || !is_due(size)) return moved;
    void* const sample = take_sample(size, moved);
    if (sample == nullptr) return moved;
    g_next[kIndex].free(context, moved);
    return sample;
  }

  [[gnu::noinline, gnu::cold]] static void* malloc_due(void* context, std::size_t size) {
    void* const sample = take_sample(size, nullptr);
    return sample != nullptr ? sample : g_next[kIndex].malloc(context, size);
  }

  [[gnu::noinline, gnu::cold]] static void* calloc_due(void* context, std::size_t size) {
    void* const sample = take_sample(size, nullptr);
    return sample != nullptr ? sample : g_next[kIndex].calloc(context, 1, size);
  }

  static void install(const Interpreter& python, const PythonAllocator& next) {
    g_next[kIndex] = next;
    g_own[kIndex] = {next.context, malloc, calloc, realloc, next.free};
    python.set_allocator(kDomain, &g_own[kIndex]);
  }
};

/// In front of the raw domain for a moment: the block of kProbe bytes that came and went there.
constexpr std::size_t kProbe = kLargestSmall + 7;
struct Probe {
  PythonAllocator raw;
  std::atomic<void*> given;
  std::atomic<void*> taken;
};

void* probe_malloc(void* context, std::size_t size) {
  auto& probe = *static_cast<Probe*>(context);
  void* const block = probe.raw.malloc(probe.raw.context, size);
  if (size == kProbe) probe.given = block;
  return block;
}

void* probe_calloc(void* context, std::size_t many, std::size_t size) {
  const auto& probe = *static_cast<const Probe*>(context);
  return probe.raw.calloc(probe.raw.context, many, size);
}

void* probe_realloc(void* context, void* block, std::size_t size) {
  const auto& probe = *static_cast<const Probe*>(context);
  return probe.raw.realloc(probe.raw.context, block, size);
}

void probe_free(void* context, void* block) {
  auto& probe = *static_cast<Probe*>(context);
  if (block == probe.given) probe.taken = block;
  probe.raw.free(probe.raw.context, block);
}

/// Whether an allocator takes large blocks from the raw domain, and gives them back there, as they are. Those that
/// check or count blocks (PYTHONMALLOC=debug, tracemalloc) have a context, and Python's own has none.
bool is_pymalloc(const Interpreter& python, const PythonAllocator& allocator) {
  if (allocator.context != nullptr) return false;
  static Probe probe;  // threads without Python's lock may be in it for longer than it is there
  probe.given = probe.taken = nullptr;
  probe.raw = allocator_of(python, PythonDomain::raw);
  PythonAllocator in_front{&probe, probe_malloc, probe_calloc, probe_realloc, probe_free};
  python.set_allocator(PythonDomain::raw, &in_front);
  void* const block = allocator.malloc(nullptr, kProbe);
  allocator.free(nullptr, block);
  python.set_allocator(PythonDomain::raw, &probe.raw);
  return block != nullptr && probe.given == block && probe.taken == block;
}

}  // namespace

bool install_sampled_hooks(const Interpreter& python, PythonDomain domain, std::uint32_t (*walk)(ThreadState&)) {
  g_walk = walk;
  if (g_random == 0) g_random = monotonic_now() | 1;
  g_until_sample = 0;
  choose_next_sample();
  if (g_own[static_cast<std::size_t>(domain)].malloc != nullptr) return true;
  const PythonAllocator next = allocator_of(python, domain);
  if (!is_pymalloc(python, next)) return false;
  if (domain == PythonDomain::mem) {
    SampledHooks<PythonDomain::mem>::install(python, next);
  } else {
    SampledHooks<PythonDomain::object>::install(python, next);
  }
  return true;
}

void remove_sampled_hooks(const Interpreter& python) {
  for (const PythonDomain domain : {PythonDomain::mem, PythonDomain::object}) {
    const auto index = static_cast<std::size_t>(domain);
    if (g_own[index].malloc == nullptr || allocator_of(python, domain).malloc != g_own[index].malloc) continue;
    python.set_allocator(domain, &g_next[index]);
    g_own[index] = {};
  }
}

}  // namespace snapshot::recorder
