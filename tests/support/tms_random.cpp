#include "tms_random.h"

#include <snapshot/builder.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>

namespace testing {
namespace {

using brute_force::Frame;
using brute_force::Random;

constexpr std::int64_t kMost63 = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast63 = std::numeric_limits<std::int64_t>::min();
constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();

template <typename Value, std::size_t count>
Value pick(Random& random, const std::array<Value, count>& values) {
  return random.choice(std::span<const Value>(values));
}

std::string any_text(Random& random) {
  static const std::array<std::string, 10> kTexts{
      "",           "a.py", "a.pyc", "lib/\xED\xB2\x80.py", "\xF4\x8F\xBF\xBF", std::string(1, '\0'), "\xC3\xA4",
      "a b\n\"c\"", "z",    "aa"};
  return random.one_in(20) ? std::string(random.below(300), 'x') : pick(random, kTexts);
}

std::uint64_t any_number(Random& random) {
  static const std::array<std::uint64_t, 8> kNumbers{0, 1, 127, 128, 16383, 16384, kMost64, std::uint64_t{1} << 63U};
  return random.one_in(2) ? pick(random, kNumbers) : random.below(kMost64) >> random.below(64);
}

std::int64_t any_signed(Random& random) { return static_cast<std::int64_t>(any_number(random)); }
std::uint32_t any_32(Random& random) { return static_cast<std::uint32_t>(any_number(random)); }

Frame any_frame(Random& random) {
  Frame frame{any_text(random), random.one_in(5) ? any_32(random) : static_cast<std::uint32_t>(random.below(4))};
  if (random.one_in(3)) frame.function = any_text(random);
  if (random.one_in(5)) frame.module = any_text(random);
  return frame;
}

std::int64_t any_size(Random& random) {
  static const std::array<std::int64_t, 8> kSizes{0, 1, 24, 25, 512, 4096, 0xFFFFFFFF, std::int64_t{1} << 40U};
  return random.one_in(2) ? pick(random, kSizes) : static_cast<std::int64_t>(random.below(600));
}

snapshot::Metric any_metric(Random& random) {
  static const std::array<std::uint64_t, 6> kDoubles{0x8000000000000000, 0x7FF0000000000000, 0xFFF0000000000000,
                                                     0x7FF8000000000123, 0x7FF0000000000001, 0x3FF8000000000000};
  snapshot::Metric metric{any_text(random), any_signed(random), any_text(random)};
  if (random.one_in(2)) metric.value = std::bit_cast<double>(pick(random, kDoubles));
  return metric;
}

snapshot::SnapshotInfo any_info(Random& random) {
  snapshot::SnapshotInfo info;
  snapshot::Process& process = info.process;
  const auto maybe = [&](auto& field, auto make) {
    if (random.one_in(2)) field = make(random);
  };
  maybe(info.time, any_signed);
  maybe(process.pid, any_number);
  maybe(process.start_time, any_signed);
  maybe(info.traceback_limit, any_32);
  maybe(info.sampling_interval, any_number);
  maybe(info.recorder_memory, any_number);
  for (std::string* text : {&info.recorder, &process.executable, &process.host, &process.platform, &process.runtime,
                            &process.runtime_version}) {
    maybe(*text, any_text);
  }
  if (random.one_in(2)) info.traced_memory = {any_number(random), any_number(random)};
  for (auto left = random.below(3); left > 0; --left) process.command.push_back(any_text(random));
  for (auto left = random.below(3); left > 0; --left) info.domains.push_back({any_32(random), any_text(random)});
  for (auto left = random.below(4); left > 0; --left) info.threads.push_back({any_number(random), any_text(random)});
  for (auto left = random.below(3); left > 0; --left)
    info.modules.push_back({any_text(random), "\xFF\x80\x01", any_number(random), any_number(random)});
  for (auto left = random.below(4); left > 0; --left) info.metrics.push_back(any_metric(random));
  for (auto left = random.one_in(3) ? random.below(3) : 0; left > 0; --left)
    info.extra_sections.push_back({random.one_in(2) ? "xtra" : "nOTE", any_text(random)});
  return info;
}

/// As an allocator lays blocks out, with some that lie in each other, or anywhere.
std::uint64_t next_address(Random& random, std::uint64_t before, std::int64_t size) {
  static const std::array<std::uint64_t, 5> kEdges{0, 1, kMost64, kMost64 - 15, std::uint64_t{1} << 63U};
  const auto bytes = static_cast<std::uint64_t>(size);
  switch (random.below(8)) {
    case 0: return random.one_in(4) ? pick(random, kEdges) : before;
    case 1: return before + random.below(64);
    case 2: return before - 16 * random.below(64);
    case 3:
    case 4: return before + (bytes + 8 + 15) / 16 * 16;
    default: return before + (bytes + 15) / 16 * 16;
  }
}

std::vector<BlockSpec> any_places(Random& random) {
  std::vector<BlockSpec> places(1 + random.below(6));
  for (BlockSpec& place : places) {
    if (random.one_in(2)) place.frames = places[random.below(places.size())].frames;  // a common front
    for (auto left = 1 + random.below(5); left > 0; --left) place.frames.push_back(any_frame(random));
    place.domain = random.one_in(3) ? any_32(random) : 0;
    place.total_nframe = static_cast<std::uint32_t>(place.frames.size());
    if (random.one_in(3)) place.total_nframe = any_32(random);
  }
  return places;
}

/// Interns and adds blocks in the order of `rows`.
class Building {
 public:
  Building(const SnapshotSpec& spec, const std::shared_ptr<snapshot::Symbols>& symbols, bool totals_only)
      : spec_(spec), builder_(symbols, totals_only) {}

  void add(const BlockSpec& block) {
    const std::uint32_t total = builder_.total(intern(block.frames), block.total_nframe, block.domain);
    if (spec_.counted) {
      builder_.add_equal_traces(total, block.size, block.count);
    } else {
      builder_.add_trace(total, block.size);
    }
    if (builder_.totals_only()) return;
    snapshot::TraceColumns& columns = builder_.columns();
    if (spec_.has_address) columns.address.push_back(block.address);
    if (spec_.has_thread) columns.thread.push_back(block.thread);
    if (spec_.has_birth) columns.birth.push_back(block.birth);
    if (spec_.has_weight) columns.weight.push_back(block.weight);
    if (!spec_.has_type) return;
    columns.type.push_back(block.type ? builder_.symbols().intern(*block.type) : snapshot::kUnknownString);
  }

  snapshot::TracebackId intern(const std::vector<Frame>& frames) {
    snapshot::Symbols& symbols = builder_.symbols();
    std::vector<snapshot::FrameId> ids;
    for (const Frame& frame : frames) {
      const auto name = [&](const std::optional<std::string>& text) {
        return text ? symbols.intern(*text) : snapshot::kUnknownString;
      };
      const snapshot::StringId filename = symbols.intern(frame.filename);
      ids.push_back(symbols.intern(snapshot::Frame{filename, frame.lineno, name(frame.function), name(frame.module)}));
    }
    return symbols.intern(std::span<const snapshot::FrameId>(ids));
  }

  snapshot::Snapshot finish() && {
    builder_.info() = spec_.info;
    return std::move(builder_).finish();
  }

 private:
  const SnapshotSpec& spec_;
  snapshot::SnapshotBuilder builder_;
};

snapshot::SnapshotInfo info_of_everything() {
  snapshot::SnapshotInfo info;
  info.time = kLeast63;
  info.recorder = "tmrecord 1.0";
  info.process = {kMost64,
                  {"", "python3", "-c", "\xED\xB3\xBF"},
                  "/usr/bin/python3",
                  "h\xC3\xB6st",
                  "linux-x86_64",
                  "CPython",
                  "3.13.1",
                  kMost63};
  info.traceback_limit = kMost32;
  info.sampling_interval = kMost64;
  info.traced_memory = {0, kMost64};
  info.recorder_memory = 1;
  info.domains = {{0, "python"}, {kMost32, ""}};
  info.threads = {{kMost64, "main"}, {0, ""}, {7, "worker"}};
  info.modules = {{"/lib/libc.so.6", std::string("\x01\x00\xFF", 3), 0x7F0000000000, 0x200000}, {"", "", kMost64, 0}};
  info.metrics = {{"rss", std::int64_t{-1}, "size"},
                  {"nan", std::bit_cast<double>(std::uint64_t{0x7FF8000000000123}), "percent"},
                  {"least", kLeast63, ""},
                  {"zero", -0.0, "int"},
                  {"inf", std::numeric_limits<double>::infinity(), "int"}};
  info.extra_sections = {{"note", "for later"}, {"nOTE", ""}, {"note", std::string(3, '\0')}};
  return info;
}

}  // namespace

SnapshotSpec spec_of_everything() {
  const Frame main{"main.c", 3, "main", "/usr/bin/app"};
  const Frame grow{"list.c", 17, "grow", std::nullopt};
  const Frame python{"lib/\xED\xB2\x80.py", 0};
  const Frame far{"", kMost32, "", "libz.so"};
  SnapshotSpec spec;
  spec.has_address = spec.has_thread = spec.has_birth = spec.has_weight = spec.has_type = true;
  spec.info = info_of_everything();
  constexpr std::uint32_t kUnknown = snapshot::TraceColumns::kUnknownThread;
  spec.blocks = {
      {{main}, 1, 0, 0, 1, 0, 0, 0, 0, "dict"},
      {{main}, 1, 0, 0, 1, kMost64, 1, kLeast63, kMost64, "shop.models.\xED\xB2\x80"},
      {{main}, 0, 0, 512, 1, 0x1000, 2, kMost63, 1, ""},
      {{main}, 30, 0, 64, 1, 0x1010, kUnknown, -5, 512},
      {{main, grow}, 1, 0, 40, 1, 0x1020, 0, 6, 512},
      {{main, grow}, 2, kMost32, 512, 1, 0x1000, kUnknown, 6, 512, "shop.models.User"},
      {{main, grow, python}, kMost32, 3, kMost63 - (std::int64_t{1} << 41U), 1, 0x2000, 0, 7, 0},
      {{python, python}, 2, 0, std::int64_t{1} << 40U, 1, kMost64 - 15, 0, 8, 0},
      {{far}, 1, 0, 16, 1, 0x3001, 2, 9, 0, "main.c"},
  };
  return spec;
}

SnapshotSpec random_spec(Random& random, std::uint64_t most) {
  SnapshotSpec spec;
  if (!random.one_in(4)) spec.info = any_info(random);
  spec.counted = random.one_in(3);
  if (!spec.counted && !random.one_in(4)) {
    spec.has_address = !random.one_in(3);
    spec.has_thread = random.one_in(3);
    spec.has_birth = random.one_in(3);
    spec.has_weight = random.one_in(3);
  }
  spec.has_type = random.one_in(3);
  const std::vector<BlockSpec> places = any_places(random);
  const std::uint64_t unit = random.one_in(2) ? 16 : 1;
  std::uint64_t address = 0x7F0000000000;
  for (auto left = random.below(most + 1); left > 0; --left) {
    BlockSpec block = random.choice(std::span<const BlockSpec>(places));
    block.size = any_size(random);
    if (spec.counted) block.count = static_cast<std::int64_t>(1 + random.below(random.one_in(2) ? 3 : 200));
    address = next_address(random, address, block.size) / unit * unit;
    block.address = address;
    if (!spec.info.threads.empty() && !random.one_in(4))
      block.thread = static_cast<std::uint32_t>(random.below(spec.info.threads.size()));
    block.birth = any_signed(random);
    block.weight = any_number(random);
    if (!random.one_in(3)) block.type = any_text(random);
    spec.blocks.push_back(block);
  }
  return spec;
}

snapshot::Snapshot build(const SnapshotSpec& spec, bool totals_only) {
  Building building(spec, std::make_shared<snapshot::Symbols>(), totals_only);
  for (const BlockSpec& block : spec.blocks) building.add(block);
  return std::move(building).finish();
}

snapshot::Snapshot build_shuffled(const SnapshotSpec& spec, std::uint64_t seed) {
  Random random(seed);
  std::mt19937_64 engine(seed);
  std::vector<BlockSpec> blocks = spec.blocks;
  std::ranges::shuffle(blocks, engine);
  Building building(spec, std::make_shared<snapshot::Symbols>(), false);
  for (auto left = random.below(10); left > 0; --left) building.intern({any_frame(random), any_frame(random)});
  for (std::size_t at = blocks.size(); at-- > 0;) building.intern(blocks[at].frames);
  for (const BlockSpec& block : blocks) building.add(block);
  return std::move(building).finish();
}

}  // namespace testing
