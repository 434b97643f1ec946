#pragma once

#include <cstdint>
#include <string_view>

namespace formats::tracemalloc {

/// What the pickle machine knows of a Python object. Tuples of the three shapes that make up a snapshot are recognised
/// when they are built, and become rows of the snapshot's tables; all else is kept just well enough to be named.
enum class Kind : std::uint8_t {
  none,
  boolean,
  integer,       // payload: the value
  huge_integer,  // does not fit 64 bits
  floating,
  text,       // payload: StringId
  long_text,  // too long to be a file name; not kept
  bytes,
  bytearray,
  empty_tuple,
  frame,        // (filename, lineno); payload: FrameId
  traceback,    // tuple of frames, most recent first; payload: TracebackId
  trace,        // ([domain,] size, traceback[, total_nframe]); payload: row of the traces
  trace_tuple,  // tuple that begins with a trace; payload: row of Machine::lists_
  tuple,        // any other; payload: of TraceTuples::other()
  list,         // payload: row of Machine::lists_
  dict,         // payload: row of Machine::dicts_
  set,
  frozenset,
  type,       // payload: a Class
  object,     // instance of a class of tracemalloc; payload: row of Machine::objects_
  forgotten,  // no value: of Memo alone
  builtin,    // value of some other built-in type: complex, range, slice and the like
};

struct Value {
  Kind kind = Kind::none;
  std::int64_t payload = 0;
};

/// The name of the object's type, as Python says it.
constexpr std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::none: return "None";
    case Kind::boolean: return "bool";
    case Kind::integer:
    case Kind::huge_integer: return "int";
    case Kind::floating: return "float";
    case Kind::text:
    case Kind::long_text: return "str";
    case Kind::bytes: return "bytes";
    case Kind::bytearray: return "bytearray";
    case Kind::empty_tuple:
    case Kind::frame:
    case Kind::traceback:
    case Kind::trace:
    case Kind::trace_tuple:
    case Kind::tuple: return "tuple";
    case Kind::list: return "list";
    case Kind::dict: return "dict";
    case Kind::set: return "set";
    case Kind::frozenset: return "frozenset";
    case Kind::type: return "type";
    case Kind::object: return "object";
    case Kind::forgotten: return "forgotten value";
    case Kind::builtin: return "built-in value";
  }
  return "value";
}

}  // namespace formats::tracemalloc
