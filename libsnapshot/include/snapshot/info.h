#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace snapshot {

// What a recorder knows of the moment and of the process, besides the traces. What it does not know is absent: an empty
// optional, string or vector. All text is generalised UTF-8, as in Symbols.

/// The process that was recorded.
struct Process {
  std::optional<std::uint64_t> pid;
  std::vector<std::string> command;  ///< the program and its arguments
  std::string executable;            ///< path
  std::string host;
  std::string platform;                    ///< "linux-x86_64"
  std::string runtime;                     ///< "CPython", "native"
  std::string runtime_version;             ///< "3.13.1"
  std::optional<std::int64_t> start_time;  ///< nanoseconds since 1970-01-01T00:00:00Z

  friend bool operator==(const Process&, const Process&) = default;
};

/// tracemalloc.get_traced_memory(), in bytes.
struct TracedMemory {
  std::uint64_t size;
  std::uint64_t peak;

  friend bool operator==(const TracedMemory&, const TracedMemory&) = default;
};

/// The name of an address space (PyTraceMalloc_Track).
struct Domain {
  std::uint32_t id;
  std::string name;

  friend bool operator==(const Domain&, const Domain&) = default;
};

/// A thread that allocated blocks.
struct Thread {
  std::uint64_t id;  ///< the system's
  std::string name;

  friend bool operator==(const Thread&, const Thread&) = default;
};

/// A binary that was mapped into the process.
struct Module {
  std::string path;
  std::string build_id;  ///< the bytes of the ELF note, not their digits
  std::uint64_t address;
  std::uint64_t size;  ///< bytes

  friend bool operator==(const Module&, const Module&) = default;
};

/// A named number: the Metric(name, value, format) of PEP 454's early drafts.
struct Metric {
  std::string name;
  std::variant<std::int64_t, double> value;
  std::string format;  ///< "size" (bytes), "percent" (a fraction of 1), "int", or any other unit

  friend bool operator==(const Metric&, const Metric&) = default;
};

/// A section of a .tms file that this version does not know and need not know: kept when the snapshot is written again.
struct ExtraSection {
  std::string type;  ///< four letters, the first a small one (FILE_FORMAT.md)
  std::string bytes;

  /// Whether it still holds of a part of the snapshot; others go when traces are left out.
  bool holds_for_parts() const { return type[1] >= 'a'; }

  friend bool operator==(const ExtraSection&, const ExtraSection&) = default;
};

struct SnapshotInfo {
  std::optional<std::int64_t> time;  ///< when it was taken: nanoseconds since 1970-01-01T00:00:00Z
  std::string recorder;              ///< what recorded it, with its version
  Process process;
  std::optional<std::uint32_t> traceback_limit;    ///< frames that were kept of a traceback, at most
  std::optional<std::uint64_t> sampling_interval;  ///< mean bytes from one sampled block to the next
  bool is_estimate = false;  ///< Snapshot::estimated(): amounts are of what samples stand for; not kept in files
  std::optional<TracedMemory> traced_memory;
  std::optional<std::uint64_t> recorder_memory;  ///< tracemalloc.get_tracemalloc_memory(): bytes of the recorder's own
  std::vector<Domain> domains;
  std::vector<Thread> threads;
  std::vector<Module> modules;
  std::vector<Metric> metrics;
  std::vector<ExtraSection> extra_sections;

  /// What still holds of a part of the snapshot.
  SnapshotInfo of_part() const;

  friend bool operator==(const SnapshotInfo&, const SnapshotInfo&) = default;
};

}  // namespace snapshot
