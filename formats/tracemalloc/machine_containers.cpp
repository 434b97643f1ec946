#include "machine.h"

#include <algorithm>
#include <array>

namespace formats::tracemalloc {
namespace {

constexpr std::size_t kMostTraces = std::size_t{1} << 31U;  // far from what a row number holds

/// How many of `items` are the rows from `row` on.
std::size_t run_length(std::span<const Value> items, std::int64_t row) {
  std::size_t length = 0;
  while (length < items.size() && items[length].kind == Kind::trace && items[length].payload == row) {
    ++length;
    ++row;
  }
  return length;
}

/// Adds `items` to a sequence: traces that follow each other in the tables make one run.
void extend(Sequence& sequence, std::span<const Value> items, std::uint64_t offset) {
  while (!items.empty()) {
    const auto row = static_cast<std::size_t>(items[0].payload);
    const std::size_t length = std::max<std::size_t>(1, run_length(items, items[0].payload));
    if (items[0].kind != Kind::trace) {
      if (sequence.stranger_offset == 0) {
        sequence.stranger = items[0];
        sequence.stranger_at = sequence.length;
        sequence.stranger_offset = offset;
      }
    } else if (!sequence.traces.empty() && sequence.traces.back().last == row) {
      sequence.traces.back().last += length;
    } else {
      sequence.traces.push_back({row, row + length});
    }
    sequence.length += length;
    items = items.subspan(length);
  }
}

}  // namespace

void Machine::count_value() {
  constexpr std::size_t kMost = std::size_t{1} << 22U;  // each takes up to 150 bytes; a dump has a handful
  if (++values_made_ > kMost) in_.fail("more than 4194304 lists, dicts, objects and tuples that are not traces");
}

std::int64_t Machine::add_sequence() {
  count_value();
  lists_.emplace_back();
  return static_cast<std::int64_t>(lists_.size()) - 1;
}

void Machine::append_to(Value list, std::span<const Value> items) {
  if (items.empty()) return;
  std::unique_ptr<Sequence>& sequence = lists_[static_cast<std::size_t>(list.payload)];
  if (!sequence) sequence = std::make_unique<Sequence>();
  extend(*sequence, items, in_.offset());
}

Value Machine::make_tuple(std::span<const Value> items) {
  if (items.empty()) return {Kind::empty_tuple};
  if (items[0].kind == Kind::trace) {
    const Value tuple{Kind::trace_tuple, add_sequence()};
    append_to(tuple, items);
    return tuple;
  }
  if (builder_.trace_count() >= kMostTraces) in_.fail("more than 2147483648 traces");
  const Value tuple = tuples_.make(items, in_.offset());
  if (tuple.kind == Kind::tuple) count_value();
  return tuple;
}

void Machine::make_short_tuple(std::size_t length) {
  top(length - 1);  // fails if there are not as many
  const Value tuple = make_tuple(stack_.values().last(length));
  stack_.resize(stack_.size() - length);
  push(tuple);
}

void Machine::make_tuple_above_mark() {
  const Value tuple = make_tuple(items_above_mark());
  drop_to_mark();
  push(tuple);
}

void Machine::push_list() { push({Kind::list, add_sequence()}); }

void Machine::make_list() {
  const Value list{Kind::list, add_sequence()};
  append_to(list, items_above_mark());
  drop_to_mark();
  push(list);
}

void Machine::push_dict() {
  count_value();
  dicts_.emplace_back();
  push({Kind::dict, static_cast<std::int64_t>(dicts_.size()) - 1});
}

void Machine::make_dict() {
  const std::size_t first = stack_.size() - items_above_mark().size();
  push_dict();
  const Value dict = pop();
  set_items_of(dict, stack_.values().subspan(first));
  drop_to_mark();
  push(dict);
}

void Machine::make_frozenset() {
  drop_to_mark();
  push({Kind::frozenset});
}

void Machine::append() {
  const Value item = pop();
  if (top().kind != Kind::list) in_.fail("appends to " + describe(top()) + ", not to a list");
  append_to(top(), std::span(&item, 1));
}

void Machine::appends() {
  const std::span<const Value> items = items_above_mark();
  const Value list = below_mark();
  if (list.kind != Kind::list) in_.fail("appends to " + describe(list) + ", not to a list");
  append_to(list, items);
  drop_to_mark();
}

Value Attributes::*Machine::find_attribute(Value name) const {
  if (name.kind != Kind::text) return nullptr;
  const auto id = snapshot::StringId{static_cast<std::uint32_t>(name.payload)};
  if (id == traces_name_) return &Attributes::traces;
  if (id == traceback_limit_name_) return &Attributes::traceback_limit;
  return id == raw_traces_name_ ? &Attributes::raw_traces : nullptr;
}

void Machine::set_items_of(Value dict, std::span<const Value> items) {
  if (dict.kind != Kind::dict) in_.fail("sets items of " + describe(dict) + ", not of a dict");
  if (items.size() % 2 != 0) in_.fail("a dict has a key without a value");
  for (std::size_t at = 0; at < items.size(); at += 2) {
    Value Attributes::*attribute = find_attribute(items[at]);
    if (attribute == nullptr) continue;
    std::unique_ptr<Attributes>& attributes = dicts_[static_cast<std::size_t>(dict.payload)];
    if (!attributes) attributes = std::make_unique<Attributes>();
    (*attributes).*attribute = items[at + 1];
  }
}

void Machine::set_item() {
  const std::array<Value, 2> item{top(1), top()};
  pop();
  pop();
  set_items_of(top(), item);
}

void Machine::set_items() {
  set_items_of(below_mark(), items_above_mark());
  drop_to_mark();
}

void Machine::add_items() {
  items_above_mark();
  if (below_mark().kind != Kind::set) in_.fail("adds items to " + describe(below_mark()) + ", not to a set");
  drop_to_mark();
}

}  // namespace formats::tracemalloc
