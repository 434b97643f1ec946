#include "machine.h"

#include <snapshot/utf8.h>

namespace formats::tracemalloc {
namespace {

constexpr std::uint64_t kHighestProtocol = 5;

/// A name from the file, fit for one line.
std::string named(std::string_view name) {
  constexpr std::size_t kMost = 100;
  return snapshot::printable(snapshot::text_from_bytes(name.substr(0, kMost))) + (name.size() > kMost ? "..." : "");
}

}  // namespace

void Machine::push_global(std::string_view module, std::string_view name) {
  const std::optional<Class> type = find_class(module, name);
  if (!type) {
    in_.fail("refuses " + named(module) + "." + named(name) +
             ": a tracemalloc.Snapshot and plain values are all that is read");
  }
  push(*type == Class::constant ? Value{Kind::builtin} : Value{Kind::type, static_cast<std::int64_t>(*type)});
}

void Machine::push_global_line() {
  const std::string module(in_.line());
  push_global(module, in_.line());
}

void Machine::push_stack_global() {
  const Value name = pop();
  const Value module = pop();
  if (module.kind != Kind::text || name.kind != Kind::text) in_.fail("a global's name is not a string");
  const snapshot::Symbols& symbols = builder_.symbols();
  push_global(symbols.text(snapshot::StringId{static_cast<std::uint32_t>(module.payload)}),
              symbols.text(snapshot::StringId{static_cast<std::uint32_t>(name.payload)}));
}

Class Machine::class_of(Value value) {
  if (value.kind != Kind::type) in_.fail("calls " + describe(value) + ", not a class");
  return static_cast<Class>(value.payload);
}

void Machine::push_object(Class type) {
  count_value();
  objects_.push_back({type, {}});
  push({Kind::object, static_cast<std::int64_t>(objects_.size()) - 1});
}

void Machine::reduce() {
  const Value arguments = pop();
  const Class callee = class_of(pop());
  if (callee == Class::reconstructor) {
    // _reconstructor(class, object, None) makes an empty instance.
    const bool has_class = arguments.kind == Kind::tuple && other_tuple(arguments).kinds[0] == Kind::type;
    if (!has_class) in_.fail("copyreg._reconstructor is not told a class");
    push_instance(static_cast<Class>(other_tuple(arguments).first_payload));
  } else {
    push_instance(callee);
  }
}

void Machine::push_instance(Class type) {
  switch (type) {
    case Class::snapshot:
    case Class::traces: push_object(type); break;
    case Class::object:
    case Class::reconstructor: in_.fail("makes an instance of something that is not a snapshot"); break;
    default: push({kind_of_instance(type)}); break;
  }
}

void Machine::make_object() {
  pop();  // the arguments
  push_instance(class_of(pop()));
}

void Machine::build() {
  const Value state = pop();
  if (top().kind != Kind::object) in_.fail("sets the state of " + describe(top()) + ", which has none");
  if (state.kind != Kind::dict) in_.fail("the state of " + describe(top()) + " is " + describe(state) + ", not a dict");
  if (const auto& attributes = dicts_[static_cast<std::size_t>(state.payload)]) {
    Attributes& known = objects_[static_cast<std::size_t>(top().payload)].attributes;
    for (const auto attribute : {&Attributes::traces, &Attributes::traceback_limit, &Attributes::raw_traces}) {
      if (((*attributes).*attribute).kind != Kind::none) known.*attribute = (*attributes).*attribute;
    }
  }
}

void Machine::begin_protocol() {
  const std::uint64_t protocol = in_.number(1);
  if (protocol > kHighestProtocol)
    in_.fail("pickle protocol " + std::to_string(protocol) + ", but 5 is the last known");
}

}  // namespace formats::tracemalloc
