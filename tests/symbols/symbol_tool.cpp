#include <recorder/symbolizer.h>
#include <snapshot/builder.h>
#include <snapshot/save.h>

#include <charconv>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// symbol_tool frames MODULE BUILD_ID [DEBUG_DIR...]  prints the frames at each address of stdin, one a line, oldest
//                                                    first: function, a tab, filename:lineno; then an empty line
// symbol_tool time MODULE BUILD_ID [DEBUG_DIR...]    prints the processor's time for an address, at the first look and
// at a second symbol_tool record OUT MODULE BUILD_ID             saves a snapshot with an unfinished frame for each
// address
//
// Addresses are hexadecimal, one a line; a BUILD_ID is hexadecimal, or - for none.

namespace {

using snapshot::FrameId;
using snapshot::Symbols;
using snapshot::recorder::Symbolizer;

std::string bytes_of(std::string_view digits) {
  std::string bytes;
  if (digits == "-") return bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    unsigned int byte = 0;
    std::from_chars(digits.data() + at, digits.data() + at + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::vector<std::uint64_t> read_addresses() {
  std::vector<std::uint64_t> addresses;
  for (std::string line; std::getline(std::cin, line);) addresses.push_back(std::stoull(line, nullptr, 16));
  return addresses;
}

void print(const Symbols& symbols, const std::vector<FrameId>& frames) {
  for (const FrameId id : frames) {
    const snapshot::Frame frame = symbols.frame(id);
    std::cout << (frame.function == snapshot::kUnknownString ? "??" : symbols.text(frame.function)) << '\t'
              << symbols.text(frame.filename) << ':' << frame.lineno << '\n';
  }
  std::cout << '\n';
}

int look(bool is_timed, const snapshot::Module& module, std::vector<std::string> debug_dirs) {
  const std::vector<std::uint64_t> addresses = read_addresses();
  Symbols symbols;
  Symbolizer symbolizer(symbols, std::move(debug_dirs));
  const std::size_t row = symbolizer.add(module);
  for (int round = 0; round < (is_timed ? 2 : 1); ++round) {
    const std::clock_t start = std::clock();
    std::size_t found = 0;
    for (const std::uint64_t address : addresses) {
      std::vector<FrameId> frames;
      found += symbolizer.append_frames(row, address, frames) ? 1 : 0;
      if (!is_timed) print(symbols, frames);
    }
    const double nanoseconds = 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (is_timed) {
      std::printf("%.0f ns an address, %zu of %zu found\n", nanoseconds / static_cast<double>(addresses.size()), found,
                  addresses.size());
    }
  }
  if (!symbolizer.fault(row).empty()) std::cerr << module.path << ": " << symbolizer.fault(row) << '\n';
  return 0;
}

int record(const std::string& path, const snapshot::Module& module) {
  const auto symbols = std::make_shared<Symbols>();
  snapshot::SnapshotBuilder builder(symbols);
  builder.info().modules.push_back(module);
  std::int64_t size = 0;
  for (const std::uint64_t address : read_addresses()) {
    const FrameId frame = symbols->intern(snapshot::recorder::unfinished_frame(*symbols, module.path, address));
    builder.add_trace(builder.total(symbols->intern({&frame, 1}), 1, 0), ++size);
  }
  save(std::move(builder).finish(), path);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 4 && words[0] == "record") return record(words[1], {words[2], bytes_of(words[3]), 0, 0});
  if (words.size() < 3 || (words[0] != "frames" && words[0] != "time")) return 2;
  return look(words[0] == "time", {words[1], bytes_of(words[2]), 0, 0}, {words.begin() + 3, words.end()});
}
