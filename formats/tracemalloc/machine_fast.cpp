#include "machine.h"

#include <array>
#include <bit>
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
inline bool take(unsigned char first, unsigned char second, const char*& at) {
  const bool found = static_cast<unsigned char>(at[0]) == first && static_cast<unsigned char>(at[1]) == second;
  at += 2;
  return found;
}

static_assert(std::endian::native == std::endian::little, "pickle's integers are read as they stand");

/// The fields of a trace as they stand in the file; `traceback` is its number in the memo.
struct DecodedTrace {
  const char* start;
  std::uint32_t domain;
  std::uint32_t size;
  std::uint32_t traceback;
  std::uint32_t total_nframe;
};

constexpr char kMark = '(';
constexpr unsigned char kTuple = 't';
constexpr unsigned char kTuple2 = 0x86;
constexpr unsigned char kMemoize = 0x94;
constexpr std::size_t kLongest = 32;  // bytes that a shape can take, and more

constexpr std::uint32_t kSpread = 0x9E3779B1;

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

/// The traceback in the memo; nothing if there is something else.
inline std::optional<snapshot::TracebackId> Machine::traceback_of(std::uint32_t memo_number) {
  const KnownTraceback known = known_tracebacks_[memo_number % kKnownTracebacks];
  if (known.memo_number == memo_number && known.traceback_plus_one != 0) {
    return snapshot::TracebackId{known.traceback_plus_one - 1};
  }
  const Value traceback = memo_.get(memo_number);
  if (traceback.kind != Kind::traceback) return std::nullopt;
  know_traceback(memo_number, traceback);
  return snapshot::TracebackId{static_cast<std::uint32_t>(traceback.payload)};
}

void Machine::know_traceback(std::uint32_t memo_number, Value traceback) {
  known_tracebacks_[memo_number % kKnownTracebacks] = {memo_number, static_cast<std::uint32_t>(traceback.payload) + 1};
}

std::optional<snapshot::FrameId> Machine::find_frame(std::uint32_t memo_number, std::uint32_t lineno) {
  const Value filename = memo_.get(memo_number);
  if (filename.kind != Kind::text) return std::nullopt;
  const auto id = snapshot::StringId{static_cast<std::uint32_t>(filename.payload)};
  const snapshot::FrameId frame = builder_.symbols().intern(snapshot::Frame{id, lineno});
  known_frames_[(memo_number * kSpread + lineno) % kKnownFrames] = {memo_number, lineno, row(frame) + 1};
  return frame;
}

/// The frame for the file name in the memo; nothing if there is none.
inline std::optional<snapshot::FrameId> Machine::frame_of(std::uint32_t memo_number, std::uint32_t lineno) {
  const KnownFrame known = known_frames_[(memo_number * kSpread + lineno) % kKnownFrames];
  if (known.memo_number == memo_number && known.lineno == lineno && known.frame_plus_one != 0) {
    return snapshot::FrameId{known.frame_plus_one - 1};
  }
  return find_frame(memo_number, lineno);
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
    __builtin_prefetch(&known_tracebacks_[traces[decoded].traceback % kKnownTracebacks]);
  }
  if (decoded < kBatch) traces[decoded].start = at;  // where the batch ends, or what was not decoded begins

  std::size_t count = 0;
  for (; count < decoded; ++count) {
    const DecodedTrace& trace = traces[count];
    const auto traceback = traceback_of(trace.traceback);
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
    const auto frame = frame_of(filename, lineno);
    if (!frame) break;
    batch_[count] = {Kind::frame, row(*frame)};
    at = next;
  }
  if (count == 0) return false;
  push_memoized(std::span(batch_).first(count));
  bytes.advance(static_cast<std::size_t>(at - start));
  return true;
}

bool Machine::read_fast() {
  ByteReader& bytes = in_.raw();
  if (!fast_ || !bytes.ensure(kLongest)) return false;
  switch (bytes.window()[0]) {
    case kMark: return read_traces();
    case 'h':
    case 'j': return read_frames();
    default: return false;
  }
}

}  // namespace formats::tracemalloc
