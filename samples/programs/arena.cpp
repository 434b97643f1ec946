// arena OUT.tms: how a program that has an allocator of its own tells what it holds, with libsnapshot. It builds a
// snapshot of an arena, saves it, opens it again, and asks for the block at an address.
#include <snapshot/builder.h>
#include <snapshot/file.h>
#include <snapshot/save.h>

#include <array>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace {

constexpr std::uint64_t kArena = 0x7f0000000000;
constexpr std::int64_t kTaken = 1767323045000000000;  // 2026-01-02T03:04:05Z; a real program asks the clock
constexpr std::uint32_t kArenaDomain = 7;

void fill_info(snapshot::SnapshotInfo& info) {
  info.time = kTaken;
  info.recorder = "arena 1.0";
  info.process.pid = 4242;
  info.process.command = {"arena", "out.tms"};
  info.process.executable = "/opt/arena/bin/arena";
  info.process.runtime = "native";
  info.traceback_limit = 8;
  info.traced_memory = snapshot::TracedMemory{8192, 12288};
  info.domains = {{kArenaDomain, "arena"}};
  info.threads = {{4242, "main"}, {4243, "worker"}};
  info.modules = {{"/opt/arena/bin/arena", "\xde\xad\xbe\xef", 0x400000, 0x20000}};
  info.metrics = {{"arena pages", std::int64_t{2}, "int"}, {"fragmentation", 0.125, "percent"}};
}

snapshot::Snapshot snapshot_of_arena() {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const auto module = symbols->intern("/opt/arena/bin/arena");
  const auto frame = [&](const char* filename, std::uint32_t lineno, const char* function) {
    return symbols->intern(snapshot::Frame{symbols->intern(filename), lineno, symbols->intern(function), module});
  };
  const auto main_frame = frame("arena.cpp", 90, "main");
  const std::array by_request{main_frame, frame("server.cpp", 31, "serve"), frame("request.cpp", 12, "parse")};
  const std::array by_cache{main_frame, frame("cache.cpp", 57, "Cache::insert")};

  snapshot::SnapshotBuilder builder(symbols);
  fill_info(builder.info());
  const std::uint32_t requests = builder.total(symbols->intern(by_request), 3, kArenaDomain);
  const std::uint32_t entries = builder.total(symbols->intern(by_cache), 2, kArenaDomain);
  std::uint64_t address = kArena;
  for (std::uint32_t at = 0; at < 100; ++at) {
    const bool request = at % 3 == 0;
    const std::int64_t size = request ? 96 : 64;
    builder.add_trace(request ? requests : entries, size);
    builder.columns().address.push_back(address);
    builder.columns().thread.push_back(request ? 1 : 0);
    builder.columns().birth.push_back(kTaken - 1000000 * std::int64_t{100 - at});
    address += static_cast<std::uint64_t>(size);
  }
  return std::move(builder).finish();
}

void run(const std::string& path) {
  save(snapshot_of_arena(), path);

  auto file = snapshot::SnapshotFile::open(path);  // reads no traceback and no block yet
  std::cout << file.count() << " blocks, " << file.size() << " bytes, recorded by " << file.info().recorder << '\n';

  snapshot::Symbols symbols;
  const auto block = file.find_block(kArena + 100, symbols);
  if (!block) return;
  const auto frame = symbols.frame(symbols.most_recent(block->total.traceback));
  std::cout << "byte " << kArena + 100 - block->address << " of a block of " << block->size << " bytes, from "
            << symbols.text(frame.function) << " at " << symbols.text(frame.filename) << ':' << frame.lineno << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: arena OUT.tms\n";
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "arena: " << argv[1] << ": " << error.what() << '\n';
    return 2;
  }
}
