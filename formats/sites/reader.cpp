#include "reader.h"

#include "../format_error.h"
#include "text.h"

#include <snapshot/error.h>
#include <snapshot/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace formats::sites {
namespace {

constexpr auto kMostSize = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();

std::uint64_t parse_number(std::string_view text, std::uint64_t most, const char* what) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > most) {
    throw FormatError(std::string(what) + " is no whole number up to " + std::to_string(most));
  }
  return value;
}

/// The fields of a line, which has so many.
template <std::size_t Count>
std::array<std::string_view, Count> split(std::string_view line) {
  std::array<std::string_view, Count> fields;
  std::size_t count = 0;
  for (;;) {
    const std::size_t tab = line.find('\t');
    if (count < Count) fields[count] = line.substr(0, tab);
    ++count;
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
  }
  if (count != Count) {
    throw FormatError("has " + std::to_string(count) + (count == 1 ? " field" : " fields") + ", not " +
                      std::to_string(Count));
  }
  return fields;
}

/// A header whose value is text.
struct Text {
  std::string_view name;
  std::string& (*of)(snapshot::SnapshotInfo& info);
};
constexpr std::array kTexts{
    Text{"recorder", [](snapshot::SnapshotInfo& info) -> std::string& { return info.recorder; }},
    Text{"platform", [](snapshot::SnapshotInfo& info) -> std::string& { return info.process.platform; }},
    Text{"runtime", [](snapshot::SnapshotInfo& info) -> std::string& { return info.process.runtime; }},
    Text{"runtime-version", [](snapshot::SnapshotInfo& info) -> std::string& { return info.process.runtime_version; }},
};

/// Lines as they come.
class Lines {
 public:
  explicit Lines(ByteReader& bytes) : bytes_(bytes) {}

  std::uint64_t number() const { return number_; }  ///< of the line that next() gave last; from 1

  /// A line without its end, valid until the next call; nothing at the end of the file.
  std::optional<std::string_view> next() {
    bytes_.advance(std::exchange(taken_, 0));
    ++number_;
    if (!bytes_.ensure(1)) return std::nullopt;
    std::size_t seen = 0;
    for (std::size_t wanted = 1;;) {
      const bool more = bytes_.ensure(wanted);
      const std::string_view window = bytes_.window().substr(0, kLongestLine);
      const std::size_t end = window.find('\n', seen);
      if (end != std::string_view::npos) {
        taken_ = end + 1;
        const std::string_view line = window.substr(0, end);
        return line.ends_with('\r') ? line.substr(0, end - 1) : line;
      }
      if (window.size() == kLongestLine) throw FormatError("is longer than 1 MiB");
      if (!more) throw FormatError("the file ends within it");
      seen = window.size();
      wanted = std::min(2 * seen, kLongestLine);
    }
  }

 private:
  ByteReader& bytes_;
  std::size_t taken_ = 0;
  std::uint64_t number_ = 0;
};

class Reader {
 public:
  Reader(ByteReader& bytes, snapshot::SnapshotBuilder& builder) : lines_(bytes), builder_(builder) {}

  void read() {
    try {
      read_lines();
    } catch (const FormatError& error) {
      throw FormatError("line " + std::to_string(lines_.number()) + ": " + error.what());
    } catch (const snapshot::Error& error) {
      throw FormatError("line " + std::to_string(lines_.number()) + ": " + error.what());
    }
  }

  bool has_sites() const { return sites_ > 0; }

 private:
  std::string_view line() {
    const auto line = lines_.next();
    if (!line) throw FormatError("the file ends before its last line");
    if (!snapshot::is_generalised_utf8(*line)) throw FormatError("is not UTF-8");
    return *line;
  }

  void read_lines() {
    const std::string_view first = line();
    if (!first.starts_with(kMagic) || first.substr(kMagic.size()) != kVersion) {
      throw FormatError("is not '" + std::string(kMagic) + std::string(kVersion) + "'");
    }
    for (std::string_view header = line(); header != kColumns; header = line()) read_header(header);
    std::string_view row = line();
    for (; !row.starts_with("end\t"); row = line()) read_site(row);
    read_end(row);
  }

  void read_header(std::string_view line) {
    const std::string_view name = line.substr(0, line.find('\t'));
    snapshot::SnapshotInfo& info = builder_.info();
    if (name == "domain") return read_domain(line);
    const auto known = std::ranges::find(kTexts, name, &Text::name);
    const bool is_number = name == "traceback-limit" || name == "sampling-interval";
    if (known == kTexts.end() && !is_number) {
      throw FormatError("is no header of version 1, nor the names of the columns");
    }
    const std::string_view value = split<2>(line)[1];
    if (!headers_.insert(std::string(name)).second) throw FormatError(std::string(name) + " is told twice");
    if (known != kTexts.end()) {
      known->of(info) = unescaped(value);
    } else if (name == "traceback-limit") {
      info.traceback_limit = static_cast<std::uint32_t>(parse_number(value, kMost32, "the traceback limit"));
    } else {
      info.sampling_interval = parse_number(value, std::numeric_limits<std::uint64_t>::max(), "the sampling interval");
    }
  }

  void read_domain(std::string_view line) {
    const auto fields = split<3>(line);
    const auto id = static_cast<std::uint32_t>(parse_number(fields[1], kMost32, "the domain"));
    std::vector<snapshot::Domain>& domains = builder_.info().domains;
    if (!domains.empty() && domains.back().id >= id) throw FormatError("domains are not in order");
    domains.push_back({id, unescaped(fields[2])});
  }

  void read_site(std::string_view line) {
    const auto [size, count, domain, function, place] = split<5>(line);
    const std::size_t colon = place.rfind(':');
    if (colon == std::string_view::npos) throw FormatError("the site has no lineno");
    Site site{unescaped(place.substr(0, colon)),
              static_cast<std::uint32_t>(parse_number(place.substr(colon + 1), kMost32, "the lineno")),
              unescaped(function),
              domain.empty() ? 0 : static_cast<std::uint32_t>(parse_number(domain, kMost32, "the domain"))};
    if (sites_ > 0 && !(last_ < site)) {
      throw FormatError(last_ == site ? "the site stands there twice" : "sites are not in order");
    }
    const auto bytes = static_cast<std::int64_t>(parse_number(size, kMostSize, "the size"));
    const auto blocks = static_cast<std::int64_t>(parse_number(count, kMostSize, "the count"));
    if (blocks == 0) throw FormatError("the site has no block");
    builder_.add_sum(row_of(site), bytes, blocks);
    size_ += bytes;
    count_ += blocks;
    ++sites_;
    last_ = std::move(site);
  }

  /// (filename, lineno, function, domain), in the order of lines.
  using Site = std::tuple<std::string, std::uint32_t, std::string, std::uint32_t>;

  std::uint32_t row_of(const Site& site) {
    const auto& [filename, lineno, function, domain] = site;
    snapshot::Symbols& symbols = builder_.symbols();
    snapshot::Frame frame{symbols.intern(filename), lineno};
    if (!function.empty()) frame.function = symbols.intern(function);
    const snapshot::FrameId id = symbols.intern(frame);
    return builder_.total(symbols.intern(std::span(&id, 1)), 0, domain);
  }

  void read_end(std::string_view line) {
    const auto fields = split<4>(line);
    const auto number = [&](std::size_t at) { return parse_number(fields[at], kMostSize, "a sum"); };
    if (number(1) != sites_ || number(2) != static_cast<std::uint64_t>(size_) ||
        number(3) != static_cast<std::uint64_t>(count_)) {
      throw FormatError("sites, bytes and blocks are " + std::to_string(sites_) + ", " + std::to_string(size_) +
                        " and " + std::to_string(count_) + ", not as it says");
    }
    if (lines_.next()) throw FormatError("there is more behind the end");
  }

  Lines lines_;
  snapshot::SnapshotBuilder& builder_;
  std::set<std::string> headers_;
  Site last_;
  std::uint64_t sites_ = 0;
  std::int64_t size_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace

Sniff sniff(std::string_view head) { return head.starts_with(kMagic) ? Sniff::yes : Sniff::no; }

snapshot::Snapshot read(ByteReader& bytes, const std::shared_ptr<snapshot::Symbols>& symbols,
                        const ReadOptions& options, Lost& lost) {
  snapshot::SnapshotBuilder builder(symbols, true);
  Reader reader(bytes, builder);
  try {
    reader.read();
  } catch (const FormatError& error) {
    if (!options.salvage || !reader.has_sites()) throw;
    lost.emplace_back(error.what());  // the sites before it are there
  }
  return std::move(builder).finish();
}

}  // namespace formats::sites
