#include "registry.h"

#include "folded/writer.h"
#include "json/writer.h"
#include "sites/reader.h"
#include "sites/writer.h"
#include "tms/reader.h"
#include "tms/writer.h"
#include "tracemalloc/reader.h"
#include "tracemalloc/writer.h"

#include <algorithm>
#include <array>

namespace formats {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTmsExtensions{".tms"sv};
constexpr std::array kPickleExtensions{".pickle"sv, ".pkl"sv};
constexpr std::array kJsonExtensions{".json"sv};
constexpr std::array kFoldedExtensions{".folded"sv};
constexpr std::array kSitesExtensions{".sites"sv};

bool is_read(const Format& format) { return format.read != nullptr; }
bool is_written(const Format& format) { return format.write != nullptr; }

const Format* find(std::string_view name, bool (*wanted)(const Format&)) {
  const auto all = all_formats();
  const auto found = std::ranges::find_if(all, [&](const Format& each) { return each.name == name && wanted(each); });
  return found == all.end() ? nullptr : &*found;
}

std::string names(bool (*wanted)(const Format&)) {
  std::string names;
  for (const Format& format : all_formats()) {
    if (wanted(format)) names += (names.empty() ? "" : ", ") + std::string(format.name);
  }
  return names;
}

}  // namespace

std::span<const Format> all_formats() {
  static constexpr std::array kFormats{
      Format{.name = "tms",
             .extensions = kTmsExtensions,
             .carries = kAllParts,
             .binary = true,
             .takes_level = true,
             .sniff = tms::sniff,
             .read = tms::read,
             .write = tms::write},
      Format{.name = "tracemalloc",
             .extensions = kPickleExtensions,
             .carries = kTracebacks | kBlocks | kTotalNframe | kDomains | kTracebackLimit,
             .binary = true,
             .sniff = tracemalloc::sniff,
             .read = tracemalloc::read,
             .write = tracemalloc::write},
      Format{
          .name = "json", .extensions = kJsonExtensions, .carries = kAllParts & ~kExtraSections, .write = json::write},
      Format{.name = "folded",
             .extensions = kFoldedExtensions,
             .carries = kTracebacks | kSums | kFunctions,
             .takes_amount = true,
             .write = folded::write},
      Format{.name = "sites",
             .extensions = kSitesExtensions,
             .carries = kSums | kDomains | kDomainNames | kFunctions | kRecorder | kTracebackLimit | kSamplingInterval,
             .sniff = sites::sniff,
             .read = sites::read,
             .write = sites::write},
  };
  return kFormats;
}

const Format* find_reader(std::string_view name) { return find(name, is_read); }
const Format* find_writer(std::string_view name) { return find(name, is_written); }

const Format* writer_for_path(std::string_view path) {
  for (const Format& format : all_formats()) {
    const auto ends = [&](std::string_view extension) { return path.ends_with(extension); };
    if (is_written(format) && std::ranges::any_of(format.extensions, ends)) return &format;
  }
  return nullptr;
}

std::string format_names() { return names(is_read); }
std::string writer_names() { return names(is_written); }

std::vector<std::string_view> left_out(const snapshot::Snapshot& snapshot, const Format& format) {
  return part_names(parts_of(snapshot) & ~format.carries);
}

}  // namespace formats
