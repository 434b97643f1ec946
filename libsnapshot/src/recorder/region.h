#pragma once

#include "recorder/python/code_rows.h"
#include "recorder/python/small_rows.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

// The region: everything that the recorder knows, in one file that the recorded program and its reader both map. The
// program alone writes it, but for what is said to be the reader's; it outlives the program, however that ends. Plain
// memory: no pointers (offsets from its start), no constructors; all zero is a valid start of each part.
//
// The file is sparse: its size is that of the address space, and pages are made when the program first needs them.
// Such a file never leaves the machine and is read by the version that wrote it alone (kRegionVersion).

namespace snapshot::recorder {

inline constexpr std::uint64_t kRegionMagic = 0x6e6f69676572'6d74;  // "tmregion"
inline constexpr std::uint32_t kRegionVersion = 2;

inline constexpr std::size_t kShards = 64;
inline constexpr std::size_t kMaxNodes = std::size_t{1} << 24;
inline constexpr std::size_t kMaxThreads = (1 << 14) - 1;  // that a Slot can name
inline constexpr std::size_t kCounterSlots = 1024;
inline constexpr std::size_t kMaxModules = 4096;
inline constexpr std::size_t kMaxDomains = 256;
inline constexpr std::size_t kMaxMetrics = 128;
inline constexpr std::size_t kMaxFilters = 64;
inline constexpr std::size_t kIndexGenerations = 13;  // of 2^13 to 2^25 entries
inline constexpr std::size_t kNodesAtOnce = 4096;     // rows for which memory is asked at a time: 64 KiB

inline constexpr unsigned kAddressBits = 48;
inline constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << kAddressBits) - 1;

enum class State : std::uint32_t {
  created = 0,    ///< by its creator; no program has come yet
  recording = 1,  ///< allocations are entered
  paused = 2,     ///< new allocations are not entered, frees are
  full = 3,       ///< as paused, for ever, because there is no more memory (Header::full_reason)
  stopped = 4,    ///< nothing is entered any more: the program said stop(), or another image took its place by exec
  refused = 5,    ///< the program could not be recorded (Header::refusal)
};

enum class FullReason : std::uint32_t { none = 0, table = 1, nodes = 2, memory = 3 };

/// What the program asks of the reader, as bits of Header::requests.
enum Request : std::uint32_t {
  kRequestPeak = 1,      ///< traced memory falls from a new peak: the program holds itself until the copy is made
  kRequestSnapshot = 2,  ///< take_snapshot(): write one to snapshot_path
  kRequestSignal = 4,    ///< the signal of Settings::signal came
};

/// How to record. Written by the creator before the program comes, and not changed afterwards.
struct Settings {
  std::uint32_t traceback_limit;    ///< frames that a snapshot keeps of a traceback
  std::uint32_t signal;             ///< asks for a snapshot; 0: none
  std::uint64_t sampling_interval;  ///< mean bytes from one sampled block to the next; 0: every block
  std::uint32_t follow_fork;        ///< 1: a forked child, and what it execs, goes on in a region of its own
  std::uint32_t start_paused;       ///< 1
  std::uint32_t want_peak;          ///< 1: kRequestPeak is wanted
  std::uint32_t python;             ///< 1: frames of Python are recorded, where the program has a CPython
  std::uint32_t native;             ///< 1: with native frames beneath them
  std::uint64_t max_slots;          ///< of the table, all shards together; a power of two
};

/// A filter at capture, by the file of the most recent frame: the path of the module of native code, the source of
/// Python's.
struct CaptureFilter {
  std::atomic<std::uint32_t> used;
  std::uint32_t inclusive;
  std::uint32_t lineno;      ///< of Python's frame; 0: any
  std::uint32_t all_frames;  ///< 1: any of Python's frames may match
  char pattern[248];         ///< as fnmatch: * ? [..]
};

/// A part of the live-block table: open addressing with linear probing, at slots_offset + index * shard_stride.
struct alignas(64) Shard {
  std::atomic<std::uint32_t> lock;
  std::atomic<std::uint32_t> version;   ///< odd while the slots are moved to more room
  std::atomic<std::uint64_t> capacity;  ///< slots
  std::atomic<std::uint64_t> used;      ///< blocks
  /// Slots of the old table, which lie in the scratch area while the shard moves and are then the truth; else 0.
  std::atomic<std::uint64_t> in_scratch;
  std::atomic<std::uint32_t> cleared;  ///< behind Header::clear: all blocks here are to be forgotten
};

/// A live block, as Block has it. Zero `key` is an empty slot. A reader may see a block twice where the program died
/// while it moved one.
struct Slot {
  std::atomic<std::uint64_t> key;
  std::atomic<std::uint64_t> value;
};

/// What a Slot says of a live block.
struct Block {
  /// Address (48 bits), kDomainBit in a domain other than 0, kTaggedBit when the node is a tag, and << kThreadShift the
  /// thread's row, counted from 1, or 0 for one that is not known (14 bits).
  std::uint64_t key;
  std::uint64_t value;  ///< size (40 bits) and << kNodeShift the node (24 bits)

  static constexpr std::uint64_t kDomainBit = std::uint64_t{1} << 48;
  static constexpr std::uint64_t kTaggedBit = std::uint64_t{1} << 49;
  static constexpr unsigned kThreadShift = 50;
  static constexpr std::uint64_t kThreadMask = ~std::uint64_t{0} << kThreadShift;
  static constexpr unsigned kSizeBits = 40;
  static constexpr std::uint64_t kSizeMask = (std::uint64_t{1} << kSizeBits) - 1;
  static constexpr unsigned kNodeShift = 40;

  std::uint64_t address() const { return key & kAddressMask; }
  bool is_tagged() const { return (key & kTaggedBit) != 0; }
  std::uint32_t thread() const { return static_cast<std::uint32_t>(key >> kThreadShift); }
  std::uint64_t size() const { return value & kSizeMask; }  ///< but for what a tag adds
  std::uint32_t node() const { return static_cast<std::uint32_t>(value >> kNodeShift); }
  friend bool operator==(const Block&, const Block&) = default;
};

/// A frame of a traceback, whose older frames are its parents'. Row 0 is the root, the parent of oldest frames.
struct Node {
  /// Return address (48 bits) and << kModuleShift the row of its module + 1, or 0 for an address in none. kTagModule
  /// there marks a node that is no frame but says more of the block, as Tag has it.
  std::atomic<std::uint64_t> frame;
  std::atomic<std::uint32_t> parent;
  std::atomic<std::uint32_t> flags;  ///< NodeFlag, and << 8 bits of the hash of its path (call_nodes.cpp)
};

inline constexpr unsigned kModuleShift = 48;
inline constexpr std::uint64_t kTagModule = 0xffff;

constexpr std::uint64_t module_of(std::uint64_t frame) { return frame >> kModuleShift; }
constexpr std::uint64_t code_address(std::uint64_t frame) { return frame & kAddressMask; }
constexpr bool is_tag(std::uint64_t frame) { return module_of(frame) == kTagModule; }
constexpr bool is_native(std::uint64_t frame) { return module_of(frame) < kCodeModule; }

/// What the tag above a block's traceback says of it.
struct Tag {
  std::uint64_t frame;  ///< of its Node: the domain's row (32 bits) and << kSizeShift bits 40 and up of the size

  static constexpr unsigned kSizeShift = 32;
  static constexpr std::uint32_t kSizeMask = 0xffff;

  static constexpr Tag of(std::uint32_t domain, std::uint32_t size_high) {
    return {kTagModule << kModuleShift | std::uint64_t{size_high & kSizeMask} << kSizeShift | domain};
  }
  std::uint32_t domain() const { return static_cast<std::uint32_t>(frame); }  ///< row of Header::domains
  std::uint32_t size_high() const { return static_cast<std::uint32_t>(frame >> kSizeShift) & kSizeMask; }
};

/// The bytes of a block whose tag has these bits; 0 where it has none.
inline std::uint64_t whole_size(const Block& block, std::uint32_t size_high) {
  return block.size() | std::uint64_t{size_high} << Block::kSizeBits;
}

enum NodeFlag : std::uint32_t {
  kNodeExact = 1,     ///< `frame` is an interrupted instruction, not the return address behind a call
  kNodeExcluded = 2,  ///< blocks that end here are left out by a filter
  kNodeGone = 4,      ///< the module was unloaded: what lies there now is another frame
  kNodeCut = 8,       ///< older frames than this one were not looked at
};

struct ThreadRow {
  std::atomic<std::uint32_t> id;  ///< the system's; 0: not there
  char name[16];                  ///< when it was first seen
};

/// What threads add up; each living thread has one, the last is shared. Sums of all are the truth.
struct alignas(64) CounterSlot {
  std::atomic<std::int64_t> pending;      ///< traced bytes that Header::traced does not have yet
  std::atomic<std::int64_t> pending_max;  ///< the most that `pending` was since it was last taken over
  std::atomic<std::uint64_t> allocations;
  std::atomic<std::uint64_t> frees;
  std::atomic<std::uint64_t> allocated;  ///< bytes, ever
};

enum class ModuleState : std::uint32_t { being_written = 0, loaded = 1, gone = 2 };

struct ModuleRow {
  std::atomic<ModuleState> state;
  std::uint32_t build_id_size;
  std::uint64_t start;  ///< first address
  std::uint64_t end;    ///< one behind the last
  std::uint64_t bias;   ///< what is added to the file's addresses
  unsigned char build_id[32];
  char path[448];
};

struct DomainRow {
  std::atomic<std::uint32_t> used;
  std::uint32_t id;
  char name[56];
};

struct MetricRow {
  std::atomic<std::uint32_t> version;  ///< odd while written; 0: not there
  std::uint32_t is_real;               ///< 1: `bits` are those of a double
  std::atomic<std::uint64_t> bits;
  char name[48];
  char format[16];
};

/// Of the program's CPython.
struct PythonPart {
  std::atomic<std::uint32_t> minor;          ///< of version 3; 0: no frames of Python are recorded
  std::atomic<std::uint32_t> malloc_domain;  ///< row that the malloc family's blocks are in; 0: as in other programs
  LineTable line_table;
  std::atomic<std::uint32_t> lock;
  std::atomic<std::uint32_t> code_count;   ///< rows
  std::atomic<std::uint32_t> text_used;    ///< in kTextUnit
  char version[32];                        ///< "3.11.7"
  std::atomic<std::uint32_t> type_count;   ///< numbers that are given, with 0
  std::atomic<std::uint32_t> large_types;  ///< rows that hold
  std::uint32_t type_names[kMaxTypes];     ///< texts
  SmallPart small;
};

struct Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t header_size;

  std::uint64_t region_size;   ///< bytes
  std::uint64_t shard_stride;  ///< bytes from one shard's slots to the next one's

  Settings settings;

  std::atomic<State> state;  ///< readers too may set `recording` to `paused` and back
  std::atomic<FullReason> full_reason;
  std::atomic<std::uint32_t> claimed;  ///< 1: a program's recorder came; a second one in the program keeps away
  std::atomic<std::uint32_t> clear;    ///< counts requests to forget all blocks; readers count it up too

  // The process.
  std::atomic<std::uint32_t> pid;
  std::uint64_t image;         ///< random, of the program that runs in the process since its last exec
  std::uint32_t sequence;      ///< counts the regions of the process: each exec has the next
  std::uint32_t command_size;  ///< bytes of `command`
  std::int32_t descriptor;     ///< of the file in the process, + 1, where it has no name; 0: it has
  std::int64_t start_time;     ///< when recording began: nanoseconds since 1970-01-01T00:00:00Z
  char session[64];            ///< the front of the names of all regions of one tmrecord
  char directory[256];         ///< where regions of children and later images go
  char executable[1024];       ///< path
  char command[8192];          ///< the arguments, each ended by a zero byte; may be cut
  char refusal[256];           ///< why, when refused

  // Holding: a reader sets `hold_until`, calls membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED), for which the program is
  // registered, and then waits for each Shard's lock to be free once. While the time is before `hold_until`, no
  // update begins. Whoever waits too long goes on and counts the broken hold.
  alignas(64) std::atomic<std::uint64_t> hold_until;  ///< nanoseconds of CLOCK_MONOTONIC; 0: not held
  std::atomic<std::uint32_t> hold_wake;               ///< futex, changed when a hold ends
  std::atomic<std::uint32_t> holds_broken;
  std::atomic<std::uint32_t> forking;  ///< not 0: for a child that copies the region, and the hold is the program's own

  // Asking the reader.
  alignas(64) std::atomic<std::uint32_t> requests;  ///< bits of Request; futex
  std::atomic<std::uint32_t> requests_done;         ///< futex, counted up by the reader after each that it took
  std::atomic<std::uint32_t> reader;                ///< pid of the tmrecord that watches, or 0
  std::atomic<std::uint32_t> snapshot_status;       ///< of kRequestSnapshot: 1 written, 2 failed
  char snapshot_path[1024];

  // Traced memory: bytes of all live blocks, now and at most, less what CounterSlots still have.
  alignas(64) std::atomic<std::int64_t> traced;
  std::atomic<std::int64_t> peak;
  std::atomic<std::int64_t> captured_peak;  ///< the peak that kRequestPeak was last made for

  // The parts of the region that have rows.
  alignas(64) std::atomic<std::uint32_t> node_count;
  std::atomic<std::uint32_t> nodes_lock;
  std::atomic<std::uint32_t> index_generation;  ///< that has all nodes
  std::atomic<std::uint32_t> thread_count;
  std::atomic<std::uint32_t> module_count;
  std::atomic<std::uint32_t> modules_lock;
  std::atomic<std::uint32_t> scratch_lock;
  std::atomic<std::uint64_t> memory;        ///< bytes that the recorder took, in the region and besides
  std::atomic<std::uint64_t> lost_updates;  ///< allocations in signal handlers that could not be entered

  PythonPart python;

  std::atomic<std::uint32_t> filter_count;
  CaptureFilter filters[kMaxFilters];
  DomainRow domains[kMaxDomains];
  MetricRow metrics[kMaxMetrics];
};

/// Fills a field of a row with text, as much of it as fits, and ends it with a zero byte.
template <std::size_t kSize>
void copy_text(char (&field)[kSize], const char* text) {
  const std::size_t length = strnlen(text, kSize - 1);
  memcpy(field, text, length);
  field[length] = '\0';
}

/// Entries of the index of nodes: 40 bits of the hash of the node's path, its mark, and << kEntryNodeShift the node; 0
/// for none. Without a mark a node is not found any more.
using IndexEntry = std::atomic<std::uint64_t>;
inline constexpr unsigned kEntryNodeShift = 40;
inline constexpr std::uint64_t kMarkMask = (std::uint64_t{1} << kEntryNodeShift) - 1;

constexpr std::uint32_t node_of(std::uint64_t entry) { return static_cast<std::uint32_t>(entry >> kEntryNodeShift); }

constexpr std::uint64_t index_size(std::uint32_t generation) { return std::uint64_t{8192} << generation; }

constexpr std::uint64_t whole_pages(std::uint64_t bytes) { return (bytes + 4095) / 4096 * 4096; }

/// Where the parts lie, in bytes from the start. The scratch area has the size of a shard's slots, which follow it.
struct Layout {
  static constexpr std::uint64_t kShardRows = whole_pages(sizeof(Header));
  static constexpr std::uint64_t kCounters = kShardRows + kShards * sizeof(Shard);
  static constexpr std::uint64_t kThreads = whole_pages(kCounters + kCounterSlots * sizeof(CounterSlot));
  static constexpr std::uint64_t kModules = kThreads + whole_pages(kMaxThreads * sizeof(ThreadRow));
  static constexpr std::uint64_t kNodes = kModules + whole_pages(kMaxModules * sizeof(ModuleRow));
  static constexpr std::uint64_t kIndex = kNodes + whole_pages(kMaxNodes * sizeof(Node));
  static constexpr std::uint64_t kCodes = kIndex + whole_pages(index_size(kIndexGenerations) * sizeof(IndexEntry));
  static constexpr std::uint64_t kCodeHeads = kCodes + whole_pages(kMaxCodes * sizeof(CodeRow));
  static constexpr std::uint64_t kTextHeads = kCodeHeads + whole_pages(kCodeBuckets * sizeof(std::uint32_t));
  static constexpr std::uint64_t kTexts = kTextHeads + whole_pages(kTextBuckets * sizeof(std::uint32_t));
  static constexpr std::uint64_t kLargeTypes = kTexts + whole_pages(kTextBytes);
  static constexpr std::uint64_t kSmallPages = kLargeTypes + whole_pages(kMaxLargeTypes * sizeof(LargeType));
  static constexpr std::uint64_t kScratch =
      kSmallPages + whole_pages(small_pages_before(kSmallGenerations) * sizeof(SmallPage));

  /// Behind the shards; small_entry_count() of them.
  static std::uint64_t small_entries(const Header& header) { return kScratch + (kShards + 1) * header.shard_stride; }
};

/// Where a region is mapped, and its parts.
class RegionMap {
 public:
  RegionMap() = default;
  explicit RegionMap(void* base) : base_(static_cast<unsigned char*>(base)) {}

  explicit operator bool() const { return base_ != nullptr; }
  void* base() const { return base_; }
  Header& header() const { return *at<Header>(0); }
  Shard* shards() const { return at<Shard>(Layout::kShardRows); }
  CounterSlot* counters() const { return at<CounterSlot>(Layout::kCounters); }
  ThreadRow* threads() const { return at<ThreadRow>(Layout::kThreads); }
  ModuleRow* modules() const { return at<ModuleRow>(Layout::kModules); }
  Node* nodes() const { return at<Node>(Layout::kNodes); }
  SmallPage* small_pages(std::uint32_t generation) const {
    return at<SmallPage>(Layout::kSmallPages + small_pages_before(generation) * sizeof(SmallPage));
  }
  SmallEntry* small_entries() const { return at<SmallEntry>(Layout::small_entries(header())); }
  CodeRow* codes() const { return at<CodeRow>(Layout::kCodes); }
  std::uint32_t* code_buckets() const { return at<std::uint32_t>(Layout::kCodeHeads); }
  std::uint32_t* text_buckets() const { return at<std::uint32_t>(Layout::kTextHeads); }
  LargeType* large_types() const { return at<LargeType>(Layout::kLargeTypes); }
  unsigned char* texts() const { return at<unsigned char>(Layout::kTexts); }
  Slot* scratch() const { return at<Slot>(Layout::kScratch); }
  Slot* slots(std::size_t shard) const { return at<Slot>(Layout::kScratch + (shard + 1) * header().shard_stride); }

  /// The index of a generation, which has index_size() entries.
  IndexEntry* index(std::uint32_t generation) const {
    return at<IndexEntry>(Layout::kIndex + (index_size(generation) - index_size(0)) * sizeof(IndexEntry));
  }

 private:
  template <typename T>
  T* at(std::uint64_t offset) const {
    return reinterpret_cast<T*>(base_ + offset);
  }

  unsigned char* base_ = nullptr;
};

/// Sets the header of a region that is all zero to an empty one that is laid out for `settings`, whose max_slots is
/// brought to a power of two that the layout can take.
void lay_out(Header& header, const Settings& settings);

/// Bytes of the whole file for so many slots.
std::uint64_t region_size(std::uint64_t max_slots);

/// Creates the file `path`, which must not be there, and maps it. Returns an empty map and sets errno where it cannot.
/// No allocator is called.
RegionMap create_region(const char* path, const Settings& settings);

/// The same in an open file that is empty, which it closes.
RegionMap create_region_in(int descriptor, const Settings& settings);

/// Maps the region in an open file, and checks that it is one. Returns an empty map and sets errno: EINVAL for what is
/// no region, EPROTO for one of another version.
RegionMap map_region(int descriptor, bool writable);

void unmap_region(RegionMap region);

/// Digits of a process id in names of regions: as many as the kernel's largest, 4194304, has. The name is in the
/// program's environment, which programs copy: so each run of a program allocates the same.
inline constexpr std::size_t kPidDigits = 7;

/// Writes DIRECTORY/SESSION.PID.SEQUENCE.region to `path`. False when it does not fit.
bool region_path(char* path, std::size_t size, const char* directory, const char* session, std::uint32_t pid,
                 std::uint32_t sequence);

}  // namespace snapshot::recorder
