#include "recorder/python/current_thread.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

extern "C" void* __tls_get_addr(void* index);  // the C library's, for code that compilers make

namespace snapshot::recorder {
namespace {

/// Code of x86-64, read from the front.
class Code {
 public:
  explicit Code(void* (*function)()) : at_(reinterpret_cast<const unsigned char*>(function)) {}

  /// Passes over these bytes, if they are next.
  bool skip(const char* bytes, std::size_t size) {
    if (memcmp(at_, bytes, size) != 0) return false;
    at_ += size;
    return true;
  }

  std::int32_t number() {
    std::int32_t value = 0;
    memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  /// An address that is given as its distance from the end of the instruction, which it is the last part of.
  const unsigned char* address() {
    const std::int32_t distance = number();
    return at_ + distance;
  }

 private:
  const unsigned char* at_;
};

template <std::size_t kSize>
bool skip(Code& code, const char (&bytes)[kSize]) {
  return code.skip(bytes, kSize - 1);
}

const unsigned char* thread_pointer() {
  const unsigned char* pointer = nullptr;
  asm("movq %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

const void* decoded_slot(void* (*function)()) {
  Code code(function);
  skip(code, "\xf3\x0f\x1e\xfa");    // endbr64
  if (skip(code, "\x48\x8b\x05")) {  // mov DISTANCE(%rip), %rax
    const unsigned char* const variable = code.address();
    if (skip(code, "\xc3")) return variable;  // ret: it is the variable
    const unsigned char* runtime = nullptr;   // else where _PyRuntime is, of which it is a field
    memcpy(&runtime, variable, sizeof runtime);
    if (!skip(code, "\x48\x8b\x80")) return nullptr;  // mov OFFSET(%rax), %rax
    const std::int32_t offset = code.number();
    return skip(code, "\xc3") ? runtime + offset : nullptr;
  }
  if (skip(code, "\x64\x48\x8b\x04\x25")) {  // mov %fs:OFFSET, %rax
    const std::int32_t offset = code.number();
    return skip(code, "\xc3") ? thread_pointer() + offset : nullptr;
  }
  if (!skip(code, "\x48\x83\xec\x08") || !skip(code, "\x66\x48\x8d\x3d"))
    return nullptr;  // sub $8, %rsp; lea INDEX, %rdi
  auto* const index = const_cast<unsigned char*>(code.address());
  if (!skip(code, "\x66\x66\x48\xe8")) return nullptr;  // call __tls_get_addr
  code.number();
  if (!skip(code, "\x48\x8b\x00\x48\x83\xc4\x08\xc3")) return nullptr;  // mov (%rax), %rax; add $8, %rsp; ret
  return __tls_get_addr(index);
}

}  // namespace

void* const* slot_of_current_thread(void* (*function)()) {
  const auto* const slot = static_cast<void* const*>(decoded_slot(function));
  return slot != nullptr && *slot == function() ? slot : nullptr;
}

}  // namespace snapshot::recorder
