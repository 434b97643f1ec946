#include "recorder/machine_stack.h"

#include "recorder/system.h"

extern "C" void* __libc_stack_end __attribute__((weak));  // of the dynamic linker: sp when the program began

namespace snapshot::recorder {
namespace {

/// Reads "begin-end " at the front of each line, in pieces: the file may be long, and this may run on a small stack.
class MapsReader {
 public:
  explicit MapsReader(std::uint64_t wanted) : wanted_(wanted) {}

  /// True when the mapping was found.
  bool feed(char c) {
    if (c == '\n') {
      field_ = 0;
      begin = end = 0;
      return false;
    }
    if (field_ > 1) return false;
    if (c == '-' || c == ' ') {
      ++field_;
      return field_ == 2 && begin <= wanted_ && wanted_ < end;
    }
    const auto digit = static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    std::uint64_t& number = field_ == 0 ? begin : end;
    number = number * 16 + digit;
    return false;
  }

  std::uint64_t begin = 0;
  std::uint64_t end = 0;

 private:
  std::uint64_t wanted_;
  unsigned field_ = 0;
};

}  // namespace

void find_machine_stack(std::uint64_t sp, std::uint64_t& begin, std::uint64_t& end) {
  const KeepErrno keep;
  begin = sp;
  end = sp;
  const int descriptor = open_file("/proc/self/maps");
  if (descriptor < 0) return;
  MapsReader reader(sp);
  char piece[512];
  bool found = false;
  while (!found) {
    const long size = read_some(descriptor, piece, sizeof piece);
    if (size <= 0) break;
    for (long i = 0; i < size && !found; ++i) found = reader.feed(piece[i]);
  }
  close_file(descriptor);
  if (!found) return;
  begin = reader.begin;
  end = reader.end;
}

std::uint64_t own_machine_stack_end(bool is_first_thread) {
  if (is_first_thread && &__libc_stack_end != nullptr) return reinterpret_cast<std::uint64_t>(__libc_stack_end) + 8;
  return reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
}

}  // namespace snapshot::recorder
