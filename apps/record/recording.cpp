#include "recording.h"

#include "process_numbers.h"

#include "common/size_text.h"
#include "common/tool.h"

#include <fmt/format.h>
#include <snapshot/error.h>
#include <snapshot/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cli {

using snapshot::recorder::Request;
using snapshot::recorder::State;

Recording::Recording(const RecordOptions& options, const Session& session, std::uint32_t program, int wake)
    : options_(options),
      session_(session),
      program_(program),
      wake_(wake),
      due_(std::chrono::steady_clock::now() + options.delay.value_or(std::chrono::nanoseconds{0})),
      writer_(options) {}

bool Recording::add(const RegionName& name) {
  try {
    regions_.emplace_back(name, options_, wake_);
    return true;
  } catch (const snapshot::Error&) {
    return false;  // it is just being made, or its process died while it made it
  }
}

void Recording::discover() {
  for (RegionName& name : regions_of(session_.directory, session_.name)) {
    if (seen_.insert(name.path).second) pending_.push_back(std::move(name));
  }
  std::erase_if(pending_, [&](const RegionName& name) {
    if (add(name)) return true;
    if (is_alive(name.pid)) return false;
    ::unlink(name.path.c_str());  // never whole
    return true;
  });
}

void Recording::write(RecordedRegion& region, const std::string& event, const std::string& path) {
  attempt([&] {
    const RecordedRegion::Moment now = region.moment(!region.has_ended());
    writer_.write(now.copy, now.metrics, event, path);
  });
}

void Recording::answer_one(RecordedRegion& region, std::uint32_t asked) {
  auto& header = region.header();
  if ((asked & Request::kRequestSnapshot) != 0) {
    std::string path =
        snapshot::bytes_from_text(snapshot::recorder::text_of(header.snapshot_path, sizeof header.snapshot_path));
    // As the program means it, wherever that is by now.
    if (!path.empty() && path[0] != '/') path = fmt::format("/proc/{}/cwd/{}", region.name().pid, path);
    const std::size_t before = writer_.written().size();
    write(region, "request", path);
    header.snapshot_status = writer_.written().size() > before ? 1 : 2;
    region.answer();
  }
  if ((asked & Request::kRequestSignal) != 0) {
    write(region, "signal");
    region.answer();
  }
}

void Recording::answer_requests() {
  for (RecordedRegion& region : regions_) {
    if (const std::uint32_t asked = region.take_requests(); asked != 0) answer_one(region, asked);
  }
}

void Recording::check_limits() {
  for (RecordedRegion& region : regions_) {
    region.start_if_due(due_);
    if (region.header().claimed == 0) continue;
    if (options_.triggers.growth && region.has_grown(*options_.triggers.growth)) write(region, "growth");
    if (options_.triggers.rss && region.has_passed(*options_.triggers.rss)) write(region, "rss");
  }
}

void Recording::write_all(const std::string& event) {
  for (RecordedRegion& region : regions_) {
    if (region.header().claimed != 0) write(region, event);
  }
}

bool Recording::is_over(const RecordedRegion& region, const std::optional<rusage>& usage) const {
  if (region.name().pid == program_ ? usage.has_value() : region.has_ended()) return true;
  return std::ranges::any_of(regions_, [&](const RecordedRegion& other) {
    return other.name().pid == region.name().pid && other.name().sequence > region.name().sequence &&
           other.header().claimed != 0;
  });
}

/// Writes the highest moment that is known. False if it could not be written.
bool Recording::write_peak(RecordedRegion& region, const RecordedRegion::Moment& end) {
  const std::optional<RecordedRegion::Moment> kept = region.take_peak();
  const bool of_end = !kept || kept->copy.traced <= end.copy.traced;
  RecordedRegion::Moment best = of_end ? end : *kept;
  const auto peak = static_cast<double>(std::max<std::int64_t>({end.copy.peak, best.copy.traced, 1}));
  const double share = static_cast<double>(best.copy.traced) / peak;
  best.metrics.push_back({"peak_share", share, "percent"});
  if (!writer_.write(best.copy, best.metrics, "peak")) return false;
  remarks_.push_back(fmt::format("{} holds {:.1f} % of the peak", writer_.written().back().path, 100 * share));
  return true;
}

/// What a user has to know of what was recorded.
void Recording::remark(const RecordedRegion::Moment& end) {
  const auto& copy = end.copy;
  if (copy.state == State::refused) {
    remarks_.push_back("could not be recorded: " + copy.refusal);
  } else if (!copy.refusal.empty()) {
    remarks_.push_back("functions of Python are not there: " + copy.refusal);
  }
  if (copy.state == State::full) remarks_.push_back("the recorder had no more memory, and what came then is not there");
  if (copy.damage.sum() != 0) {
    remarks_.push_back(fmt::format("the program wrote over what was recorded: {} rows are lost", copy.damage.sum()));
  }
}

void Recording::finish(RecordedRegion& region, const std::optional<rusage>& usage) {
  bool whole = true;
  if (region.header().claimed != 0) {
    recorded_ = true;
    whole = attempt([&] {
              RecordedRegion::Moment end = region.moment(false);
              if (usage && region.name().pid == program_) end.metrics = usage_metrics(*usage, options_.metrics);
              remark(end);
              if (options_.triggers.peak) whole = write_peak(region, end);
              if (options_.triggers.exit) whole = writer_.write(end.copy, end.metrics, "exit") && whole;
            }) &&
            whole;
  }
  if (whole) {
    ::unlink(region.name().path.c_str());
    seen_.erase(region.name().path);  // a later process may have this one's number
  } else {
    say("nothing is lost: tmrecord --recover " + region.name().path + " writes it");
  }
}

void Recording::finish_ended(const std::optional<rusage>& usage) {
  for (auto at = regions_.begin(); at != regions_.end();) {
    if (!is_over(*at, usage)) {
      ++at;
      continue;
    }
    finish(*at, usage);
    at = regions_.erase(at);
  }
}

void Recording::abandon() {
  for (const RecordedRegion& region : regions_) {
    say(fmt::format("process {} goes on: tmrecord --recover {} writes what it has", region.name().pid,
                    region.name().pid));
  }
  regions_.clear();
}

std::vector<int> Recording::processes() const {
  std::vector<int> descriptors;
  for (const RecordedRegion& region : regions_) {
    if (region.name().pid != program_ && region.process() >= 0) descriptors.push_back(region.process());
  }
  return descriptors;
}

std::string Recording::summary() const {
  const std::string& path = options_.program[0];
  const std::string name = path.substr(path.rfind('/') + 1);
  std::string remarks;
  for (const std::string& remark : remarks_) remarks += "; " + remark;
  if (!recorded_) return name + ": nothing was recorded: the recorder was never loaded into it" + remarks;
  auto written = writer_.written();
  // Some that the program asked for are its own, and gone.
  std::erase_if(written, [](const auto& file) { return ::access(file.path.c_str(), F_OK) != 0; });
  if (written.empty()) return name + ": no snapshot was written" + remarks;
  std::string files = written[0].path;
  if (written.size() == 2) files += " and " + written[1].path;
  if (written.size() > 2) files += " to " + written.back().path;
  return fmt::format("{}: {} snapshot{}, {}: {} in {} {}blocks{}", name, written.size(), written.size() == 1 ? "" : "s",
                     files, size_text(written.back().size), written.back().count,
                     options_.sampling_interval != 0 ? "sampled " : "", remarks);
}

}  // namespace cli
