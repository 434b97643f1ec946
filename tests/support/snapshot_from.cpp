#include "snapshot_from.h"

#include <snapshot/builder.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace testing {
namespace {

using snapshot::FrameId;
using snapshot::GroupBy;
using snapshot::Symbols;

struct Line {
  std::int64_t size = 0;
  std::size_t repeats = 1;
  std::vector<FrameId> frames;  // oldest first
  std::uint32_t domain = 0;
  std::uint32_t total_nframe = 0;
};

std::uint32_t number(std::string_view digits) { return static_cast<std::uint32_t>(std::stoul(std::string(digits))); }

FrameId frame_from(std::string_view word, Symbols& symbols) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string_view::npos) throw std::invalid_argument("not a frame: " + std::string(word));
  return symbols.intern(snapshot::Frame{symbols.intern(word.substr(0, colon)), number(word.substr(colon + 1))});
}

Line line_from(const std::string& text, Symbols& symbols) {
  Line line;
  std::istringstream words(text);
  words >> line.size;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (word == "<") continue;
    if (word.starts_with("domain=")) {
      line.domain = number(std::string_view(word).substr(equals + 1));
    } else if (word.starts_with("nframe=")) {
      line.total_nframe = number(std::string_view(word).substr(equals + 1));
    } else if (word[0] == 'x' && line.frames.empty() && word.find_first_not_of("0123456789", 1) == std::string::npos) {
      line.repeats = number(std::string_view(word).substr(1));
    } else {
      line.frames.insert(line.frames.begin(), frame_from(word, symbols));
    }
  }
  return line;
}

std::string frame_text(const Symbols& symbols, FrameId id) {
  const snapshot::Frame frame = symbols.frame(id);
  return std::string(symbols.text(frame.filename)) + ":" + std::to_string(frame.lineno);
}

std::string traceback_text(const Symbols& symbols, snapshot::TracebackId id) {
  std::string text;
  const auto frames = symbols.traceback(id);
  for (std::size_t at = frames.size(); at-- > 0;) text += frame_text(symbols, frames[at]) + (at == 0 ? "" : " < ");
  return text;
}

std::string place_text(const Symbols& symbols, const snapshot::Total& total) {
  return traceback_text(symbols, total.traceback) +
         (total.domain == 0 ? "" : " domain=" + std::to_string(total.domain)) +
         (total.total_nframe == 0 ? "" : " nframe=" + std::to_string(total.total_nframe));
}

std::string signed_text(std::int64_t value) { return (value < 0 ? "" : "+") + std::to_string(value); }

}  // namespace

std::ostream& operator<<(std::ostream& out, const Lines& lines) {
  for (const std::string& line : lines) out << "\n    " << line;
  return out;
}

snapshot::Snapshot snapshot_from(std::string_view text, std::shared_ptr<Symbols> symbols, bool totals_only) {
  snapshot::SnapshotBuilder builder(std::move(symbols), totals_only);
  std::istringstream lines{std::string(text)};
  for (std::string text_line; std::getline(lines, text_line);) {
    if (text_line.find_first_not_of(' ') == std::string::npos) continue;
    const Line line = line_from(text_line, builder.symbols());
    const std::uint32_t total =
        builder.total(builder.symbols().intern(std::span<const FrameId>(line.frames)), line.total_nframe, line.domain);
    for (std::size_t count = 0; count < line.repeats; ++count) builder.add_trace(total, line.size);
  }
  return std::move(builder).finish();
}

Lines traces_of(const snapshot::Snapshot& snapshot) {
  Lines lines;
  const snapshot::TraceColumns& traces = snapshot.traces();
  for (std::size_t at = 0; at < traces.total.size(); ++at) {
    const snapshot::Total& total = snapshot.totals()[traces.total[at]];
    lines.push_back(std::to_string(traces.size[at]) + " " + place_text(snapshot.symbols(), total));
  }
  return lines;
}

Lines totals_of(const snapshot::Snapshot& snapshot) {
  Lines lines;
  for (const snapshot::Total& total : snapshot.totals()) {
    if (total.count == 0) continue;
    lines.push_back(std::to_string(total.size) + " x" + std::to_string(total.count) + " " +
                    place_text(snapshot.symbols(), total));
  }
  std::ranges::sort(lines);
  return lines;
}

std::string key_text(const Symbols& symbols, GroupBy group_by, snapshot::Key key) {
  switch (group_by) {
    case GroupBy::lineno: return frame_text(symbols, FrameId{key});
    case GroupBy::filename: return std::string(symbols.text(snapshot::StringId{key}));
    case GroupBy::traceback: return traceback_text(symbols, snapshot::TracebackId{key});
  }
  throw std::invalid_argument("group key");
}

Lines rows_of(const Symbols& symbols, GroupBy group_by, const std::vector<snapshot::Statistic>& rows) {
  Lines lines;
  for (const snapshot::Statistic& row : rows) {
    lines.push_back(std::to_string(row.size) + " x" + std::to_string(row.count) + " " +
                    key_text(symbols, group_by, row.key));
  }
  return lines;
}

Lines rows_of(const Symbols& symbols, GroupBy group_by, const std::vector<snapshot::StatisticDiff>& rows) {
  Lines lines;
  for (const snapshot::StatisticDiff& row : rows) {
    lines.push_back(std::to_string(row.size) + " (" + signed_text(row.size_diff) + ") x" + std::to_string(row.count) +
                    " (" + signed_text(row.count_diff) + ") " + key_text(symbols, group_by, row.key));
  }
  return lines;
}

Lines ranked_statistics(const snapshot::Snapshot& snapshot, GroupBy group_by, snapshot::Charge charge) {
  const snapshot::KeyOrder order(snapshot.symbols(), group_by, snapshot::FrameOrder::oldest_first);
  return rows_of(snapshot.symbols(), group_by, rank(statistics({&snapshot, 1}, group_by, charge), order, {}).rows);
}

Lines ranked_differences(const snapshot::Snapshot& older, const snapshot::Snapshot& newer, GroupBy group_by) {
  const snapshot::KeyOrder order(newer.symbols(), group_by, snapshot::FrameOrder::oldest_first);
  const auto charge = snapshot::Charge::most_recent;
  return rows_of(
      newer.symbols(), group_by,
      rank(compare(statistics({&older, 1}, group_by, charge), statistics({&newer, 1}, group_by, charge)), order, {})
          .rows);
}

}  // namespace testing
