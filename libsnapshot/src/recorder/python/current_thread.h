#pragma once

namespace snapshot::recorder {

/// Where the calling thread can read what a function of CPython's, which names the PyThreadState that runs, would
/// return: a call, through the table of thread-local variables from 3.12 on, costs as much as the rest of a short walk.
/// Decoded from the function's code; null where that is another than the known ones, or does not lie there. The address
/// holds as long as the thread lives.
void* const* slot_of_current_thread(void* (*function)());

}  // namespace snapshot::recorder
