#pragma once

#include <snapshot/output_file.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace formats::tracemalloc {

/// The opcodes that a dump needs, by pickletools' names.
enum class Opcode : char {
  append_all = 'e',  // APPENDS
  build = 'b',
  empty_dict = '}',
  empty_list = ']',
  empty_tuple = ')',
  mark = '(',
  newobj = '\x81',
  none = 'N',
  set_item = 's',   // SETITEM
  set_items = 'u',  // SETITEMS
  global = '\x93',  // STACK_GLOBAL
  tuple = 't',
  tuple1 = '\x85',
  tuple2 = '\x86',
  tuple3 = '\x87',
};

/// Writes a pickle of protocol 4, in FRAMEs of about 64 KiB as CPython does.
class PickleOutput {
 public:
  explicit PickleOutput(snapshot::ByteSink& sink);

  void add(Opcode opcode) { frame_ += static_cast<char>(opcode); }
  void add(std::int64_t value);  ///< an int, in the fewest bytes
  void add(std::string_view text);

  /// Gives the value on top of the stack the next number.
  std::uint32_t memoize() {
    frame_ += '\x94';
    return memoized_++;
  }

  /// The value that memoize() gave this number.
  void get(std::uint32_t number);

  /// To be called now and then between opcodes: hands over a frame that is full.
  void flush_full() {
    if (frame_.size() >= kFullFrame) flush();
  }

  /// Ends the pickle.
  void stop();

 private:
  static constexpr std::size_t kFullFrame = std::size_t{1} << 16U;

  void append_number(std::uint64_t value, std::size_t bytes);  // little-endian
  void flush();

  snapshot::ByteSink& sink_;
  std::string frame_;
  std::uint32_t memoized_ = 0;
};

}  // namespace formats::tracemalloc
