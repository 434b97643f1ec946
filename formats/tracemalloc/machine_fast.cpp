#include "machine.h"

#include <array>
#include <cstring>

namespace formats::tracemalloc {
namespace {

/// How an opcode with a small argument stands in the file: the length of both, and which bits of the next four bytes
/// are the argument. By opcode; a length of 0 is some other opcode.
struct Argument {
  std::uint32_t mask = 0;
  std::uint32_t length = 0;
};
using Arguments = std::array<Argument, 256>;

constexpr Arguments make_integers() {
  Arguments arguments{};
  arguments['K'] = {0xFF, 2};        // BININT1
  arguments['M'] = {0xFFFF, 3};      // BININT2
  arguments['J'] = {0xFFFFFFFF, 5};  // BININT: signed, so that the caller checks
  return arguments;
}

constexpr Arguments make_memo_numbers() {
  Arguments arguments{};
  arguments['h'] = {0xFF, 2};        // BINGET
  arguments['j'] = {0xFFFFFFFF, 5};  // LONG_BINGET
  return arguments;
}

constexpr Arguments kIntegers = make_integers();
constexpr Arguments kMemoNumbers = make_memo_numbers();

/// Takes an argument and moves `at` past it; false where another opcode stands. Looked up, not decided: whether a size
/// takes one byte or two is as good as random, and a branch on it would be guessed wrong as often.
inline bool take(const Arguments& arguments, const char*& at, std::uint32_t& value) {
  const Argument argument = arguments[static_cast<unsigned char>(*at)];
  std::memcpy(&value, at + 1, sizeof value);
  value &= argument.mask;
  at += argument.length;
  return argument.length != 0;
}

/// The same, by a branch on the opcode that is nearly always the one: the processor then need not wait for the length
/// of this argument to begin with the next.
inline bool take_likely(unsigned char opcode, std::size_t width, const Arguments& arguments, const char*& at,
                        std::uint32_t& value) {
  if (static_cast<unsigned char>(*at) != opcode) return take(arguments, at, value);
  value = 0;
  std::memcpy(&value, at + 1, width);
  at += 1 + width;
  return true;
}

/// Takes two opcodes without arguments.
inline bool take(char first, char second, const char*& at) {
  const bool found = at[0] == first && at[1] == second;
  at += 2;
  return found;
}

/// The fields of a trace as they stand in the file; `traceback` is its number in the memo.
struct DecodedTrace {
  const char* start;
  std::uint32_t domain;
  std::uint32_t size;
  std::uint32_t traceback;
  std::uint32_t total_nframe;
};

constexpr char kMark = '(';
constexpr char kTuple = 't';
constexpr char kTuple2 = '\x86';
constexpr char kMemoize = '\x94';
constexpr std::size_t kLongest = 32;  // bytes that a shape can take, and more

constexpr std::uint32_t kMaxSigned32 = 0x7FFFFFFF;

/// Decodes a trace with a traceback from the memo, 15 to 23 bytes: ( domain size traceback total_nframe TUPLE MEMOIZE.
/// Moves `at` past it, or returns false.
inline bool decode_trace(const char*& at, DecodedTrace& trace) {
  if (*at != kMark) return false;
  const char* next = at + 1;
  const bool found = take_likely('K', 1, kIntegers, next, trace.domain) && take(kIntegers, next, trace.size) &&
                     take_likely('j', 4, kMemoNumbers, next, trace.traceback) &&
                     take_likely('K', 1, kIntegers, next, trace.total_nframe) && take(kTuple, kMemoize, next);
  if (!found || (trace.domain | trace.size | trace.total_nframe) > kMaxSigned32) return false;
  trace.start = at;
  at = next;
  return true;
}

}  // namespace

/// How many more traces and frames stay clear of every cap, whose messages are the ordinary machine's.
std::size_t Machine::room() const {
  constexpr std::size_t kFar = std::size_t{1} << 24U;
  constexpr std::size_t kFarRow = std::size_t{1} << 30U;
  const bool far = stack_.size() < kFar && builder_.trace_count() < kFarRow && memo_.size() < kFarRow;
  return far ? batch_.size() : 0;
}

// The two that look into the memo stay functions of their own: inlined, they took the registers from the loops below.

[[gnu::noinline]] std::optional<snapshot::TracebackId> Machine::find_traceback(std::uint32_t memo_number) {
  const Value traceback = memo_.get(memo_number);
  if (traceback.kind != Kind::traceback) return std::nullopt;
  const auto id = snapshot::TracebackId{static_cast<std::uint32_t>(traceback.payload)};
  known_.put(memo_number, id);
  return id;
}

[[gnu::noinline]] std::optional<snapshot::FrameId> Machine::find_frame(std::uint32_t memo_number,
                                                                       std::uint32_t lineno) {
  const Value filename = memo_.get(memo_number);
  if (filename.kind != Kind::text) return std::nullopt;
  const auto name = snapshot::StringId{static_cast<std::uint32_t>(filename.payload)};
  const snapshot::FrameId frame = tuples_.intern_frame(name, lineno, in_.offset());
  known_.put(memo_number, lineno, frame);
  return frame;
}

/// Puts values on the stack, and into the memo as MEMOIZE does.
void Machine::push_memoized(std::span<const Value> values) {
  stack_.append(values);
  memo_.append(values);
}

/// Decodes a batch and then applies it: all the look-ups of a batch, which miss the caches, can then be under way
/// together.
bool Machine::read_traces() {
  ByteReader& bytes = in_.raw();
  const char* const start = bytes.window().data();
  const char* const last = start + bytes.window().size() - kLongest;
  std::array<DecodedTrace, kBatch> traces;  // not initialised: this runs once for every mark
  const char* at = start;
  std::size_t decoded = 0;
  for (const std::size_t most = room(); decoded < most && at <= last && decode_trace(at, traces[decoded]); ++decoded) {
    known_.prefetch_traceback(traces[decoded].traceback);
  }
  if (decoded < kBatch) traces[decoded].start = at;  // where the batch ends, or what was not decoded begins

  std::size_t count = 0;
  for (; count < decoded; ++count) {
    const DecodedTrace& trace = traces[count];
    auto traceback = known_.traceback(trace.traceback);
    if (!traceback) traceback = find_traceback(trace.traceback);
    if (!traceback) break;
    batch_[count] = tuples_.add_trace(builder_.total(*traceback, trace.total_nframe, trace.domain), trace.size);
  }
  if (count == 0) return false;
  push_memoized(std::span(batch_).first(count));
  bytes.advance(static_cast<std::size_t>((count < kBatch ? traces[count].start : at) - start));
  return true;
}

/// Frames with a file name from the memo, 6 to 12 bytes each: filename lineno TUPLE2 MEMOIZE.
bool Machine::read_frames() {
  ByteReader& bytes = in_.raw();
  const char* const start = bytes.window().data();
  const char* const last = start + bytes.window().size() - kLongest;
  const char* at = start;
  std::size_t count = 0;
  for (const std::size_t most = room(); count < most && at <= last; ++count) {
    const char* next = at;
    std::uint32_t filename = 0;
    std::uint32_t lineno = 0;
    if (!take(kMemoNumbers, next, filename) || !take(kIntegers, next, lineno) || !take(kTuple2, kMemoize, next)) break;
    if (lineno > kMaxSigned32) break;
    auto frame = known_.frame(filename, lineno);
    if (!frame) frame = find_frame(filename, lineno);
    if (!frame) break;
    batch_[count] = {Kind::frame, row(*frame)};
    at = next;
  }
  if (count == 0) return false;
  push_memoized(std::span(batch_).first(count));
  bytes.advance(static_cast<std::size_t>(at - start));
  return true;
}

/// The front of a trace whose traceback follows: ( domain size (.
bool Machine::read_trace_front() {
  const char* const start = in_.raw().window().data();
  const char* at = start + 1;
  std::uint32_t domain = 0;
  std::uint32_t size = 0;
  const bool found = take(kIntegers, at, domain) && take(kIntegers, at, size) && *at == kMark;
  if (!found || (domain | size) > kMaxSigned32) return false;
  in_.jump(static_cast<std::size_t>(at + 1 - start));
  mark();
  push({Kind::integer, domain});
  push({Kind::integer, size});
  mark();
  return true;
}

/// The end of a traceback, TUPLE MEMOIZE, and of the trace around it if that is all it lacks: total_nframe TUPLE
/// MEMOIZE.
bool Machine::read_tuple_ends() {
  const char* const start = in_.raw().window().data();
  const char* at = start;
  if (!take(kTuple, kMemoize, at)) return false;
  const char* const inner = at;
  std::uint32_t total_nframe = 0;
  const bool both = take(kIntegers, at, total_nframe) && take(kTuple, kMemoize, at) && total_nframe <= kMaxSigned32;
  in_.jump(static_cast<std::size_t>((both ? at : inner) - start));
  make_tuple_above_mark();
  put(memo_.size());
  if (!both) return true;
  push({Kind::integer, total_nframe});
  make_tuple_above_mark();
  put(memo_.size());
  return true;
}

bool Machine::read_fast() {
  ByteReader& bytes = in_.raw();
  if (!fast_ || !bytes.ensure(kLongest)) return false;
  switch (bytes.window()[0]) {
    case kMark: return read_traces() || read_trace_front();
    case kTuple: return read_tuple_ends();
    case 'h':
    case 'j': return read_frames();
    default: return false;
  }
}

}  // namespace formats::tracemalloc
