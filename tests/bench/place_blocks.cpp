// place_blocks BLOCKS IN OUT.tms: gives the blocks of a snapshot addresses, as a real malloc places them in a process
// that lives for a while, and writes BLOCKS of them. The traces of IN are repeated, or cut, to that number, so that
// heaps of any size have the same tracebacks and sizes.
//
// A third more blocks than are kept are taken from malloc, interleaved with the rest and then freed, so that the heap
// has holes; a tenth of what is kept comes late and fills some of them. The seed is fixed.
#include <formats/bytes/sources.h>
#include <formats/load.h>
#include <snapshot/builder.h>
#include <snapshot/save.h>

#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr std::uint64_t kSeed = 1;

/// Addresses of blocks of these sizes, all alive at once.
std::vector<std::uint64_t> place(const std::vector<std::size_t>& sizes) {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);  // in the heap even if large, as in a long-lived process
  std::mt19937_64 random(kSeed);
  std::vector<void*> blocks(sizes.size());
  std::vector<std::size_t> late;
  std::vector<void*> gone;
  for (std::size_t at = 0; at < sizes.size(); ++at) {
    if (random() % 3 == 0) gone.push_back(std::malloc(sizes[random() % sizes.size()]));
    if (random() % 10 == 0) {
      late.push_back(at);
    } else {
      blocks[at] = std::malloc(sizes[at]);
    }
  }
  for (void* block : gone) std::free(block);
  for (const std::size_t at : late) blocks[at] = std::malloc(sizes[at]);
  std::vector<std::uint64_t> addresses;
  addresses.reserve(blocks.size());
  for (void* block : blocks) addresses.push_back(reinterpret_cast<std::uintptr_t>(block));
  for (void* block : blocks) std::free(block);
  return addresses;
}

void run(std::size_t blocks, const char* in, const char* out) {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  const formats::Loaded loaded = formats::load(formats::open_bytes(in), symbols);
  const snapshot::Snapshot& source = loaded.snapshot;
  const snapshot::TraceColumns& traces = source.traces();
  snapshot::SnapshotBuilder builder(symbols);
  builder.info() = source.info();
  std::vector<std::size_t> sizes;
  for (std::size_t at = 0; at < blocks; ++at) {
    const snapshot::Total& total = source.totals()[traces.total[at % traces.rows()]];
    const std::int64_t size = traces.size[at % traces.rows()];
    builder.add_trace(builder.total(total.traceback, total.total_nframe, total.domain), size);
    sizes.push_back(static_cast<std::size_t>(size));
  }
  for (const std::uint64_t address : place(sizes)) builder.columns().address.push_back(address);
  save(std::move(builder).finish(), out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: place_blocks BLOCKS IN OUT.tms\n", stderr);
    return 2;
  }
  try {
    run(std::stoul(argv[1]), argv[2], argv[3]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "place_blocks: %s\n", error.what());
    return 2;
  }
}
