#pragma once

#include "recorder/python/code_rows.h"

#include <cstddef>
#include <cstdint>

namespace snapshot::recorder {

/// Where CPython keeps what a walk reads: offsets in bytes, of 64-bit builds with the GIL and without Py_TRACE_REFS.
///
/// The public API cannot be asked from within an allocation: since 3.11 PyThreadState_GetFrame() and PyFrame_GetBack()
/// allocate, and PyUnstable_InterpreterFrame_* do not lead to the frame before. Before anything is recorded the layout
/// is held against the public API (self_check.cpp). Sources: Include/cpython/{pystate,frameobject,code}.h and
/// Include/internal/pycore_frame.h of each version.
struct PythonLayout {
  int minor;                    ///< of version 3
  std::size_t thread_frame;     ///< PyThreadState: the running frame, or the _PyCFrame that names it
  std::ptrdiff_t cframe_frame;  ///< _PyCFrame: the running frame; -1: there is none in between
  std::size_t previous;         ///< frame: that which called it
  std::size_t code;
  std::size_t instruction;      ///< an int where `bytecode` is 0, else a pointer into the code
  int unit;                     ///< bytes that such an int counts
  std::size_t owner;            ///< a char; 0: there is none
  bool has_entry_frames;        ///< frames of C's own between those of Python
  std::size_t first_traceable;  ///< code: index of the first instruction of the body
  std::size_t bytecode;         ///< code: its instructions
  std::size_t first_line;
  std::size_t filename;
  std::size_t name;  ///< the qualified one where there is one
  std::size_t lines;
  std::size_t extra;  ///< what the code object keeps for others: a size, and as many pointers
  LineTable line_table;
};

inline constexpr std::size_t kThreadInterpreter = 16;  ///< PyThreadState: its interpreter; all versions

enum FrameOwner : char { kOwnedByGenerator = 1, kOwnedByC = 3 };

inline constexpr PythonLayout kPython38{
    8, 24, -1, 24, 32, 104, 1, 0, false, 0, 0, 40, 104, 112, 120, 144, LineTable::lnotab};
inline constexpr PythonLayout kPython39{
    9, 24, -1, 24, 32, 104, 1, 0, false, 0, 0, 40, 104, 112, 120, 144, LineTable::lnotab};
inline constexpr PythonLayout kPython310{
    10, 24, -1, 24, 32, 96, 2, 0, false, 0, 0, 40, 104, 112, 120, 144, LineTable::line_table};
inline constexpr PythonLayout kPython311{
    11, 56, 8, 48, 32, 56, 2, 69, false, 168, 184, 72, 112, 128, 136, 176, LineTable::location_table};
inline constexpr PythonLayout kPython312{
    12, 56, 0, 8, 0, 56, 2, 70, true, 176, 192, 68, 112, 128, 136, 184, LineTable::location_table};
inline constexpr PythonLayout kPython313{
    13, 72, -1, 8, 0, 56, 2, 70, true, 184, 200, 68, 112, 128, 136, 192, LineTable::location_table};

template <typename T>
T read_at(std::uint64_t object, std::size_t offset) {
  return *reinterpret_cast<const volatile T*>(object + offset);
}

}  // namespace snapshot::recorder
