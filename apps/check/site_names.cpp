#include "site_names.h"

#include "silence.h"

#include "common/report.h"

#include <fmt/format.h>

namespace cli {
namespace {

using snapshot::GroupBy;

std::string line_name(std::string_view filename, std::uint32_t lineno) {
  return fmt::format("{}:{}", filename, lineno);
}

std::string key_name(const ReportRow& row) {
  switch (row.by) {
    case GroupBy::lineno: return line_name(row.traceback[0].filename, row.traceback[0].lineno);
    case GroupBy::filename: return std::string(row.traceback[0].filename);
    case GroupBy::function: {
      const ReportFrame& frame = row.traceback[0];
      if (!frame.function) return std::string(frame.filename);
      return fmt::format("{} ({})", *frame.function, frame.filename);
    }
    case GroupBy::traceback: {
      std::string text;  // most recent first, as the tools' tables
      for (auto frame = row.traceback.rbegin(); frame != row.traceback.rend(); ++frame) {
        text += (text.empty() ? "" : " < ") + line_name(frame->filename, frame->lineno);
      }
      return text;
    }
    case GroupBy::domain: return "domain " + std::string(row.key);
    case GroupBy::thread: return "thread " + std::string(row.key);
    case GroupBy::type: return "type " + std::string(row.key);
    case GroupBy::size_class: return "size class " + std::string(row.key);
    default: return std::string(row.key);
  }
}

}  // namespace

SiteNames::SiteNames(const Groups& groups, std::span<const snapshot::Snapshot> base,
                     std::span<const snapshot::Snapshot> head, const Sources& sources)
    : groups_(groups),
      head_(head),
      sources_(sources),
      base_functions_(base, groups.is_cumulative()),
      head_functions_(head, groups.is_cumulative()) {}

Site SiteNames::site_of(const SiteRuns& site, const Compared& compared) const {
  const snapshot::Grouping& grouping = groups_.outer();
  const snapshot::Key key = site.head_key ? *site.head_key : *site.base_key;
  const ReportRow row = row_of(grouping, key);
  Site result;
  result.key = key_name(row);
  result.base = compared.base;
  result.head = compared.head;
  result.matched = site.matched;
  if (!row.traceback.empty()) {
    const ReportFrame& frame = row.traceback.back();
    result.filename = frame.filename;
    result.lineno = frame.lineno;
    if (frame.function) result.function = *frame.function;
  }
  if (grouping.by() != GroupBy::lineno) return result;
  const LineFunctions& functions = site.head_key ? head_functions_ : base_functions_;
  const snapshot::StringId function = functions.of(key);
  if (function != snapshot::kUnknownString) result.function = grouping.symbols().text(function);
  if (site.head_key && site.base_key && *site.head_key != *site.base_key) {
    result.base_lineno = grouping.symbols().frame(snapshot::FrameId{static_cast<std::uint32_t>(*site.base_key)}).lineno;
  }
  return result;
}

void SiteNames::find_tracebacks() {
  has_tracebacks_ = true;
  for (const snapshot::Snapshot& snapshot : head_) {
    for (const snapshot::Total& total : snapshot.totals()) {
      for (const snapshot::Key key : sites_of(groups_, snapshot, total)) {
        const auto [entry, added] = tracebacks_.try_emplace(key, total);
        if (!added && total.size > entry->second.size) entry->second = total;
      }
    }
  }
}

void SiteNames::add_details(Site& site, const SiteRuns& of) {
  if (!has_tracebacks_) find_tracebacks();
  const auto found = of.head_key ? tracebacks_.find(*of.head_key) : tracebacks_.end();
  if (found != tracebacks_.end() && groups_.outer().by() != GroupBy::traceback) {
    const snapshot::Symbols& symbols = groups_.outer().symbols();
    const auto frames = symbols.traceback(found->second.traceback);
    if (frames.size() > 1) {
      for (const snapshot::FrameId id : frames) {
        const snapshot::Frame frame = symbols.frame(id);
        site.traceback.push_back(line_name(symbols.text(frame.filename), frame.lineno));
      }
    }
  }
  if (site.lineno != 0 && sources_.head != nullptr) site.source = sources_.head->line(site.filename, site.lineno);
}

}  // namespace cli
