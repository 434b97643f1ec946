#include "recorder/python/current_thread.h"

#include <doctest/doctest.h>

using snapshot::recorder::slot_of_current_thread;

// Functions as compilers make CPython's.

extern "C" {
int g_something;
void* g_current = &g_something;
struct {
  void* other;
  void* current;
} g_runtime{nullptr, &g_something};
void* g_runtime_address = &g_runtime;
}

namespace {

[[gnu::naked]] void* of_variable() { asm("movq g_current(%rip), %rax\n\tret"); }

[[gnu::naked]] void* of_field() {
  asm("movq g_runtime_address(%rip), %rax\n\t.byte 0x48, 0x8b, 0x80, 8, 0, 0, 0\n\tret");  // movq 8(%rax), %rax
}

[[gnu::naked]] void* of_thread() {
  asm("endbr64\n\t.byte 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0\n\tret");  // movq %fs:0, %rax
}

[[gnu::naked]] void* of_another_form() { asm("movq g_current(%rip), %rax\n\tnop\n\tret"); }

[[gnu::naked]] void* of_a_long_form() { asm("pushq %rbp\n\tmovq g_current(%rip), %rax\n\tpopq %rbp\n\tret"); }

}  // namespace

TEST_CASE("where a function reads what it returns is found from its code") {
  CHECK(slot_of_current_thread(of_variable) == &g_current);
  CHECK(slot_of_current_thread(of_field) == &g_runtime.current);
  void* const* const of_this_thread = slot_of_current_thread(of_thread);
  REQUIRE(of_this_thread != nullptr);
  CHECK(*of_this_thread == of_thread());
}

TEST_CASE("another form of code is not taken for one that is known") {
  CHECK(slot_of_current_thread(of_another_form) == nullptr);
  CHECK(slot_of_current_thread(of_a_long_form) == nullptr);
}
