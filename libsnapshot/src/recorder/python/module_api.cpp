#include "recorder/python/module_api.h"

#include "recorder/call_nodes.h"
#include "recorder/core.h"
#include "recorder/metadata.h"
#include "recorder/own_region.h"
#include "recorder/python/small_blocks.h"
#include "recorder/python/start.h"
#include "recorder/python/types.h"
#include "recorder/threads.h"

#include <snapshot/recorder.h>

#include <cerrno>
#include <cstring>

using namespace snapshot::recorder;

#define SNAPSHOT_API extern "C" __attribute__((visibility("default")))

namespace {

/// Filters that were added before there was a region, or are to hold of the next one.
struct WantedFilter {
  bool inclusive;
  std::uint32_t lineno;
  bool all_frames;
  char pattern[sizeof CaptureFilter::pattern];
};
WantedFilter g_filters[kMaxFilters];
std::size_t g_filter_count = 0;

void apply(const WantedFilter& filter) {
  add_filter_row(current_region().header(), filter.inclusive, filter.pattern, filter.lineno, filter.all_frames);
}

void forget_all() {
  clear_all_blocks();
  const SmallBlocks blocks(current_region());
  { const SmallBlocks::Update update(blocks); }  // sees that all were to be forgotten
  reset_peak_of(current_region());
}

/// A region of this process's own, or the one that it had before.
const char* begin(unsigned traceback_limit, std::uint64_t interval) {
  if (is_mine()) {
    Settings& settings = current_region().header().settings;
    if (!is_active()) {
      settings.traceback_limit = traceback_limit;
      settings.sampling_interval = interval;
    }
    return snapshot_start(traceback_limit) == 0 ? nullptr : "there is no memory left for the recorder";
  }
  Settings settings{};
  settings.traceback_limit = traceback_limit;
  settings.sampling_interval = interval;
  settings.follow_fork = 1;  // tracemalloc goes on in a child, too
  const RegionMap region = create_own_region(settings);
  if (!region) return "there is no memory for the recorder";
  adopt_thread(region);  // a child's only thread may have been its parent's
  for (std::size_t i = 0; i < g_filter_count; ++i) apply(g_filters[i]);
  start_in(region);
  return nullptr;
}

}  // namespace

SNAPSHOT_API int snapshot_python_is_main() {
  if (!is_main_interpreter()) return 0;
  prepare_python();  // what it refuses is said when recording is to begin
  return 1;
}

SNAPSHOT_API const char* snapshot_python_start(unsigned traceback_limit, uint64_t interval) {
  const char* refusal = begin(traceback_limit, interval);
  if (refusal == nullptr) refusal = start_python();
  if (refusal != nullptr && is_mine() && current_region().header().descriptor != 0) stop_updates();
  return refusal;
}

SNAPSHOT_API void snapshot_python_stop() {
  if (!is_active()) return;
  stop_python();
  stop_updates();
  forget_all();
}

SNAPSHOT_API void snapshot_python_clear() {
  if (is_mine()) forget_all();
}

SNAPSHOT_API size_t snapshot_python_traceback(const void* object, snapshot_python_frame* frames, size_t capacity) {
  constexpr size_t kMost = 64;
  std::uint64_t found[kMost];
  size_t count = 0;
  size_t done = 0;
  do {
    count = traceback_of_object(static_cast<const PyObject*>(object), done, found, kMost);
    for (size_t i = done; i < count && i < done + kMost && i < capacity; ++i) {
      const PythonFrameText text = python_frame_text(found[i - done]);
      frames[i] = {text.filename, text.size, text.line};
    }
    done += kMost;
  } while (done < count && done < capacity);
  return count;
}

SNAPSHOT_API int snapshot_python_add_filter(int inclusive, const char* pattern, unsigned lineno, int all_frames) {
  const bool fits = strlen(pattern) < sizeof CaptureFilter::pattern;
  if (!fits || g_filter_count == kMaxFilters) {
    errno = fits ? ENOSPC : EINVAL;
    return -1;
  }
  WantedFilter& filter = g_filters[g_filter_count++];
  filter = {inclusive != 0, lineno, all_frames != 0, {}};
  copy_text(filter.pattern, pattern);
  if (!is_mine()) return 0;
  apply(filter);
  CallNodes(current_region()).apply_filters();
  return 0;
}

SNAPSHOT_API void snapshot_python_clear_filters() {
  g_filter_count = 0;
  snapshot_clear_filters();
}

SNAPSHOT_API void snapshot_python_note_types() { note_python_types(); }

SNAPSHOT_API void snapshot_python_forget_types() {
  if (is_mine()) forget_large_types();
}

SNAPSHOT_API int snapshot_python_region() { return is_mine() ? current_region().header().descriptor - 1 : -1; }

SNAPSHOT_API void snapshot_python_begin_own_work() { begin_own_work(); }
SNAPSHOT_API void snapshot_python_end_own_work() { end_own_work(); }
