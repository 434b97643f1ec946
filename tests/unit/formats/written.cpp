#include "written.h"

#include <snapshot/builder.h>

#include <array>
#include <span>
#include <utility>

namespace testing {
namespace {

class TextSink final : public snapshot::ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  std::string text;
};

snapshot::SnapshotInfo full_info() {
  snapshot::SnapshotInfo info;
  info.time = 1'767'323'045'000'000'006;
  info.recorder = "tmrecord 1.0";
  info.process = {42, {"server", "--port", "80 80"}, "/usr/bin/server", "alpha", "linux-x86_64", "native", "12.2.0",
                  -1};
  info.traceback_limit = 25;
  info.sampling_interval = 524'288;
  info.traced_memory = {{300, 18'446'744'073'709'551'615U}};
  info.recorder_memory = 77;
  info.domains = {{389047, "numpy"}};
  info.threads = {{18'446'744'073'709'551'615U, "main \"loop\""}};
  info.modules = {{"/usr/bin/server", std::string("\xAB\x00\x1F", 3), 0x5500'0000'0000, 4096}};
  info.metrics = {{"load", 0.5, "percent"}, {"round", 2.0, "ratio"}, {"rss", std::int64_t{-1}, "size"}};
  info.extra_sections = {{"xtra", "12345"}};
  return info;
}

}  // namespace

std::string written(std::string_view format, const snapshot::Snapshot& snapshot, const formats::WriteOptions& options) {
  TextSink sink;
  formats::find_writer(format)->write(snapshot, options, sink);
  return sink.text;
}

snapshot::Snapshot full_snapshot() {
  snapshot::SnapshotBuilder builder(std::make_shared<snapshot::Symbols>());
  builder.info() = full_info();
  auto& symbols = builder.symbols();
  const auto module = symbols.intern("/usr/bin/server");
  const std::array frames{
      symbols.intern(snapshot::Frame{symbols.intern("main.c"), 3, symbols.intern("main"), module}),
      symbols.intern(snapshot::Frame{symbols.intern("pool.c"), 10, symbols.intern("pool::get<int; char>")})};
  const auto traceback = symbols.intern(std::span<const snapshot::FrameId>(frames));
  const std::uint32_t total = builder.total(traceback, 30, 389047);
  builder.add_trace(total, 100);
  builder.add_trace(total, 200);
  auto& columns = builder.columns();
  columns.address = {0xFFFF'FFFF'FFFF'FFF0U, 0x10};
  columns.thread = {0, snapshot::TraceColumns::kUnknownThread};
  columns.birth = {-5, 1'767'323'044'000'000'001};
  columns.weight = {524'288, 1};
  columns.type = {symbols.intern("pool::Page"), snapshot::kUnknownString};
  return std::move(builder).finish();
}

}  // namespace testing
