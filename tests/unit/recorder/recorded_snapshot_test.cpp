#include <recorder/recorded_snapshot.h>

#include <doctest/doctest.h>
#include <snapshot/error.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "made_region.h"

using namespace snapshot::recorder;
using snapshot::Snapshot;
using testing::MadeRegion;

namespace {

Snapshot snapshot_of(const MadeRegion& made) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  AddressResolver resolver(*symbols);
  return recorded_snapshot(copy_region(RegionFile(made.path()), false), {"tmrecord 1", "host", "linux-x86_64", {}},
                           resolver, symbols);
}

std::string text_of(const Snapshot& snapshot, snapshot::FrameId id) {
  const auto& symbols = snapshot.symbols();
  const snapshot::Frame frame = symbols.frame(id);
  std::string text(symbols.text(frame.filename));
  if (frame.function != snapshot::kUnknownString) text += " " + std::string(symbols.text(frame.function));
  return text;
}

/// The frames of the block at `address`, the most recent first.
std::string traceback(const Snapshot& snapshot, std::uint64_t address) {
  for (std::size_t at = 0; at < snapshot.traces().rows(); ++at) {
    if (snapshot.traces().address[at] != address) continue;
    const auto frames = snapshot.symbols().traceback(snapshot.totals()[snapshot.traces().total[at]].traceback);
    std::string text;
    for (std::size_t i = frames.size(); i > 0; --i) {
      text += (text.empty() ? "" : " < ") + text_of(snapshot, frames[i - 1]);
    }
    return text;
  }
  return "none";
}

/// Names all code as "operator new(unsigned long)" at 0x10 of its module, and elsewhere "outer", with "inner" inlined.
class Inlined final : public FrameResolver {
 public:
  explicit Inlined(snapshot::Symbols& symbols) : symbols_(symbols) {}

  std::string expected;  // paths of modules

  void expect(const std::vector<snapshot::Module>& modules) override {
    for (const snapshot::Module& module : modules) expected += module.path + "\n";
  }

  void resolve(const snapshot::Module&, std::uint64_t address, std::vector<snapshot::FrameId>& frames) override {
    const auto frame = [&](const char* function) {
      frames.push_back(symbols_.intern(
          snapshot::Frame{symbols_.intern("a.cpp"), static_cast<std::uint32_t>(address), symbols_.intern(function)}));
    };
    if (address == 0x10) return frame("operator new(unsigned long)");
    frame("outer");
    frame("inner");
  }

 private:
  snapshot::Symbols& symbols_;
};

}  // namespace

TEST_CASE("return addresses are looked up one before, interrupted instructions where they are") {
  MadeRegion made;
  const auto app = made.add_module("/bin/app", 0x400000, 0x500000, 0x400000);
  const auto main = made.add_node(0, 0x401000, app);
  made.add_block(0, 0x1000, 16, made.add_node(main, 0x402000, app));
  made.add_block(0, 0x2000, 16, made.add_node(main, 0x402000, app, kNodeExact));
  made.add_block(0, 0x3000, 16, made.add_node(main, 0x7f001234, 0));
  made.add_block(0, 0x4000, 16, 0);
  const Snapshot snapshot = snapshot_of(made);
  CHECK(traceback(snapshot, 0x1000) == "/bin/app 0x1fff < /bin/app 0xfff");
  CHECK(traceback(snapshot, 0x2000) == "/bin/app 0x2000 < /bin/app 0xfff");
  CHECK(traceback(snapshot, 0x3000) == "<unknown> 0x7f001233 < /bin/app 0xfff");
  CHECK(traceback(snapshot, 0x4000) == "<unknown>");
}

TEST_CASE("tags give the domain and the high bits of the size") {
  MadeRegion made;
  auto& domain = made.header().domains[2];
  domain.id = 389047;
  domain.used = 1;
  std::snprintf(domain.name, sizeof domain.name, "numpy");
  const auto node = made.add_node(0, 0x5001, 0);
  made.add_block(0, 0x1000, 5, made.add_tag(node, 2, 3));
  const Snapshot snapshot = snapshot_of(made);
  REQUIRE(snapshot.count() == 1);
  CHECK(snapshot.size() == (std::int64_t{3} << 40) + 5);
  CHECK(snapshot.totals()[0].domain == 389047);
  CHECK(snapshot.info().domains == std::vector<snapshot::Domain>{{389047, "numpy"}});
  CHECK(traceback(snapshot, 0x1000) == "<unknown> 0x5000");
}

TEST_CASE("the most recent frames are kept, and it is told how many there were") {
  MadeRegion made(2);
  std::uint32_t node = 0;
  for (std::uint64_t at = 1; at <= 5; ++at) node = made.add_node(node, at * 16 + 1, 0);
  made.add_block(0, 0x1000, 1, node);
  const auto cut = made.add_node(0, 0x101, 0, kNodeCut);
  made.add_block(0, 0x2000, 1, made.add_node(cut, 0x201, 0));
  const Snapshot snapshot = snapshot_of(made);
  CHECK(traceback(snapshot, 0x1000) == "<unknown> 0x50 < <unknown> 0x40");
  CHECK(snapshot.totals()[0].total_nframe == 5);
  CHECK(snapshot.totals()[1].total_nframe == 0);
  CHECK(snapshot.info().traceback_limit == 2);
}

TEST_CASE("inlined functions are frames, and operator new is left to its caller") {
  MadeRegion made;
  const auto app = made.add_module("/bin/app", 0x400000, 0x500000, 0x400000);
  const auto library = made.add_module("/lib/c++", 0x600000, 0x700000, 0x600000);
  const auto caller = made.add_node(0, 0x400101, app);
  made.add_block(0, 0x1000, 16, made.add_node(caller, 0x600011, library));
  const auto other = made.add_module("/lib/other", 0x800000, 0x900000, 0x800000);
  made.add_node(caller, 0x800011, other);  // of a block that was freed
  const auto symbols = std::make_shared<snapshot::Symbols>();
  Inlined resolver(*symbols);
  const Snapshot snapshot = recorded_snapshot(copy_region(RegionFile(made.path()), false), {}, resolver, symbols);
  CHECK(traceback(snapshot, 0x1000) == "a.cpp inner < a.cpp outer");
  CHECK(snapshot.totals()[0].total_nframe == 2);
  CHECK(resolver.expected == "/bin/app\n/lib/c++\n");
}

TEST_CASE("threads, modules, the program's metrics and its command are told") {
  MadeRegion made;
  made.add_module("/bin/app", 0x400000, 0x500000, 0x400000);
  const auto worker = made.add_thread(42, "worker");
  made.add_block(0, 0x1000, 16, made.add_node(0, 0x5001, 0), worker);
  made.add_block(0, 0x2000, 16, 1);
  auto& metric = made.header().metrics[1];
  metric.bits = 12;
  metric.version = 2;
  std::snprintf(metric.name, sizeof metric.name, "sessions");
  std::snprintf(metric.format, sizeof metric.format, "int");
  std::memcpy(made.header().command, "app\0--now", 10);
  made.header().command_size = 10;
  const Snapshot snapshot = snapshot_of(made);
  CHECK(snapshot.traces().thread[0] == 0);
  CHECK(snapshot.traces().thread[1] == snapshot::TraceColumns::kUnknownThread);
  CHECK(snapshot.info().threads == std::vector<snapshot::Thread>{{42, "worker"}});
  CHECK(snapshot.info().modules == std::vector<snapshot::Module>{{"/bin/app", {"\xab\0", 2}, 0x400000, 0x100000}});
  CHECK(snapshot.info().metrics.back() == snapshot::Metric{"sessions", std::int64_t{12}, "int"});
  CHECK(snapshot.info().process.command == std::vector<std::string>{"app", "--now"});
  CHECK(snapshot.info().process.runtime == "native");
  CHECK(snapshot.info().traced_memory == snapshot::TracedMemory{32, 32});
}

TEST_CASE("a sampled block stands for its size by the chance that it had") {
  CHECK(sampling_weight(100, 0) == 100);
  CHECK(sampling_weight(0, 4096) == 0);
  CHECK(sampling_weight(1, 524288) == 524289);         // nearly never sampled: stands for all of the interval
  CHECK(sampling_weight(1 << 30, 524288) == 1 << 30);  // always sampled: for itself
  MadeRegion made(8, 4096);
  made.add_block(0, 0x1000, 4096, made.add_node(0, 0x5001, 0));
  const Snapshot snapshot = snapshot_of(made);
  CHECK(snapshot.traces().weight[0] == std::uint64_t(std::lround(4096 / (1 - std::exp(-1)))));
  CHECK(snapshot.info().sampling_interval == 4096);
}

TEST_CASE("traces are in the order of their addresses") {
  MadeRegion made;
  const auto node = made.add_node(0, 0x5001, 0);
  for (const std::uint64_t address :
       std::vector<std::uint64_t>{0x7fffffff1000, 0x2000, 0x1010, 0x7f00fffff000, 0x1000}) {
    made.add_block(address % 64, address, 1, node);
  }
  const Snapshot snapshot = snapshot_of(made);
  const auto addresses = snapshot.traces().address.values();
  CHECK(addresses.size() == 5);
  CHECK(std::ranges::is_sorted(addresses));
}

TEST_CASE("sizes that add up to too much are an error") {
  MadeRegion made;
  const auto node = made.add_tag(made.add_node(0, 0x5001, 0), 0, 0xffff);
  for (std::uint64_t at = 1; at <= 200; ++at) made.add_block(0, at << 12, 0xffffffffff, node);
  CHECK_THROWS_AS(snapshot_of(made), snapshot::Error);
}
