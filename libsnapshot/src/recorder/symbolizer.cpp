#include "symbolizer.h"

#include "module_symbols.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>

namespace snapshot::recorder {
namespace {

constexpr std::string_view kHexadecimal = "0x";

}  // namespace

Symbolizer::Symbolizer(Symbols& symbols, std::vector<std::string> debug_dirs)
    : symbols_(symbols), debug_dirs_(std::move(debug_dirs)) {
  for (std::string& dir : debug_dirs_) dir = std::filesystem::absolute(dir).string();
}

Symbolizer::~Symbolizer() = default;

bool Symbolizer::available() { return ModuleSymbols::available(); }

std::size_t Symbolizer::add(const Module& module) {
  const auto same = std::ranges::find_if(modules_, [&](const KnownModule& known) {
    return known.module.path == module.path && known.module.build_id == module.build_id;
  });
  if (same == modules_.end()) {
    modules_.push_back({module, symbols_.intern(module.path), false, nullptr, {}});
    return modules_.size() - 1;
  }
  return static_cast<std::size_t>(same - modules_.begin());
}

void Symbolizer::open(std::size_t module) {
  KnownModule& known = modules_[module];
  if (known.opened) return;
  known.symbols = ModuleSymbols::open(symbols_, known.module, debug_dirs_, known.fault);
  known.opened = true;
}

bool Symbolizer::append_frames(std::size_t module, std::uint64_t address, std::vector<FrameId>& frames) {
  KnownModule& known = modules_[module];
  open(module);
  found_.clear();
  if (known.symbols) known.symbols->append_frames(address, found_);
  const bool found = !found_.empty();
  if (!found) found_.push_back(unfinished_frame(symbols_, known.module.path, address));
  for (Frame& frame : found_) {
    frame.module = known.path;
    if (frame.filename == kUnknownString) frame.filename = known.path;
    frames.push_back(symbols_.intern(frame));
  }
  return found;
}

Frame unfinished_frame(Symbols& symbols, std::string_view module_path, std::uint64_t address) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), address, 16).ptr;
  const StringId path = symbols.intern(module_path);
  const StringId function = symbols.intern(std::string(kHexadecimal) + std::string(digits.data(), end));
  return {path, 0, function, path};
}

std::optional<std::uint64_t> unfinished_address(const Symbols& symbols, const Frame& frame) {
  if (frame.lineno != 0 || frame.module == kUnknownString || frame.function == kUnknownString) return std::nullopt;
  const std::string_view text = symbols.text(frame.function);
  if (!text.starts_with(kHexadecimal)) return std::nullopt;
  std::uint64_t address = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + kHexadecimal.size(), end, address, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return address;
}

}  // namespace snapshot::recorder
