#pragma once

#include "recorder/python/interpreter.h"

#include "recorder/region.h"

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// Prepares what holds for the whole life of the process, among it a look at Python's frames with Python's own eyes.
/// Null, or why this Python cannot be recorded. With the GIL.
const char* prepare_python();

/// Has Python's own allocations entered in the region in use, under the traceback of its frames, and those of the
/// malloc family under it too, in a domain of their own. Null, or why it cannot be. With the GIL, in the main
/// interpreter.
const char* start_python();

/// Ends that. With the GIL.
void stop_python();

/// Notes the types of objects, for a snapshot that is about to be taken. With the GIL.
void note_python_types();

/// In a program that has a CPython: waits, from before the interpreter is there, until it is about to run something,
/// and then calls start_python(). The malloc family's blocks are in a domain of their own from now on.
void await_python(Header& header);

/// False in a subinterpreter.
bool is_main_interpreter();

/// The traceback of the block that has an object: frames (code_frame()), the most recent first, from the one at `first`
/// on and up to `capacity` of them. How many there are in all.
std::size_t traceback_of_object(const PyObject* object, std::size_t first, std::uint64_t* frames, std::size_t capacity);

/// The file name and line of such a frame.
struct PythonFrameText {
  const char* filename;
  std::uint32_t size;
  std::uint32_t line;
};
PythonFrameText python_frame_text(std::uint64_t frame);

}  // namespace snapshot::recorder
