#include <snapshot/error.h>
#include <snapshot/grouping.h>
#include <snapshot/library_paths.h>

#include "size_classes.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace snapshot {
namespace {

constexpr const char* kUnknownThread = "unknown";
constexpr std::string_view kUnknownType = "<unknown>";  // a class may well be called "unknown"
constexpr Key kNoKey = std::numeric_limits<Key>::max();

int three_way(std::uint64_t a, std::uint64_t b) { return a < b ? -1 : static_cast<int>(a > b); }

/// The directory of a file, with its leading parts alone where `depth` is not 0; "." of a plain name.
std::string_view directory_of(std::string_view filename, std::uint32_t depth) {
  constexpr std::string_view kSlashes = "/\\";
  const std::size_t slash = filename.find_last_of(kSlashes);
  if (slash == std::string_view::npos) return ".";
  const std::string_view directory = filename.substr(0, std::max<std::size_t>(slash, 1));
  if (depth == 0) return directory;
  std::size_t end = directory.find_first_not_of(kSlashes);
  for (std::uint32_t part = 0; part < depth; ++part) {
    if (part > 0 && end < directory.size()) end = directory.find_first_not_of(kSlashes, end);
    end = std::min(directory.find_first_of(kSlashes, end), directory.size());
  }
  return directory.substr(0, end);
}

/// Calls `use` for each frame with the key that `key_of` finds for its file name, which is looked for once a name.
template <typename KeyOf, typename Use>
void by_filename(const Symbols& symbols, KeyOf key_of, Use use) {
  std::vector<Key> keys(symbols.string_count(), kNoKey);
  for (std::uint32_t at = 0; at < symbols.frame_count(); ++at) {
    const Frame frame = symbols.frame(FrameId{at});
    Key& key = keys[row(frame.filename)];
    if (key == kNoKey) key = key_of(symbols.text(frame.filename));
    use(frame, key);
  }
}

std::string thread_label(const Thread& thread) {
  const std::string id = std::to_string(thread.id);
  return thread.name.empty() ? id : thread.name + " (" + id + ")";
}

}  // namespace

Grouping::Grouping(const Symbols& symbols, std::span<const Snapshot> snapshots, GroupSpec spec)
    : symbols_(&symbols), spec_(std::move(spec)) {
  const auto has_sums_alone = [](const Snapshot& snapshot) { return !snapshot.has_traces(); };
  if (is_of_traces(spec_.by) && std::ranges::any_of(snapshots, has_sums_alone)) {
    throw Error("single blocks are not known, only sums");
  }
  const auto of_frames = [&](auto key_of) {
    frame_keys_.reserve(symbols.frame_count());
    for (std::uint32_t at = 0; at < symbols.frame_count(); ++at) frame_keys_.push_back(key_of(FrameId{at}));
  };
  switch (spec_.by) {
    case GroupBy::lineno: of_frames([&](FrameId id) { return row(symbols.line(id)); }); break;
    case GroupBy::filename: of_frames([&](FrameId id) { return row(symbols.frame(id).filename); }); break;
    case GroupBy::traceback: break;
    case GroupBy::function: add_functions(); break;
    case GroupBy::directory: add_directories(); break;
    case GroupBy::module: add_modules(); break;
    case GroupBy::domain: add_domains(snapshots); break;
    case GroupBy::thread: add_threads(snapshots); break;
    case GroupBy::type: break;
    case GroupBy::size_class: add_size_classes(); break;
  }
  key_count_ = std::max(functions_.size(), labels_.size());
  if (spec_.by == GroupBy::lineno) key_count_ = symbols.frame_count();
  if (spec_.by == GroupBy::filename) key_count_ = symbols.string_count();
  if (spec_.by == GroupBy::traceback) key_count_ = symbols.traceback_count();
  if (spec_.by == GroupBy::type) key_count_ = unknown_type() + 1;
}

Key Grouping::named(std::string_view label) {
  const auto [found, is_new] = by_label_.try_emplace(std::string(label), labels_.size());
  if (is_new) labels_.emplace_back(label);
  return found->second;
}

void Grouping::add_functions() {
  std::unordered_map<std::uint64_t, Key> known;
  for (std::uint32_t at = 0; at < symbols_->frame_count(); ++at) {
    const Frame frame = symbols_->frame(FrameId{at});
    const std::uint64_t both = std::uint64_t{row(frame.function)} << 32U | row(frame.filename);
    const auto [found, is_new] = known.try_emplace(both, functions_.size());
    if (is_new) functions_.push_back({frame.function, frame.filename});
    frame_keys_.push_back(found->second);
  }
}

void Grouping::add_directories() {
  by_filename(
      *symbols_, [&](std::string_view filename) { return named(directory_of(filename, spec_.depth)); },
      [&](const Frame&, Key key) { frame_keys_.push_back(key); });
}

void Grouping::add_modules() {
  std::vector<Key> binaries(symbols_->string_count(), kNoKey);
  by_filename(
      *symbols_, [&](std::string_view filename) { return named(package_of(filename, spec_.projects)); },
      [&](const Frame& frame, Key package) {
        if (frame.module == kUnknownString) return frame_keys_.push_back(package);
        Key& binary = binaries[row(frame.module)];
        if (binary == kNoKey) binary = named(symbols_->text(frame.module));
        frame_keys_.push_back(binary);
      });
}

void Grouping::add_domains(std::span<const Snapshot> snapshots) {
  std::unordered_map<std::uint32_t, std::string> names;
  for (const Snapshot& snapshot : snapshots) {
    for (const Domain& domain : snapshot.info().domains) names.emplace(domain.id, domain.name);
  }
  for (const Snapshot& snapshot : snapshots) {
    for (const Total& total : snapshot.totals()) {
      if (!domains_.emplace(total.domain, labels_.size()).second) continue;
      const auto name = names.find(total.domain);
      const std::string id = std::to_string(total.domain);
      labels_.push_back(name == names.end() || name->second.empty() ? id : name->second + " (" + id + ")");
      numbers_.push_back(total.domain);
    }
  }
}

void Grouping::add_threads(std::span<const Snapshot> snapshots) {
  named(kUnknownThread);
  for (const Snapshot& snapshot : snapshots) {
    for (const Thread& thread : snapshot.info().threads) named(thread_label(thread));
  }
}

std::vector<Key> Grouping::thread_keys(const Snapshot& snapshot) const {
  if (spec_.by != GroupBy::thread) return {};
  std::vector<Key> keys;
  for (const Thread& thread : snapshot.info().threads) keys.push_back(by_label_.at(thread_label(thread)));
  keys.push_back(by_label_.at(kUnknownThread));
  return keys;
}

void Grouping::add_size_classes() {
  class_ends_ = size_class_ends(spec_.size_classes);
  // Unsigned, because the last class ends at the largest int64.
  std::uint64_t least = 0;
  for (const std::int64_t signed_end : class_ends_) {
    const auto end = static_cast<std::uint64_t>(signed_end);
    labels_.push_back(least == end ? std::to_string(end) : std::to_string(least) + "-" + std::to_string(end));
    numbers_.push_back(end);
    least = end + 1;
  }
}

Key Grouping::of_trace(const Snapshot& snapshot, const Total& total, std::optional<std::size_t> trace,
                       std::span<const Key> threads) const {
  if (spec_.by == GroupBy::traceback) return row(total.traceback);
  if (spec_.by == GroupBy::domain) return domains_.at(total.domain);
  const TraceColumns& traces = snapshot.traces();
  if (spec_.by == GroupBy::thread) {
    const bool known = !traces.thread.empty() && traces.thread[*trace] != TraceColumns::kUnknownThread;
    return known ? threads[traces.thread[*trace]] : threads.back();
  }
  if (spec_.by == GroupBy::type) {
    const bool known = !traces.type.empty() && traces.type[*trace] != kUnknownString;
    return known ? row(traces.type[*trace]) : unknown_type();
  }
  const auto end = std::ranges::lower_bound(class_ends_, traces.size[*trace]);
  return static_cast<Key>(end - class_ends_.begin());
}

std::string_view Grouping::label(Key key) const {
  if (spec_.by == GroupBy::type) {
    return key == unknown_type() ? kUnknownType : symbols_->text(StringId{static_cast<std::uint32_t>(key)});
  }
  if (spec_.by != GroupBy::function) return labels_[key];
  const StringId name = functions_[key].name;
  return name == kUnknownString ? std::string_view{} : symbols_->text(name);
}

int Grouping::compare(Key a, Key b) const {
  if (!numbers_.empty()) return three_way(numbers_[a], numbers_[b]);
  if (const int answer = label(a).compare(label(b)); answer != 0) return answer;
  if (spec_.by != GroupBy::function) return three_way(a, b);  // a type that is called as what is not known comes first
  const bool left_known = functions_[a].name != kUnknownString;
  const bool right_known = functions_[b].name != kUnknownString;
  if (left_known != right_known) return left_known ? 1 : -1;
  return filename(a).compare(filename(b));
}

}  // namespace snapshot
