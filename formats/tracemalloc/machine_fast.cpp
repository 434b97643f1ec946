#include "machine.h"

#include <cstring>

namespace formats::tracemalloc {
namespace {

/// Opcodes of small arguments, straight from the window. What does not look as expected leaves `ok` false, and the caller
/// does nothing: the ordinary machine then takes the same bytes one operation after the other.
class Tokens {
 public:
  explicit Tokens(const char* at) : at_(at) {}

  void expect(unsigned char opcode) { ok_ = ok_ & (static_cast<unsigned char>(*at_++) == opcode); }

  std::uint32_t integer() {
    switch (*at_) {
      case 'K': return take<std::uint8_t>();
      case 'M': return take<std::uint16_t>();
      case 'J': return take<std::uint32_t>();  // signed: the caller checks
      default: ok_ = false; return 0;
    }
  }

  std::uint32_t memo_number() {
    switch (*at_) {
      case 'h': return take<std::uint8_t>();
      case 'j': return take<std::uint32_t>();
      default: ok_ = false; return 0;
    }
  }

  bool ok() const { return ok_; }
  const char* at() const { return at_; }

 private:
  template <typename Number>
  std::uint32_t take() {
    Number number;
    std::memcpy(&number, at_ + 1, sizeof number);
    at_ += 1 + sizeof number;
    return number;
  }

  const char* at_;
  bool ok_ = true;
};

constexpr unsigned char kMark = '(';
constexpr unsigned char kTuple = 't';
constexpr unsigned char kTuple2 = 0x86;
constexpr unsigned char kMemoize = 0x94;
constexpr std::size_t kLongest = 32;  // bytes that a shape can take, and more

constexpr std::int64_t kMaxSigned32 = 0x7FFFFFFF;

}  // namespace

/// Whether one more trace or frame stays clear of every cap, whose messages are the ordinary machine's.
bool Machine::has_room() const {
  constexpr std::size_t kFar = std::size_t{1} << 24U;
  return stack_.size() < kFar && builder_.trace_count() < (std::size_t{1} << 30U) && memo_.size() < (std::size_t{1} << 31U);
}

/// ( domain size traceback total_nframe TUPLE MEMOIZE, with a traceback from the memo: 15 to 23 bytes.
bool Machine::read_trace() {
  ByteReader& bytes = in_.raw();
  if (!bytes.ensure(kLongest) || bytes.window()[0] != kMark) return false;
  Tokens tokens(bytes.window().data());
  tokens.expect(kMark);
  const std::uint32_t domain = tokens.integer();
  const std::uint32_t size = tokens.integer();
  const std::uint32_t traceback_number = tokens.memo_number();
  if (!tokens.ok()) return false;
  const std::uint32_t total_nframe = tokens.integer();
  tokens.expect(kTuple);
  tokens.expect(kMemoize);
  const bool in_range = domain <= kMaxSigned32 && size <= kMaxSigned32 && total_nframe <= kMaxSigned32;
  if (!tokens.ok() || !in_range) return false;
  const Value traceback = memo_.get(traceback_number);
  if (traceback.kind != Kind::traceback || !has_room()) return false;

  push({Kind::trace, tuples_.add_trace(domain, size, snapshot::TracebackId{static_cast<std::uint32_t>(traceback.payload)},
                                       total_nframe)});
  memo_.put(static_cast<std::uint32_t>(memo_.size()), stack_.back());
  bytes.advance(static_cast<std::size_t>(tokens.at() - bytes.window().data()));
  return true;
}

/// filename lineno TUPLE2 MEMOIZE, with a file name from the memo: 6 to 12 bytes.
bool Machine::read_frame() {
  ByteReader& bytes = in_.raw();
  if (!bytes.ensure(kLongest)) return false;
  Tokens tokens(bytes.window().data());
  const std::uint32_t filename_number = tokens.memo_number();
  if (!tokens.ok()) return false;
  const std::uint32_t lineno = tokens.integer();
  tokens.expect(kTuple2);
  tokens.expect(kMemoize);
  if (!tokens.ok() || lineno > kMaxSigned32) return false;
  const Value filename = memo_.get(filename_number);
  if (filename.kind != Kind::text || !has_room()) return false;

  const auto id = snapshot::StringId{static_cast<std::uint32_t>(filename.payload)};
  push({Kind::frame, row(builder_.symbols().intern(snapshot::Frame{id, lineno}))});
  memo_.put(static_cast<std::uint32_t>(memo_.size()), stack_.back());
  bytes.advance(static_cast<std::size_t>(tokens.at() - bytes.window().data()));
  return true;
}

}  // namespace formats::tracemalloc
