#include "options.h"
#include "parse_value.h"
#include "regex.h"

#include <snapshot/error.h>
#include <snapshot/utf8.h>

#include <algorithm>
#include <charconv>

namespace cli {
namespace {

using snapshot::FilterField;

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char character) { return character >= '0' && character <= '9'; });
}

/// Where ":LINENO" begins in GLOB:LINENO; npos without one.
std::size_t find_lineno(const std::string& argument) {
  const std::size_t colon = argument.rfind(':');
  if (colon == std::string::npos || !is_number(std::string_view(argument).substr(colon + 1))) return std::string::npos;
  return colon;
}

/// LINENO of GLOB:LINENO.
std::optional<std::uint32_t> lineno_of(const std::string& argument) {
  const std::size_t colon = find_lineno(argument);
  if (colon == std::string::npos) return std::nullopt;
  return static_cast<std::uint32_t>(parse_number(std::string_view(argument).substr(colon + 1), kMax32));
}

std::uint64_t parse_address(std::string_view text) {
  const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = prefixed ? text.substr(2) : text;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    throw UsageError("'" + std::string(text) + "' is not an address such as 0x7f0012345678");
  }
  return value;
}

}  // namespace

void FilterOptions::add_patterns(CommandLine& command) {
  const auto add = [&](const char* names, const snapshot::Filter& filter, const char* help) {
    const bool by_name = filter.field == FilterField::filename;
    command.option(
        names, by_name ? "GLOB[:LINENO]" : "GLOB",
        [=, this](const std::string& text) {
          if (by_name) lineno_of(text);
          patterns_.push_back({text, filter});
        },
        help, true);
  };
  add("-i,--include", {}, "Keep blocks whose most recent frame matches; any of several");
  add("-x,--exclude", {.inclusive = false}, "Drop blocks whose most recent frame matches");
  add("-I,--include-any", {.all_frames = true}, "Keep blocks with a matching frame anywhere in the traceback");
  add("-X,--exclude-any", {.inclusive = false, .all_frames = true},
      "Drop blocks with a matching frame anywhere in the traceback");
  add("--function", {.field = FilterField::function}, "Keep blocks allocated in a matching function; any of several");
  add("--function-any", {.all_frames = true, .field = FilterField::function},
      "Keep blocks with a matching function anywhere in the traceback");
  command.flag("-E,--regex", regex_, "Take every GLOB as a regular expression, to be found in the name");
  command.after_parse([this] { compile(); });
}

void FilterOptions::compile() {
  for (const Pattern& pattern : patterns_) {
    snapshot::Filter filter = pattern.filter;
    const bool by_name = filter.field == FilterField::filename;
    const std::size_t colon = by_name ? find_lineno(pattern.text) : std::string::npos;
    if (colon != std::string::npos) filter.lineno = lineno_of(pattern.text);
    filter.pattern = snapshot::text_from_bytes(pattern.text.substr(0, colon));
    if (regex_) filter.accepts = compile_regex(filter.pattern);
    (by_name ? by_name_ : by_function_).emplace_back(filter);
  }
}

void FilterOptions::add_domains(CommandLine& command) {
  const auto add = [&](const char* names, bool inclusive, const char* help) {
    command.option(
        names, "DOMAIN",
        [=, this](const std::string& text) {
          if (is_number(text)) parse_number(text, kMax32);
          domains_.push_back({text, inclusive});
        },
        help, true);
  };
  add("--domain", true, "Keep blocks of this domain, by number or name; any of several");
  add("--exclude-domain", false, "Drop blocks of this domain");
}

void FilterOptions::add_block_conditions(CommandLine& command) {
  command.option(
      "--min-size", "SIZE", [this](const std::string& text) { least_ = parse_size(text); },
      "Keep blocks of at least this size (512, 4K, 1.5MiB)");
  command.option(
      "--max-size", "SIZE", [this](const std::string& text) { most_ = parse_size(text); },
      "Keep blocks of at most this size");
  command.option(
      "--thread", "THREAD", [this](const std::string& text) { threads_.push_back(snapshot::text_from_bytes(text)); },
      "Keep blocks that this thread allocated, by number or name; any of several", true);
  command.option(
      "--address", "FROM[-TO]",
      [this](const std::string& text) {
        const std::size_t dash = text.find('-');
        const std::uint64_t first = parse_address(std::string_view(text).substr(0, dash));
        const std::uint64_t last =
            dash == std::string::npos ? first : parse_address(std::string_view(text).substr(dash + 1));
        if (last < first) throw UsageError("'" + text + "' ends before it begins");
        addresses_.push_back({first, last});
      },
      "Keep blocks with a byte at this address, or from FROM to TO (hexadecimal); any of several", true);
}

void FilterOptions::add_to(CommandLine& command) {
  add_patterns(command);
  add_domains(command);
  add_block_conditions(command);
}

formats::Detail FilterOptions::detail() const {
  using formats::Detail;
  if (!threads_.empty() || !addresses_.empty()) return Detail::traces;
  if (by_size()) return Detail::sizes;
  const bool by_any_frame = std::ranges::any_of(patterns_, [](const Pattern& each) { return each.filter.all_frames; });
  return by_any_frame ? Detail::totals : Detail::sites;
}

/// The filters by domain, or nothing when no block can pass them: no domain of the snapshot has a name that is wanted.
std::optional<std::vector<snapshot::TraceFilter>> FilterOptions::domains_of(const snapshot::SnapshotInfo& info) const {
  std::vector<snapshot::TraceFilter> filters;
  bool wanted = false;
  bool found = false;
  for (const DomainName& name : domains_) {
    const auto add = [&](std::uint32_t domain) {
      filters.emplace_back(snapshot::DomainFilter{name.inclusive, domain});
      found |= name.inclusive;
    };
    wanted |= name.inclusive;
    if (is_number(name.text)) {
      add(static_cast<std::uint32_t>(parse_number(name.text, kMax32)));
      continue;
    }
    for (const snapshot::Domain& domain : info.domains) {
      if (domain.name == snapshot::text_from_bytes(name.text)) add(domain.id);
    }
  }
  return wanted && !found ? std::nullopt : std::optional(filters);
}

/// Whether the block at a row of the traces meets the conditions of single blocks.
std::function<bool(std::size_t)> FilterOptions::block_test(const snapshot::Snapshot& snapshot) const {
  const snapshot::TraceColumns& traces = snapshot.traces();
  if (by_size() && !snapshot.has_traces()) throw snapshot::Error("the sizes of single blocks are not known, only sums");
  if (!addresses_.empty() && traces.address.empty() && traces.rows() > 0) {
    throw snapshot::Error("keeps no addresses of blocks");
  }
  if (!threads_.empty() && traces.thread.empty() && traces.rows() > 0) {
    throw snapshot::Error("keeps no threads of blocks");
  }
  std::vector<bool> wanted_threads;
  for (const snapshot::Thread& thread : snapshot.info().threads) {
    wanted_threads.push_back(std::ranges::any_of(threads_, [&](const std::string& wanted) {
      return wanted == thread.name || wanted == std::to_string(thread.id);
    }));
  }
  return [this, &traces, wanted_threads = std::move(wanted_threads)](std::size_t row) {
    const std::int64_t size = traces.size[row];
    if (size < least_ || size > most_) return false;
    if (!threads_.empty()) {
      const std::uint32_t thread = traces.thread[row];
      if (thread == snapshot::TraceColumns::kUnknownThread || !wanted_threads[thread]) return false;
    }
    return addresses_.empty() || std::ranges::any_of(addresses_, [&](const Addresses& range) {
             const std::uint64_t first = traces.address[row];
             const auto length = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 1));
             return first <= range.last && (first >= range.first || range.first - first < length);
           });
  };
}

/// By row of the totals, whether they meet the conditions of frames and domains. One list after the other joins them by
/// "and"; within one list tracemalloc's rules hold.
std::vector<bool> FilterOptions::passing(const snapshot::Snapshot& snapshot) const {
  std::vector<bool> kept(snapshot.totals().size(), true);
  const auto join = [&](const std::vector<snapshot::TraceFilter>& filters) {
    if (filters.empty()) return;
    const std::vector<bool> passing = snapshot::passing(snapshot, filters);
    for (std::size_t at = 0; at < kept.size(); ++at) kept[at] = kept[at] && passing[at];
  };
  join(by_name_);
  join(by_function_);
  if (const auto filters = domains_of(snapshot.info())) {
    join(*filters);
  } else {
    kept.assign(kept.size(), false);
  }
  return kept;
}

snapshot::Snapshot FilterOptions::apply(snapshot::Snapshot snapshot) const {
  if (patterns_.empty() && domains_.empty() && !by_block() && !invert_) return snapshot;
  std::vector<bool> kept = passing(snapshot);
  if (!by_block()) {
    if (invert_) kept.flip();
    return snapshot.where_total(kept);
  }
  const auto test = block_test(snapshot);
  return snapshot.where_trace(
      [&](std::size_t row) { return (kept[snapshot.traces().total[row]] && test(row)) != invert_; });
}

void FilterOptions::add_invert(CommandLine& command) {
  command.flag("-v,--invert-match", invert_, "Look at the blocks that the other options would leave out");
}

}  // namespace cli
