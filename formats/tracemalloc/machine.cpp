#include "machine.h"

#include <algorithm>

namespace formats::tracemalloc {
namespace {

std::string_view item_name(Kind kind) {
  switch (kind) {
    case Kind::empty_tuple: return "()";
    case Kind::frame: return "(str, int)";
    case Kind::traceback: return "traceback";
    case Kind::trace: return "trace";
    default: return type_name(kind);
  }
}

}  // namespace

// Every opcode that a pickler of CPython 3 writes (Lib/pickle.py, protocols 0 to 5), in the order of that file, and a
// few of older picklers that cost nothing: DUP and the STRINGs.
const std::array<Machine::Opcode, 66> Machine::kOpcodes{{
    {'(', [](Machine& m) { m.mark(); }},                                               // MARK
    {'.', [](Machine& m) { m.stopped_ = true; }},                                      // STOP
    {'0', [](Machine& m) { m.pop_one(); }},                                            // POP
    {'1', [](Machine& m) { m.drop_to_mark(); }},                                       // POP_MARK
    {'2', [](Machine& m) { m.push(m.top()); }},                                        // DUP
    {'F', [](Machine& m) { m.push_skipped_line(Kind::floating); }},                    // FLOAT
    {'I', [](Machine& m) { m.push_integer_line(); }},                                  // INT
    {'J', [](Machine& m) { m.push_signed(4); }},                                       // BININT
    {'K', [](Machine& m) { m.push_unsigned(1); }},                                     // BININT1
    {'L', [](Machine& m) { m.push_integer_line(); }},                                  // LONG
    {'M', [](Machine& m) { m.push_unsigned(2); }},                                     // BININT2
    {'N', [](Machine& m) { m.push({Kind::none}); }},                                   // NONE
    {'P', [](Machine& m) { m.in_.fail("refuses a persistent id"); }},                  // PERSID
    {'Q', [](Machine& m) { m.in_.fail("refuses a persistent id"); }},                  // BINPERSID
    {'R', [](Machine& m) { m.reduce(); }},                                             // REDUCE
    {'S', [](Machine& m) { m.push_skipped_line(Kind::bytes); }},                       // STRING
    {'T', [](Machine& m) { m.push_skipped(m.in_.number(4), Kind::bytes); }},           // BINSTRING
    {'U', [](Machine& m) { m.push_skipped(m.in_.number(1), Kind::bytes); }},           // SHORT_BINSTRING
    {'V', [](Machine& m) { m.push_text_line(); }},                                     // UNICODE
    {'X', [](Machine& m) { m.push_text(m.in_.number(4)); }},                           // BINUNICODE
    {'a', [](Machine& m) { m.append(); }},                                             // APPEND
    {'b', [](Machine& m) { m.build(); }},                                              // BUILD
    {'c', [](Machine& m) { m.push_global_line(); }},                                   // GLOBAL
    {'d', [](Machine& m) { m.make_dict(); }},                                          // DICT
    {'}', [](Machine& m) { m.push_dict(); }},                                          // EMPTY_DICT
    {'e', [](Machine& m) { m.appends(); }},                                            // APPENDS
    {'g', [](Machine& m) { m.get(m.memo_number_line()); }},                            // GET
    {'h', [](Machine& m) { m.get(m.in_.number(1)); }},                                 // BINGET
    {'j', [](Machine& m) { m.get(m.in_.number(4)); }},                                 // LONG_BINGET
    {'l', [](Machine& m) { m.make_list(); }},                                          // LIST
    {']', [](Machine& m) { m.push_list(); }},                                          // EMPTY_LIST
    {'p', [](Machine& m) { m.put(m.memo_number_line()); }},                            // PUT
    {'q', [](Machine& m) { m.put(m.in_.number(1)); }},                                 // BINPUT
    {'r', [](Machine& m) { m.put(m.in_.number(4)); }},                                 // LONG_BINPUT
    {'s', [](Machine& m) { m.set_item(); }},                                           // SETITEM
    {'t', [](Machine& m) { m.make_tuple_above_mark(); }},                              // TUPLE
    {')', [](Machine& m) { m.push({Kind::empty_tuple}); }},                            // EMPTY_TUPLE
    {'u', [](Machine& m) { m.set_items(); }},                                          // SETITEMS
    {'G', [](Machine& m) { m.push_skipped(8, Kind::floating); }},                      // BINFLOAT
    {0x80, [](Machine& m) { m.begin_protocol(); }},                                    // PROTO
    {0x81, [](Machine& m) { m.make_object(); }},                                       // NEWOBJ
    {0x82, [](Machine& m) { m.in_.fail("refuses copyreg's extension registry"); }},    // EXT1
    {0x83, [](Machine& m) { m.in_.fail("refuses copyreg's extension registry"); }},    // EXT2
    {0x84, [](Machine& m) { m.in_.fail("refuses copyreg's extension registry"); }},    // EXT4
    {0x85, [](Machine& m) { m.make_short_tuple(1); }},                                 // TUPLE1
    {0x86, [](Machine& m) { m.make_short_tuple(2); }},                                 // TUPLE2
    {0x87, [](Machine& m) { m.make_short_tuple(3); }},                                 // TUPLE3
    {0x88, [](Machine& m) { m.push({Kind::boolean}); }},                               // NEWTRUE
    {0x89, [](Machine& m) { m.push({Kind::boolean}); }},                               // NEWFALSE
    {0x8a, [](Machine& m) { m.push_signed(m.in_.number(1)); }},                        // LONG1
    {0x8b, [](Machine& m) { m.push_signed(m.in_.number(4)); }},                        // LONG4
    {'B', [](Machine& m) { m.push_skipped(m.in_.number(4), Kind::bytes); }},           // BINBYTES
    {'C', [](Machine& m) { m.push_skipped(m.in_.number(1), Kind::bytes); }},           // SHORT_BINBYTES
    {0x8c, [](Machine& m) { m.push_text(m.in_.number(1)); }},                          // SHORT_BINUNICODE
    {0x8d, [](Machine& m) { m.push_text(m.in_.number(8)); }},                          // BINUNICODE8
    {0x8e, [](Machine& m) { m.push_skipped(m.in_.number(8), Kind::bytes); }},          // BINBYTES8
    {0x8f, [](Machine& m) { m.push({Kind::set}); }},                                   // EMPTY_SET
    {0x90, [](Machine& m) { m.add_items(); }},                                         // ADDITEMS
    {0x91, [](Machine& m) { m.make_frozenset(); }},                                    // FROZENSET
    {0x92, [](Machine& m) { m.pop(); m.make_object(); }},                              // NEWOBJ_EX: keywords besides
    {0x93, [](Machine& m) { m.push_stack_global(); }},                                 // STACK_GLOBAL
    {0x94, [](Machine& m) { m.put(m.memo_.size()); }},                                 // MEMOIZE
    {0x95, [](Machine& m) { m.in_.begin_frame(m.in_.number(8)); }},                    // FRAME
    {0x96, [](Machine& m) { m.push_skipped(m.in_.number(8), Kind::bytearray); }},      // BYTEARRAY8
    {0x97, [](Machine& m) { m.in_.fail("refuses a buffer kept outside the file"); }},  // NEXT_BUFFER
    {0x98, [](Machine& m) { m.top(); }},                                               // READONLY_BUFFER
}};

Machine::Machine(ByteReader& bytes, snapshot::SnapshotBuilder& builder, bool lean, bool salvage)
    : in_(bytes, salvage),
      builder_(builder),
      tuples_(builder),
      memo_(lean),
      traces_name_(builder.symbols().intern("traces")),
      traceback_limit_name_(builder.symbols().intern("traceback_limit")),
      raw_traces_name_(builder.symbols().intern("_traces")) {}

std::array<Machine::Handler, 256> Machine::make_handlers() {
  std::array<Handler, 256> handlers;
  handlers.fill([](Machine& m) { m.in_.fail("an opcode that CPython 3 does not write"); });
  for (const Opcode& opcode : kOpcodes) handlers[opcode.code] = opcode.handler;
  return handlers;
}

Value Machine::run() {
  static const std::array<Handler, 256> handlers = make_handlers();
  while (!stopped_) {
    if (read_fast()) continue;
    handlers[in_.opcode()](*this);
  }
  if (stack_.empty()) in_.fail("the pickle ends without a value");
  const Value result = pop();
  in_.end();
  return result;
}

const Sequence* Machine::sequence(Value value) const {
  static const Sequence kEmpty{};
  if (value.kind == Kind::empty_tuple) return &kEmpty;
  if (value.kind != Kind::list && value.kind != Kind::trace_tuple) return nullptr;
  const auto& sequence = lists_[static_cast<std::size_t>(value.payload)];
  return sequence ? sequence.get() : &kEmpty;
}

std::string Machine::describe(Value value) const {
  switch (value.kind) {
    case Kind::none: return "None";
    case Kind::object:
      return object(value).type == Class::snapshot ? "a tracemalloc.Snapshot" : "a tracemalloc._Traces";
    case Kind::type: return "a class";
    case Kind::bytes: return "a bytes object";
    case Kind::builtin: return "a value of a built-in type";
    case Kind::empty_tuple: return "()";
    case Kind::frame: return "a tuple (str, int)";
    case Kind::traceback: return "a tuple of frames";
    case Kind::trace: return "a single trace";
    case Kind::trace_tuple: return "a tuple of traces";
    case Kind::tuple: return "a tuple " + shape(other_tuple(value));
    case Kind::integer:
    case Kind::huge_integer: return "an int";
    default: return "a " + std::string(type_name(value.kind));
  }
}

std::string Machine::shape(const OtherTuple& tuple, int levels) const {
  std::string text = "(";
  const std::size_t named = std::min<std::size_t>(tuple.length, tuple.kinds.size());
  bool inner_shown = false;
  for (std::size_t at = 0; at < named; ++at) {
    if (at > 0) text += ", ";
    if (tuple.kinds[at] == Kind::tuple && !inner_shown && levels > 0) {
      text += shape(tuples_.other(Value{Kind::tuple, tuple.inner}), levels - 1);
      inner_shown = true;
    } else {
      text += item_name(tuple.kinds[at]);
    }
  }
  return text + (tuple.length > named ? ", ...)" : tuple.length == 1 ? ",)" : ")");
}

}  // namespace formats::tracemalloc
