// objects OUT.tms: what a web shop in Python holds, with the type of the object in each block. How a recorder that
// knows its runtime tells types with libsnapshot: tmtop -g type OUT.tms ranks them.
#include <snapshot/builder.h>
#include <snapshot/save.h>

#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace {

/// What one line allocates each time that it runs, a block of each.
struct Place {
  const char* filename;
  std::uint32_t lineno;
  int times;
  struct {
    std::int64_t size;  ///< bytes; 0: no more blocks
    const char* type;   ///< or null: not an object, or one that nobody knows
  } blocks[4];
};

const Place kPlaces[] = {
    // An object with its attributes, and the table of a dict, which is no object.
    {"/srv/shop/models.py", 12, 40, {{48, "shop.models.User"}, {64, "dict"}, {232, nullptr}}},
    // By turns: lists and tuples are of one size here.
    {"/srv/shop/cart.py", 31, 25, {{56, "list"}, {56, "tuple"}, {88, nullptr}, {48, "shop.cart.Item"}}},
    {"/usr/lib/python3.13/json/decoder.py", 353, 30, {{64, "dict"}, {184, nullptr}, {28, "int"}, {53, "str"}}},
    {"/usr/lib/python3.13/threading.py", 883, 2, {{48, "threading.Thread"}, {64, "dict"}}},
};

snapshot::Snapshot snapshot_of_shop() {
  const auto symbols = std::make_shared<snapshot::Symbols>();
  snapshot::SnapshotBuilder builder(symbols);
  builder.info().time = 1767323045000000000;  // 2026-01-02T03:04:05Z; a real program asks the clock
  builder.info().recorder = "objects 1.0";
  builder.info().process.runtime = "CPython";
  builder.info().process.runtime_version = "3.13.1";
  builder.info().traceback_limit = 1;
  std::uint64_t address = 0x7f0000000000;
  for (const Place& place : kPlaces) {
    const auto frame = symbols->intern(snapshot::Frame{symbols->intern(place.filename), place.lineno});
    const auto total = builder.total(symbols->intern(std::span(&frame, 1)), 1, 0);
    for (int time = 0; time < place.times; ++time) {
      for (const auto& block : place.blocks) {
        if (block.size == 0) break;
        builder.add_trace(total, block.size);
        builder.columns().address.push_back(address);
        builder.columns().type.push_back(block.type == nullptr ? snapshot::kUnknownString
                                                               : symbols->intern(block.type));
        address += static_cast<std::uint64_t>(block.size + 15) / 16 * 16;
      }
    }
  }
  return std::move(builder).finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: objects OUT.tms\n";
    return 2;
  }
  try {
    save(snapshot_of_shop(), std::string(argv[1]));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "objects: " << argv[1] << ": " << error.what() << '\n';
    return 2;
  }
}
