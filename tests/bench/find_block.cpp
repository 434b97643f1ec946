// find_block FILE.tms 0xADDRESS: prints the block at an address and the lines of its traceback. What one look-up costs,
// whole process. Without an address: that of the first block, of the one in the middle and of the last.
#include <snapshot/error.h>
#include <snapshot/file.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace {

void find(snapshot::SnapshotFile& file, std::uint64_t address) {
  snapshot::Symbols symbols;
  const auto block = file.find_block(address, symbols);
  if (!block) throw snapshot::Error("no block has this address");
  std::printf("%#lx: %ld bytes\n", block->address, block->size);
  for (const snapshot::FrameId id : symbols.traceback(block->total.traceback)) {
    const snapshot::Frame frame = symbols.frame(id);
    std::printf("  %s:%u\n", std::string(symbols.text(frame.filename)).c_str(), frame.lineno);
  }
}

void print_addresses(snapshot::SnapshotFile& file) {
  const snapshot::Snapshot loaded = file.load(std::make_shared<snapshot::Symbols>());
  const auto addresses = loaded.traces().address.values();
  if (addresses.empty()) throw snapshot::Error("no block has an address");
  std::printf("%#lx %#lx %#lx\n", addresses.front(), addresses[addresses.size() / 2], addresses.back());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) throw snapshot::Error("usage: find_block FILE.tms [0xADDRESS]");
    auto file = snapshot::SnapshotFile::open(argv[1]);
    if (argc == 2) {
      print_addresses(file);
    } else {
      find(file, std::stoull(argv[2], nullptr, 16));
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "find_block: %s\n", error.what());
    return 2;
  }
}
