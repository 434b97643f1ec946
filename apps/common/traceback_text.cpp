#include "traceback_text.h"

#include "painted.h"
#include "size_text.h"
#include "trace_text.h"

#include <formats/utc_time.h>
#include <snapshot/utf8.h>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace cli {
namespace {

using snapshot::FrameId;
using snapshot::printable;
using snapshot::Symbols;

std::string domain_text(const DomainRow& domain) {
  return fmt::format("domain {}{}", domain.id, domain.name.empty() ? "" : " (" + printable(domain.name) + ")");
}

/// ", domain 7 (arena)"; nothing where all is Python's own.
std::string domains_text(const TracebackRow& row, const TracebackStyle& style) {
  if (row.domains.size() == 1) {
    const DomainRow& domain = row.domains.front();
    return domain.id == 0 && domain.name.empty() ? "" : ", " + domain_text(domain);
  }
  std::string text;
  for (const DomainRow& domain : row.domains) {
    text += ", " + bytes_text(domain.size, style.bytes) + " in " + domain_text(domain);
  }
  return text;
}

std::string heading(const TraceReport& report, std::size_t number, const TracebackStyle& style) {
  const TracebackRow& row = report.rows[number];
  return fmt::format(
      "#{}: {}{}, {}, average {}{}", number + 1, bytes_text(row.size, style.bytes),
      share_text(row.size, report.total.size, " ({})"), blocks_text(row.count),
      style.bytes ? fmt::format("{:.0f} B", average(row.size, row.count)) : average_text(row.size, row.count),
      domains_text(row, style));
}

/// "12 older frames", "3 to 12 older frames", "up to 12 older frames"; empty where none is missing.
std::string missing_text(std::uint32_t least, std::uint32_t most) {
  if (most == 0) return "";
  const std::string number = least == most ? fmt::format("{}", most)
                             : least == 0  ? fmt::format("up to {}", most)
                                           : fmt::format("{} to {}", least, most);
  return fmt::format("{} older frame{}", number, most == 1 ? "" : "s");
}

/// What stands in the place of the frames that the traceback limit cut off.
std::string cut_text(const TracebackRow& row, std::size_t kept) {
  if (!row.total_nframe) return "";
  const auto beyond = [&](std::uint32_t total) {
    return total > kept ? total - static_cast<std::uint32_t>(kept) : std::uint32_t{0};
  };
  const std::string missing = missing_text(beyond(row.total_nframe->least), beyond(row.total_nframe->most));
  return missing.empty() ? "" : "  ... " + missing + " not recorded";
}

std::string hidden_text(std::size_t frames, std::string_view which) {
  return frames == 0 ? "" : fmt::format("  ... {} {} frame{} not shown", frames, which, frames == 1 ? "" : "s");
}

/// The lines of a traceback, of names as `name_text` makes them.
class Lines {
 public:
  Lines(const Symbols& symbols, const TracebackStyle& style, bool raw, Output& output)
      : symbols_(symbols), style_(style), raw_(raw), output_(output) {}

  void frames(std::span<const FrameId> shown) {
    for (std::size_t at = 0; at < shown.size(); ++at) {
      frame(shown[style_.most_recent_first ? shown.size() - 1 - at : at]);
    }
  }

  void note(const std::string& text) {
    if (!text.empty()) output_.write(painted(text, kDim, style_.color) + "\n");
  }

 private:
  void frame(FrameId id) {
    const snapshot::Frame frame = symbols_.frame(id);
    const std::string_view filename = symbols_.text(frame.filename);
    std::string line = fmt::format("  File \"{}\", line {}", name_text(filename), frame.lineno);
    if (!raw_ && frame.function != snapshot::kUnknownString) line += " in " + name_text(symbols_.text(frame.function));
    output_.write(line + "\n");
    if (style_.source == nullptr) return;
    const std::string_view source = style_.source->line(filename, frame.lineno);
    if (!source.empty()) output_.write("    " + painted(name_text(source), kDim, style_.color && !raw_) + "\n");
  }

  /// Names as they are for a program, and for people such that they leave the line in its place.
  std::string name_text(std::string_view name) const {
    return raw_ ? snapshot::bytes_from_text(name) : printable(name);
  }

  const Symbols& symbols_;
  const TracebackStyle& style_;
  bool raw_;
  Output& output_;
};

void print_block(const TraceReport& report, const TracebackStyle& style, Output& output) {
  const BlockRow& block = *report.block;
  const std::uint64_t offset = block.asked - block.address;
  const std::string what =
      fmt::format("{:#x} is {} of a block of {} byte{}{}", block.asked,
                  offset == 0 ? "the first byte" : fmt::format("byte {}", offset), block.size,
                  block.size == 1 ? "" : "s", offset == 0 ? "" : fmt::format(" at {:#x}", block.address));
  output.write(painted(what, kBold, style.color) + "\n");
  const DomainRow& domain = report.rows.front().domains.front();
  if (domain.id != 0 || !domain.name.empty()) output.write(domain_text(domain) + "\n");
  if (block.thread) {
    const std::string name = block.thread->name.empty() ? "" : " (" + printable(block.thread->name) + ")";
    output.write(fmt::format("thread {}{}\n", block.thread->id, name));
  }
  if (block.type != snapshot::kUnknownString) {
    output.write("type " + printable(report.symbols->text(block.type)) + "\n");
  }
  if (block.birth) output.write("born " + formats::utc_time(*block.birth) + "\n");
  if (block.weight) output.write(fmt::format("stands for {} sampled bytes\n", *block.weight));
}

void print_traceback(const TraceReport& report, const TracebackRow& row, const TracebackStyle& style, Output& output) {
  const std::span<const FrameId> all = report.symbols->traceback(row.traceback);
  const std::span<const FrameId> shown = frames_shown(all, style.frames);
  const bool hides_oldest = shown.empty() || shown.data() != all.data();
  Lines lines(*report.symbols, style, false, output);
  const std::string cut = cut_text(row, all.size());
  const std::string older = hidden_text(hides_oldest ? all.size() - shown.size() : 0, "older");
  const std::string recent = hidden_text(hides_oldest ? 0 : all.size() - shown.size(), "more recent");
  if (style.most_recent_first) {
    lines.note(recent);
    lines.frames(shown);
    lines.note(older);
    lines.note(cut);
  } else {
    lines.note(cut);
    lines.note(older);
    lines.frames(shown);
    lines.note(recent);
  }
}

}  // namespace

std::span<const FrameId> frames_shown(std::span<const FrameId> traceback, std::optional<std::int64_t> limit) {
  if (!limit) return traceback;
  const auto length = static_cast<std::int64_t>(traceback.size());
  if (*limit > 0) return traceback.last(static_cast<std::size_t>(std::min(*limit, length)));
  if (*limit == 0) return {};
  return traceback.first(static_cast<std::size_t>(std::max<std::int64_t>(0, length + *limit)));
}

void print_tracebacks(const TraceReport& report, const TracebackStyle& style, Output& output) {
  if (report.block) {
    print_block(report, style, output);
    print_traceback(report, report.rows.front(), style, output);
    return;
  }
  for (std::size_t at = 0; at < report.rows.size(); ++at) {
    output.write(painted(heading(report, at, style), kBold, style.color) + "\n");
    print_traceback(report, report.rows[at], style, output);
    output.write("\n");
  }
  const Rest& others = report.others;
  if (others.groups != 0) {
    output.write(fmt::format("{} other traceback{}: {}, {}\n", others.groups, others.groups == 1 ? "" : "s",
                             bytes_text(others.amounts.size, style.bytes), blocks_text(others.amounts.count)));
  }
  const std::size_t all = report.rows.size() + others.groups;
  output.write(fmt::format("total: {} traceback{}, {}, {}\n", all, all == 1 ? "" : "s",
                           bytes_text(report.total.size, style.bytes), blocks_text(report.total.count)));
  output.write(outside_text(report.outside, style.bytes));
}

void print_tracemalloc(const TraceReport& report, const TracebackStyle& style, Output& output) {
  Lines lines(*report.symbols, style, true, output);
  const char* separator = "";
  for (const TracebackRow& row : report.rows) {
    output.write(separator);
    lines.frames(frames_shown(report.symbols->traceback(row.traceback), style.frames));
    separator = "\n";
  }
}

}  // namespace cli
