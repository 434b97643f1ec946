#pragma once

/* What the extension module asks of the recorder (libtmrecord.so), besides snapshot/recorder.h. With Python's lock. Not
 * for others: it changes with the two. Objects are CPython's. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whether the calling thread runs in the main interpreter. If so, prepares what snapshot_python_start() needs, so that
 * this makes no objects. */
int snapshot_python_is_main(void);

/** Begins to record what Python allocates, `traceback_limit` frames of each traceback, and a sample of one block in
 * `interval` bytes, or all where that is 0. Null, or why it cannot be. Where it is recorded already, or by another
 * program, it stays as it is. */
const char* snapshot_python_start(unsigned traceback_limit, uint64_t interval);

/** Stops, and forgets all blocks. */
void snapshot_python_stop(void);
void snapshot_python_clear(void);

/** The file name and line of a frame of Python. The name is of generalised UTF-8, not ended by a zero byte. */
struct snapshot_python_frame {
  const char* filename;
  size_t size;
  unsigned lineno;
};

/** The traceback of the block that has an object, the most recent frame first, up to `capacity` of them. How many there
 * are; 0 when it is not recorded. */
size_t snapshot_python_traceback(const void* object, struct snapshot_python_frame* frames, size_t capacity);

/** Leaves out (`inclusive` 0) or keeps alone what is allocated in files that match the pattern, in one line where
 * `lineno` is not 0, and by any frame of the traceback where `all_frames` is 1. From now on. 0, or -1 and errno. */
int snapshot_python_add_filter(int inclusive, const char* pattern, unsigned lineno, int all_frames);
void snapshot_python_clear_filters(void);

/** Before and after a snapshot is taken: notes the types of objects for it. */
void snapshot_python_note_types(void);
void snapshot_python_forget_types(void);

/** A descriptor of the memory in which the recorder keeps what it knows, for another process; -1 where another process
 * has it already, and snapshot_take() asks that. */
int snapshot_python_region(void);

/** While the recorder's own work is done by this thread nothing that it allocates is recorded. They nest. */
void snapshot_python_begin_own_work(void);
void snapshot_python_end_own_work(void);

#ifdef __cplusplus
}
#endif
