#include "snapshot_from.h"

#include <snapshot/builder.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
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
  std::vector<FrameId> frames;              // oldest first
  std::map<std::string, std::string> more;  // what is stated as NAME=VALUE

  std::uint64_t number(const std::string& name, std::uint64_t otherwise = 0) const {
    return more.contains(name) ? std::stoull(more.at(name), nullptr, 0) : otherwise;
  }
};

const std::set<std::string> kNames{"domain", "nframe", "count", "address", "thread", "birth", "weight", "type"};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "app.py:10(load)@libfoo.so": the first colon with just a number behind it ends the file name.
FrameId frame_from(std::string_view word, Symbols& symbols) {
  std::size_t colon = word.find(':');
  std::size_t end = 0;
  for (; colon != std::string_view::npos; colon = word.find(':', colon + 1)) {
    end = std::min(word.find_first_not_of("0123456789", colon + 1), word.size());
    if (end > colon + 1 && (end == word.size() || word[end] == '(' || word[end] == '@')) break;
  }
  if (colon == std::string_view::npos) throw std::invalid_argument("not a frame: " + std::string(word));

  const auto lineno = static_cast<std::uint32_t>(std::stoul(std::string(word.substr(colon + 1, end - colon - 1))));
  snapshot::Frame frame{symbols.intern(word.substr(0, colon)), lineno};
  std::string_view rest = word.substr(end);
  if (rest.starts_with('(')) {
    const std::size_t close = rest.rfind(')');
    frame.function = symbols.intern(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  if (rest.starts_with('@')) frame.module = symbols.intern(rest.substr(1));
  return symbols.intern(frame);
}

Line line_from(const std::string& text, Symbols& symbols) {
  Line line;
  std::istringstream words(text);
  words >> line.size;
  for (std::string word; words >> word;) {
    const std::size_t equals = std::min(word.find('='), word.size());
    if (word == "<") continue;
    if (kNames.contains(word.substr(0, equals))) {
      line.more[word.substr(0, equals)] = word.substr(equals + 1);
    } else if (word[0] == 'x' && line.frames.empty() && is_number(std::string_view(word).substr(1))) {
      line.repeats = std::stoul(word.substr(1));
    } else {
      line.frames.insert(line.frames.begin(), frame_from(word, symbols));
    }
  }
  return line;
}

/// The row of the thread, which is made when there is none yet.
std::uint32_t thread_from(const Line& line, snapshot::SnapshotInfo& info) {
  if (!line.more.contains("thread")) return snapshot::TraceColumns::kUnknownThread;
  const std::string& name = line.more.at("thread");
  const snapshot::Thread thread = is_number(name) ? snapshot::Thread{std::stoull(name), ""} : snapshot::Thread{0, name};
  const auto found = std::ranges::find(info.threads, thread);
  const auto row = static_cast<std::uint32_t>(found - info.threads.begin());
  if (found == info.threads.end()) info.threads.push_back(thread);
  return row;
}

snapshot::StringId type_from(const Line& line, Symbols& symbols) {
  return line.more.contains("type") ? symbols.intern(line.more.at("type")) : snapshot::kUnknownString;
}

/// Whether any line states it, so that there is a column of it.
bool any_states(const std::vector<Line>& lines, const std::string& name) {
  return std::ranges::any_of(lines, [&](const Line& line) { return line.more.contains(name); });
}

void add_columns(const std::vector<Line>& lines, snapshot::SnapshotBuilder& builder) {
  snapshot::TraceColumns& columns = builder.columns();
  for (const Line& line : lines) {
    for (std::size_t left = line.repeats; left > 0; --left) {
      if (line.more.contains("address")) columns.address.push_back(line.number("address"));
      if (line.more.contains("birth")) columns.birth.push_back(std::stoll(line.more.at("birth")));
      if (line.more.contains("weight")) columns.weight.push_back(line.number("weight"));
      if (any_states(lines, "type")) columns.type.push_back(type_from(line, builder.symbols()));
      if (any_states(lines, "thread")) columns.thread.push_back(thread_from(line, builder.info()));
    }
  }
}

std::string frame_text(const Symbols& symbols, FrameId id) {
  const snapshot::Frame frame = symbols.frame(id);
  std::string text = std::string(symbols.text(frame.filename)) + ":" + std::to_string(frame.lineno);
  if (frame.function != snapshot::kUnknownString) text += "(" + std::string(symbols.text(frame.function)) + ")";
  if (frame.module != snapshot::kUnknownString) text += "@" + std::string(symbols.text(frame.module));
  return text;
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

/// What the further columns hold of a row.
std::string columns_text(const snapshot::Snapshot& snapshot, std::size_t at) {
  const snapshot::TraceColumns& traces = snapshot.traces();
  std::ostringstream text;
  if (!traces.count.empty()) text << " count=" << traces.count[at];
  if (!traces.address.empty()) text << " address=0x" << std::hex << traces.address[at] << std::dec;
  if (!traces.thread.empty() && traces.thread[at] != snapshot::TraceColumns::kUnknownThread) {
    const snapshot::Thread& thread = snapshot.info().threads.at(traces.thread[at]);
    text << " thread=" << (thread.name.empty() ? std::to_string(thread.id) : thread.name);
  }
  if (!traces.birth.empty()) text << " birth=" << traces.birth[at];
  if (!traces.weight.empty()) text << " weight=" << traces.weight[at];
  if (!traces.type.empty() && traces.type[at] != snapshot::kUnknownString) {
    text << " type=" << snapshot.symbols().text(traces.type[at]);
  }
  return text.str();
}

std::string signed_text(std::int64_t value) { return (value < 0 ? "" : "+") + std::to_string(value); }

}  // namespace

std::ostream& operator<<(std::ostream& out, const Lines& lines) {
  for (const std::string& line : lines) out << "\n    " << line;
  return out;
}

snapshot::Snapshot snapshot_from(std::string_view text, std::shared_ptr<Symbols> symbols, bool totals_only) {
  snapshot::SnapshotBuilder builder(std::move(symbols), totals_only);
  std::vector<Line> lines;
  std::istringstream text_lines{std::string(text)};
  for (std::string line; std::getline(text_lines, line);) {
    if (line.find_first_not_of(' ') != std::string::npos) lines.push_back(line_from(line, builder.symbols()));
  }
  const bool counted = any_states(lines, "count");
  for (const Line& line : lines) {
    const auto traceback = builder.symbols().intern(std::span<const FrameId>(line.frames));
    const std::uint32_t total = builder.total(traceback, static_cast<std::uint32_t>(line.number("nframe")),
                                              static_cast<std::uint32_t>(line.number("domain")));
    for (std::size_t left = line.repeats; left > 0; --left) {
      if (counted) {
        builder.add_equal_traces(total, line.size, static_cast<std::int64_t>(line.number("count", 1)));
      } else {
        builder.add_trace(total, line.size);
      }
    }
  }
  if (!totals_only) add_columns(lines, builder);
  return std::move(builder).finish();
}

Lines traces_of(const snapshot::Snapshot& snapshot) {
  Lines lines;
  const snapshot::TraceColumns& traces = snapshot.traces();
  for (std::size_t at = 0; at < traces.rows(); ++at) {
    const snapshot::Total& total = snapshot.totals()[traces.total[at]];
    lines.push_back(std::to_string(traces.size[at]) + " " + place_text(snapshot.symbols(), total) +
                    columns_text(snapshot, at));
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
  const auto row = static_cast<std::uint32_t>(key);
  switch (group_by) {
    case GroupBy::lineno: return frame_text(symbols, FrameId{row});
    case GroupBy::filename: return std::string(symbols.text(snapshot::StringId{row}));
    case GroupBy::traceback: return traceback_text(symbols, snapshot::TracebackId{row});
    default: throw std::invalid_argument("a key of a Grouping");
  }
}

std::string key_text(const snapshot::Grouping& grouping, snapshot::Key key) {
  const GroupBy by = grouping.by();
  if (by == GroupBy::function) return std::string(grouping.label(key)) + "@" + std::string(grouping.filename(key));
  const bool has_row = by == GroupBy::lineno || by == GroupBy::filename || by == GroupBy::traceback;
  return has_row ? key_text(grouping.symbols(), by, key) : std::string(grouping.label(key));
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

Lines ranked_statistics(const snapshot::Snapshot& snapshot, const snapshot::GroupSpec& spec, snapshot::Charge charge) {
  const snapshot::Grouping grouping(snapshot.symbols(), {&snapshot, 1}, spec);
  const snapshot::KeyOrder order(grouping, snapshot::FrameOrder::oldest_first);
  Lines lines;
  for (const snapshot::Statistic& row : rank(statistics({&snapshot, 1}, grouping, charge), order, {}).rows) {
    lines.push_back(std::to_string(row.size) + " x" + std::to_string(row.count) + " " + key_text(grouping, row.key));
  }
  return lines;
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
