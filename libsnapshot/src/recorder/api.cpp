#include "recorder/call_nodes.h"
#include "recorder/core.h"
#include "recorder/metadata.h"
#include "recorder/new_region.h"
#include "recorder/own_region.h"
#include "recorder/system.h"
#include "recorder/threads.h"

#include <snapshot/recorder.h>

#include <cerrno>
#include <cstring>

using namespace snapshot::recorder;

#define SNAPSHOT_API extern "C" __attribute__((visibility("default")))

#ifdef SNAPSHOT_LINKED_WRITER
extern "C" int snapshot_write_region(void* base, const char* path);  // write_own.cpp
#endif

namespace {

#ifdef SNAPSHOT_LINKED_WRITER
constexpr RegionWriter kWriter = snapshot_write_region;
#else
constexpr RegionWriter kWriter = nullptr;
#endif

int fail(int error) {
  errno = error;
  return -1;
}

bool is_started() { return is_mine(); }

}  // namespace

SNAPSHOT_API int snapshot_start(unsigned traceback_limit) {
  if (!is_started()) {
    Settings settings{};
    settings.traceback_limit = traceback_limit;
    const RegionMap region = create_own_region(settings);
    if (!region) return fail(ENOMEM);
    adopt_thread(region);  // a child's only thread may have been its parent's
    start_in(region);
    return 0;
  }
  Header& header = current_region().header();
  if (header.state.load() == State::full || header.state.load() == State::refused) return fail(ENOMEM);
  if (header.state.load() == State::stopped && header.reader.load() == 0) {
    header.settings.traceback_limit = traceback_limit;
  }
  resume_updates();
  return 0;
}

SNAPSHOT_API void snapshot_stop() {
  if (!is_active()) return;
  stop_updates();
  clear_all_blocks();
}

SNAPSHOT_API int snapshot_is_tracing() {
  return is_active() && current_region().header().state.load() == State::recording ? 1 : 0;
}

SNAPSHOT_API void snapshot_clear_traces() {
  if (is_started()) clear_all_blocks();
}

SNAPSHOT_API void snapshot_reset_peak() {
  if (is_started()) reset_peak_of(current_region());
}

SNAPSHOT_API void snapshot_get_traced_memory(size_t* size, size_t* peak) {
  const Sums sums = is_started() ? sum_up(current_region()) : Sums{};
  *size = static_cast<size_t>(sums.traced);
  *peak = static_cast<size_t>(sums.peak);
}

SNAPSHOT_API size_t snapshot_get_recorder_memory() {
  return is_started() ? current_region().header().memory.load() : 0;
}

SNAPSHOT_API unsigned snapshot_get_traceback_limit() {
  return is_started() ? current_region().header().settings.traceback_limit : 0;
}

SNAPSHOT_API size_t snapshot_get_traceback(const void* address, uintptr_t* frames, size_t capacity) {
  if (!is_active()) return 0;
  Block block{};
  if (!find_block(reinterpret_cast<std::uint64_t>(address), 0, block)) return 0;
  size_t count = 0;
  const Node* nodes = current_region().nodes();
  for (std::uint32_t row = block.node(); row > CallNodes::kCutRoot; row = nodes[row].parent.load()) {
    const std::uint64_t frame = nodes[row].frame.load();
    if (is_tag(frame)) continue;
    if (count < capacity) frames[count] = code_address(frame);
    ++count;
  }
  return count;
}

SNAPSHOT_API int snapshot_add_filter(int inclusive, const char* module_pattern) {
  if (!is_started()) return fail(ENOENT);
  if (strlen(module_pattern) >= sizeof CaptureFilter::pattern) return fail(EINVAL);
  if (!add_filter_row(current_region().header(), inclusive != 0, module_pattern)) return fail(ENOSPC);
  CallNodes(current_region()).apply_filters();
  return 0;
}

SNAPSHOT_API void snapshot_clear_filters() {
  if (!is_started()) return;
  Header& header = current_region().header();
  for (CaptureFilter& filter : header.filters) filter.used.store(0);
  header.filter_count.store(0);
  CallNodes(current_region()).apply_filters();
}

SNAPSHOT_API int snapshot_add_metric(const char* name, int64_t value, const char* format) {
  if (!is_started()) return fail(ENOENT);
  return set_metric_row(current_region().header(), name, static_cast<std::uint64_t>(value), false, format)
             ? 0
             : fail(ENOSPC);
}

SNAPSHOT_API int snapshot_add_real_metric(const char* name, double value, const char* format) {
  if (!is_started()) return fail(ENOENT);
  std::uint64_t bits = 0;
  memcpy(&bits, &value, sizeof bits);
  return set_metric_row(current_region().header(), name, bits, true, format) ? 0 : fail(ENOSPC);
}

SNAPSHOT_API int snapshot_track(uint32_t domain, uintptr_t address, size_t size) {
  if (domain == 0) return fail(EINVAL);
  if (!is_active()) return 0;
  const std::uint32_t row = domain_row(current_region().header(), domain, nullptr);
  if (row == 0) return fail(ENOSPC);
  enter_block(address, size, row, SNAPSHOT_CALLER_REGISTERS());
  return 0;
}

SNAPSHOT_API void snapshot_untrack(uint32_t domain, uintptr_t address) {
  if (!is_active() || domain == 0) return;
  if (const std::uint32_t row = find_domain_row(current_region().header(), domain); row != 0) {
    forget_block(address, row);
  }
}

SNAPSHOT_API int snapshot_name_domain(uint32_t domain, const char* name) {
  if (domain == 0) return fail(EINVAL);
  if (!is_started()) return 0;
  return domain_row(current_region().header(), domain, name) != 0 ? 0 : fail(ENOSPC);
}

SNAPSHOT_API int snapshot_take(const char* path) {
  if (!is_started()) return fail(ENOENT);
  return take_snapshot_of(current_region(), path, kWriter) ? 0 : fail(EIO);
}
