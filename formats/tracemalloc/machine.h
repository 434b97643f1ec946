#pragma once

#include "classes.h"
#include "known_values.h"
#include "memo.h"
#include "pickle_input.h"
#include "trace_tuples.h"
#include "value.h"

#include <snapshot/builder.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace formats::tracemalloc {

/// What a list or a tuple of traces holds: runs of rows, and the first item that is no trace.
struct Sequence {
  std::vector<snapshot::TraceRange> traces;
  std::size_t length = 0;
  Value stranger;                     // the first item that is no trace
  std::size_t stranger_at = 0;        // its index,
  std::uint64_t stranger_offset = 0;  // and where it was put in; 0: every item is a trace
};

/// The attributes that matter, of an object or of the dict that will be its state. Absent ones are None.
struct Attributes {
  Value traces;           // Snapshot.traces
  Value traceback_limit;  // Snapshot.traceback_limit
  Value raw_traces;       // _Traces._traces
};

struct Object {
  Class type;
  Attributes attributes;
};

/// Thrown by a lean Machine when a dump shares more than CPython's do: to be read again by a full one.
struct NotLean {};

/// A pickle machine that can build a tracemalloc.Snapshot and plain values of built-in types, and nothing else: it
/// calls nothing, imports nothing, and does not recurse. Memory is bounded by a small multiple of the pickle's length
/// and by caps. Traces go to the builder as they are read; which of them the snapshot holds is known at the end.
class Machine {
 public:
  /// A lean machine keeps less in its memo, and throws NotLean when that is asked for.
  Machine(ByteReader& bytes, snapshot::SnapshotBuilder& builder, bool lean, bool salvage);

  /// Runs to the end of the pickle and returns what it holds. Throws FormatError.
  Value run();

  /// Null for what is not such a sequence; a sequence that never got an item is empty.
  const Sequence* sequence(Value value) const;
  /// Of a value of that kind.
  const Object& object(Value value) const { return objects_[static_cast<std::size_t>(value.payload)]; }
  /// Of a value of that kind.
  const OtherTuple& other_tuple(Value value) const { return tuples_.other(value); }
  /// The value as an error message says it: "a list", "a tracemalloc._Traces".
  std::string describe(Value value) const;
  /// What a tuple holds: "(int, str, (int, int), ...)".
  std::string shape(const OtherTuple& tuple, int levels = 2) const;
  std::uint64_t offset() const { return in_.offset(); }

 private:
  using Handler = void (*)(Machine&);
  struct Opcode {
    unsigned char code;
    Handler handler;
  };
  static const std::array<Opcode, 66> kOpcodes;
  static std::array<Handler, 256> make_handlers();

  // The stack: machine_stack.cpp.
  void push(Value value);
  Value pop();
  Value& top(std::size_t depth = 0);
  void mark();
  std::span<const Value> items_above_mark();
  Value below_mark();
  void drop_to_mark();
  void pop_one();
  void put(std::uint64_t at);
  void get(std::uint64_t at);
  std::uint64_t memo_number_line();

  // The two shapes that make up nearly all of a dump, in one step: machine_fast.cpp.
  bool read_fast();
  bool read_traces();
  bool read_frames();
  bool read_trace_front();
  bool read_tuple_ends();
  std::size_t room() const;
  std::optional<snapshot::TracebackId> find_traceback(std::uint32_t memo_number);
  std::optional<snapshot::FrameId> find_frame(std::uint32_t memo_number, std::uint32_t lineno);
  void push_memoized(std::span<const Value> values);

  // Plain values: machine_scalars.cpp.
  void push_unsigned(std::size_t width);
  void push_signed(std::uint64_t length);
  void push_integer_line();
  void push_text(std::uint64_t length);
  void push_kept_text(std::string_view text);
  void push_text_line();
  void push_skipped(std::uint64_t length, Kind kind);
  void push_skipped_line(Kind kind);

  // Containers: machine_containers.cpp.
  void count_value();
  std::int64_t add_sequence();
  void append_to(Value list, std::span<const Value> items);
  Value make_tuple(std::span<const Value> items);
  void make_short_tuple(std::size_t length);
  void make_tuple_above_mark();
  void push_list();
  void make_list();
  void append();
  void appends();
  void push_dict();
  void make_dict();
  Value Attributes::*find_attribute(Value name) const;
  void set_items_of(Value dict, std::span<const Value> items);
  void set_item();
  void set_items();
  void add_items();
  void make_frozenset();

  // Objects: machine_objects.cpp.
  void push_global(std::string_view module, std::string_view name);
  void push_global_line();
  void push_stack_global();
  Class class_of(Value value);
  void push_object(Class type);
  void push_instance(Class type);
  void reduce();
  void make_object();
  void build();
  void begin_protocol();

  static constexpr std::size_t kBatch = 64;

  PickleInput in_;
  snapshot::SnapshotBuilder& builder_;
  TraceTuples tuples_;
  Memo memo_;
  KnownValues known_;
  std::array<Value, kBatch> batch_;  // traces or frames that go to the stack and the memo together
  snapshot::Column<Value> stack_;
  std::vector<std::size_t> marks_;                  // stack heights
  std::vector<std::unique_ptr<Sequence>> lists_;    // null: nothing in it yet. Lists, and tuples of traces
  std::vector<std::unique_ptr<Attributes>> dicts_;  // null: none of the attributes in it
  std::vector<Object> objects_;
  snapshot::StringId traces_name_;
  snapshot::StringId traceback_limit_name_;
  snapshot::StringId raw_traces_name_;
  std::size_t values_made_ = 0;  // that count_value() counts
  // Whether read_fast() may be used: it takes integers as they stand in the file.
  bool fast_ = std::endian::native == std::endian::little;
  bool stopped_ = false;
};

}  // namespace formats::tracemalloc
