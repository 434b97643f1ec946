#include "machine.h"

#include <charconv>
#include <utility>

namespace formats::tracemalloc {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 25U;  // 512 MiB of stack; 1 GiB of memo, with its index
constexpr std::uint64_t kMostMemoNumber = (std::uint64_t{1} << 32U) - 2;

}  // namespace

void Machine::push(Value value) {
  if (stack_.size() >= kMostValues) in_.fail("more than 33554432 values on the stack");
  stack_.push_back(value);
}

Value Machine::pop() {
  const Value value = top();
  stack_.resize(stack_.size() - 1);
  return value;
}

Value& Machine::top(std::size_t depth) {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() - floor <= depth) in_.fail("takes a value from an empty stack");
  return stack_[stack_.size() - 1 - depth];
}

void Machine::mark() {
  if (marks_.size() >= kMostValues) in_.fail("more than 33554432 marks on the stack");
  marks_.push_back(stack_.size());
}

std::span<const Value> Machine::items_above_mark() {
  if (marks_.empty()) in_.fail("no mark on the stack");
  return std::as_const(stack_).values().subspan(marks_.back());
}

Value Machine::below_mark() {
  const std::size_t height = stack_.size() - items_above_mark().size();
  const std::size_t floor = marks_.size() < 2 ? 0 : marks_[marks_.size() - 2];
  if (height == floor) in_.fail("nothing on the stack below the mark");
  return stack_[height - 1];
}

void Machine::drop_to_mark() {
  stack_.resize(stack_.size() - items_above_mark().size());
  marks_.pop_back();
}

void Machine::pop_one() {
  if (!marks_.empty() && marks_.back() == stack_.size()) {
    marks_.pop_back();  // as CPython: POP takes a mark away too
  } else {
    pop();
  }
}

void Machine::put(std::uint64_t at) {
  if (!memo_.plausible(at) || at > kMostMemoNumber) {
    in_.fail("memo number " + std::to_string(at) + " is past what the file can have put");
  }
  if (memo_.value_count() >= kMostValues) in_.fail("more than 33554432 values in the memo");
  // No pickler gives a number twice; where one does, what read_fast() knows by number no longer holds.
  if (at < memo_.size()) fast_ = false;
  memo_.put(static_cast<std::uint32_t>(at), top());
  if (top().kind == Kind::traceback) {
    known_.put(static_cast<std::uint32_t>(at), snapshot::TracebackId{static_cast<std::uint32_t>(top().payload)});
  }
}

void Machine::get(std::uint64_t at) {
  const bool possible = at < memo_.size();
  const Value value = possible ? memo_.get(static_cast<std::uint32_t>(at)) : Value{Kind::forgotten};
  if (value.kind == Kind::forgotten) {
    if (possible && memo_.lean()) throw NotLean{};
    in_.fail("memo number " + std::to_string(at) + " was never put");
  }
  push(value);
}

std::uint64_t Machine::memo_number_line() {
  const std::string_view line = in_.line();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc{} || end != line.data() + line.size()) in_.fail("a memo number is not a number");
  return number;
}

}  // namespace formats::tracemalloc
