#include "compatible.h"

#include "version.h"

#include "common/load_file.h"

#include <fmt/format.h>

#include <optional>

namespace cli {
namespace {

constexpr std::string_view kWriter = "tmcheck ";

std::string name_of(const Side& side) { return input_name(side.file.path); }

/// "every 524288 B"
std::string sampling_text(const std::optional<std::uint64_t>& interval) {
  return interval ? fmt::format("every {} B", *interval) : "not at all";
}

/// Frames that are left of a traceback, at most; absent where the file does not say.
std::optional<std::uint32_t> frames_kept(const Side& side) {
  if (side.file.format == "sites") return 1;
  return side.snapshot.info().traceback_limit;
}

bool keeps(const snapshot::Snapshot& snapshot, snapshot::StringId snapshot::Frame::*text) {
  const snapshot::Symbols& symbols = snapshot.symbols();
  for (const snapshot::Total& total : snapshot.totals()) {
    if (symbols.frame(symbols.most_recent(total.traceback)).*text != snapshot::kUnknownString) return true;
  }
  return false;
}

/// The version of tmcheck that wrote a baseline.
std::optional<std::string> writer_of(const std::string& recorder) {
  const std::size_t at = recorder.rfind(kWriter);
  if (at == std::string::npos) return std::nullopt;
  return recorder.substr(at + kWriter.size());
}

class Comparison {
 public:
  Comparison(const Side& base, const Side& head) : base_(base), head_(head) {}

  void compare_numbers(const Needs& needs) {
    const snapshot::SnapshotInfo& base = base_.snapshot.info();
    const snapshot::SnapshotInfo& head = head_.snapshot.info();
    if (base.sampling_interval != head.sampling_interval) {
      fault(fmt::format("was sampled {}, {} {}", sampling_text(base.sampling_interval), name_of(head_),
                        sampling_text(head.sampling_interval)));
    }
    const auto base_frames = frames_kept(base_);
    const auto head_frames = frames_kept(head_);
    // A text of sites that was written with --mine has those of the project alone.
    const bool is_mapped = base_.file.format == "sites" && base_.outside == 0;
    const bool needs_frames = needs.frames || (needs.project && !is_mapped);
    if (needs_frames && base_frames && head_frames && base_frames != head_frames) {
      fault(fmt::format("keeps {} frame{} of a traceback, {} {}", *base_frames, *base_frames == 1 ? "" : "s",
                        name_of(head_), *head_frames));
    }
    if (needs.functions) compare_names("functions", &snapshot::Frame::function);
    if (needs.modules) compare_names("modules", &snapshot::Frame::module);
  }

  void compare_worlds() {
    const snapshot::SnapshotInfo& base = base_.snapshot.info();
    const snapshot::SnapshotInfo& head = head_.snapshot.info();
    compare("platform", base.process.platform, head.process.platform);
    compare("runtime", base.process.runtime, head.process.runtime);
    compare("runtime version", base.process.runtime_version, head.process.runtime_version);
    const auto limit = [](const auto& number) { return number ? std::to_string(*number) : ""; };
    compare("traceback limit", limit(base.traceback_limit), limit(head.traceback_limit));
    const auto writer = writer_of(base.recorder);
    if (writer && *writer != kVersion) {
      warnings_.push_back(fmt::format("{}: was written by tmcheck {}, this is {}", name_of(base_), *writer, kVersion));
    }
  }

  Mismatches result() && { return {std::move(faults_), std::move(warnings_)}; }

 private:
  void fault(const std::string& what) { faults_.push_back(name_of(base_) + ": " + what); }

  void compare_names(const char* what, snapshot::StringId snapshot::Frame::*text) {
    const bool base = keeps(base_.snapshot, text);
    if (base == keeps(head_.snapshot, text)) return;
    fault(fmt::format("keeps {} {}, {} {}", base ? "the" : "no", what, name_of(head_), base ? "none" : "does"));
  }

  /// What is not known does not differ.
  void compare(const char* what, const std::string& base, const std::string& head) {
    if (base.empty() || head.empty() || base == head) return;
    warnings_.push_back(fmt::format("{}: the {} is {}, in {} {}", name_of(base_), what, base, name_of(head_), head));
  }

  const Side& base_;
  const Side& head_;
  std::vector<std::string> faults_;
  std::vector<std::string> warnings_;
};

}  // namespace

Mismatches mismatches(const Side& base, const Side& head, const Needs& needs) {
  Comparison comparison(base, head);
  comparison.compare_numbers(needs);
  comparison.compare_worlds();
  return std::move(comparison).result();
}

std::string baseline_recorder(const std::string& recorder) {
  std::string first = recorder;
  if (const std::size_t at = first.rfind(kWriter); at != std::string::npos) {
    first.resize(at);
    if (first.ends_with(", ")) first.resize(first.size() - 2);
  }
  return (first.empty() ? "" : first + ", ") + std::string(kWriter) + kVersion;
}

}  // namespace cli
