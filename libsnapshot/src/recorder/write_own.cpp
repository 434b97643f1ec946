#include "recorder/frame_resolver.h"
#include "recorder/own_region.h"
#include "recorder/recorded_snapshot.h"
#include "recorder/region_copy.h"

#include <snapshot/save.h>

#include <exception>
#include <memory>

/// The writer for programs that record themselves: no tmrecord is there to do it.
extern "C" int snapshot_write_region(void* base, const char* path);

extern "C" int snapshot_write_region(void* base, const char* path) {
  using namespace snapshot;
  try {
    const recorder::RegionFile region{recorder::RegionMap(base)};
    const recorder::RegionCopy copy = recorder::copy_region(region, true);
    const auto symbols = std::make_shared<Symbols>();
    recorder::SymbolResolver resolver(*symbols);
    save(recorder::recorded_snapshot(copy, recorder::recorded_by("libsnapshot", {}), resolver, symbols), path, {3});
    return 0;
  } catch (const std::exception&) {
    return -1;
  }
}
