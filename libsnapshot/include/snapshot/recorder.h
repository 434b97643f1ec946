#pragma once

/* Recording a program from inside: tracemalloc's functions, for C and C++. Link with snapshot_recorder, which also
 * brings the malloc family's hooks, or run the program under tmrecord, which has them. A program that links it and does
 * not start it pays a load and a branch for each block.
 *
 * All may be called from any thread, from destructors, and, but for start, stop and take_snapshot, from signal
 * handlers. Functions that return int give 0, or -1 and errno. Sizes are bytes. Nothing is thrown.
 */

#include <stddef.h> /* NOLINT(modernize-deprecated-headers) */
#include <stdint.h> /* NOLINT(modernize-deprecated-headers) */

#ifdef __cplusplus
extern "C" {
#endif

/** Begins to record, with at most `traceback_limit` frames a traceback (0: as many as there are, up to 1,024).
 * Recording already: no effect. ENOMEM where there is no memory for the tables. */
int snapshot_start(unsigned traceback_limit);

/** Stops, and forgets all blocks. */
void snapshot_stop(void);

int snapshot_is_tracing(void); /**< 1 or 0 */

/** Forgets all blocks; recording goes on. */
void snapshot_clear_traces(void);

/** Sets the peak to the traced memory of now. */
void snapshot_reset_peak(void);

/** Bytes of all recorded blocks, now and at most. Both 0 when nothing was ever started. */
void snapshot_get_traced_memory(size_t* size, size_t* peak);

/** Bytes that the recorder itself takes. */
size_t snapshot_get_recorder_memory(void);

unsigned snapshot_get_traceback_limit(void);

/** The code addresses of the traceback of the block of the malloc family at `address`, the most recent first: return
 * addresses, up to `capacity` of them. How many there are; 0 when the block is not recorded. */
size_t snapshot_get_traceback(const void* address, uintptr_t* frames, size_t capacity);

/** Leaves out (`inclusive` 0) or keeps alone what is allocated by code of modules whose path or file name matches the
 * pattern (* ? [..]), from now on. ENOSPC beyond 64, EINVAL beyond 247 bytes.
 */
int snapshot_add_filter(int inclusive, const char* module_pattern);
void snapshot_clear_filters(void);

/** A number that later snapshots carry, under a name of up to 47 bytes. `format`: "size", "percent", "int" or a unit,
 * up to 15 bytes. The same name again replaces it. ENOSPC beyond 128 names. */
int snapshot_add_metric(const char* name, int64_t value, const char* format);
int snapshot_add_real_metric(const char* name, double value, const char* format);

/** Enters a block that an allocator of the program's own gave out, in an address space of its own. The same address
 * again replaces it. `domain` is not 0, which is malloc's. ENOSPC beyond 255 domains. */
int snapshot_track(uint32_t domain, uintptr_t address, size_t size);

/** Takes it out. No effect when it is not there. */
void snapshot_untrack(uint32_t domain, uintptr_t address);

/** What snapshots call the domain, up to 55 bytes. */
int snapshot_name_domain(uint32_t domain, const char* name);

/** Writes a .tms file of this moment, whole or not at all; under tmrecord it is tmrecord that writes it, and this
 * waits. ENOENT when nothing was ever started, EIO when it could not be written. */
int snapshot_take(const char* path);

#ifdef __cplusplus
}

namespace snapshot::recorder {

/// tracemalloc.get_traced_memory(), in bytes.
struct TracedSizes {
  size_t size;
  size_t peak;
};

inline bool start(unsigned traceback_limit = 0) { return snapshot_start(traceback_limit) == 0; }
inline void stop() { snapshot_stop(); }
inline bool is_tracing() { return snapshot_is_tracing() != 0; }
inline void clear_traces() { snapshot_clear_traces(); }
inline void reset_peak() { snapshot_reset_peak(); }
inline TracedSizes get_traced_memory() {
  TracedSizes sizes{};
  snapshot_get_traced_memory(&sizes.size, &sizes.peak);
  return sizes;
}
inline size_t get_recorder_memory() { return snapshot_get_recorder_memory(); }
inline unsigned get_traceback_limit() { return snapshot_get_traceback_limit(); }
inline bool add_filter(bool inclusive, const char* module_pattern) {
  return snapshot_add_filter(inclusive ? 1 : 0, module_pattern) == 0;
}
inline void clear_filters() { snapshot_clear_filters(); }
inline bool add_metric(const char* name, int64_t value, const char* format) {
  return snapshot_add_metric(name, value, format) == 0;
}
inline bool track(uint32_t domain, const void* address, size_t size) {
  return snapshot_track(domain, reinterpret_cast<uintptr_t>(address), size) == 0;
}
inline void untrack(uint32_t domain, const void* address) {
  snapshot_untrack(domain, reinterpret_cast<uintptr_t>(address));
}
inline bool name_domain(uint32_t domain, const char* name) { return snapshot_name_domain(domain, name) == 0; }
inline bool take_snapshot(const char* path) { return snapshot_take(path) == 0; }

}  // namespace snapshot::recorder
#endif
