#include "module_symbols.h"

#include "debug_units.h"
#include "function_name.h"
#include "module_file.h"
#include "symbol_table.h"

#include <snapshot/utf8.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace snapshot::recorder {
namespace {

/// With elfutils: debug information where there is any, symbols for the rest.
class ElfSymbols final : public ModuleSymbols {
 public:
  ElfSymbols(Symbols& symbols, std::unique_ptr<ModuleFile> file)
      : symbols_(symbols), file_(std::move(file)), table_(file_->dwfl_module()) {
    if (Dwarf* const dwarf = dwfl_module_getdwarf(file_->dwfl_module(), &bias_)) units_.emplace(dwarf);
  }

  void append_frames(std::uint64_t address, std::vector<Frame>& frames) override {
    DebugUnit* const unit = units_ ? units_->at(address - bias_) : nullptr;
    if (unit != nullptr && append_debug_frames(*unit, address - bias_, frames)) return;
    const StringId function = function_by_symbol(table_.at(address));
    if (function != kUnknownString) frames.push_back({kUnknownString, 0, function});
  }

 private:
  bool append_debug_frames(DebugUnit& unit, std::uint64_t address, std::vector<Frame>& frames);
  StringId function(DebugUnit& unit, std::uint32_t row);
  StringId find_function(const DebugUnit& unit, const DebugUnit::Scope& scope);
  StringId function_by_symbol(const char* symbol);
  StringId file(const DebugUnit& unit, const char* filename);
  StringId text_id(std::string_view bytes) { return symbols_.intern(text_from_bytes(bytes)); }

  Symbols& symbols_;
  std::unique_ptr<ModuleFile> file_;
  SymbolTable table_;
  Dwarf_Addr bias_ = 0;  // what the debug file's addresses are less than the binary's
  std::optional<DebugUnits> units_;
  // By texts in the open files, which stay where they are. A unit has file names of its own.
  std::unordered_map<const char*, StringId> functions_;
  std::unordered_map<const char*, StringId> files_;
};

/// False when the unit says nothing of the address.
bool ElfSymbols::append_debug_frames(DebugUnit& unit, std::uint64_t address, std::vector<Frame>& frames) {
  std::uint32_t row = unit.scope_at(address);
  DebugUnit::Place place = unit.place_at(address);
  if (row == DebugUnit::Scope::kNone) {  // assembler code, which has lines alone
    if (place.filename == nullptr) return false;
    frames.push_back({file(unit, place.filename), place.lineno, function_by_symbol(table_.at(address + bias_))});
    return true;
  }
  const std::size_t first = frames.size();
  while (row != DebugUnit::Scope::kNone) {
    frames.push_back({file(unit, place.filename), place.lineno, function(unit, row)});
    const DebugUnit::Scope& scope = unit.scope(row);
    if (!scope.inlined) break;
    place = unit.call_place(scope);
    row = scope.parent;
  }
  std::reverse(frames.begin() + static_cast<std::ptrdiff_t>(first), frames.end());
  return true;
}

StringId ElfSymbols::function(DebugUnit& unit, std::uint32_t row) {
  DebugUnit::Scope& scope = unit.scope(row);
  if (scope.function == kUnknownString) scope.function = find_function(unit, scope);
  return scope.function;
}

StringId ElfSymbols::find_function(const DebugUnit& unit, const DebugUnit::Scope& scope) {
  if (const char* const symbol = unit.linkage_name(scope)) return function_by_symbol(symbol);
  const char* const name = unit.name(scope);
  if (scope.inlined) return name == nullptr ? kUnknownString : text_id(name);
  // A symbol there says more than a C++ function's name, which has neither namespace nor parameters.
  const auto entry = unit.entry(scope);
  const char* const symbol = entry ? table_.beginning_at(*entry + bias_) : nullptr;
  if (symbol != nullptr && (name == nullptr || std::string_view(symbol).starts_with("_Z"))) {
    return function_by_symbol(symbol);
  }
  return name == nullptr ? kUnknownString : text_id(name);
}

StringId ElfSymbols::function_by_symbol(const char* symbol) {
  if (symbol == nullptr) return kUnknownString;
  const auto [at, is_new] = functions_.try_emplace(symbol, kUnknownString);
  if (is_new) at->second = text_id(demangled(symbol));
  return at->second;
}

/// One file has one name, however the compiler came to it: "/src/./lib/../a.h" is "/src/a.h".
StringId ElfSymbols::file(const DebugUnit& unit, const char* filename) {
  if (filename == nullptr) return kUnknownString;
  const auto [at, is_new] = files_.try_emplace(filename, kUnknownString);
  if (is_new) {
    // A name that begins with / takes the place of the directory.
    const auto path = std::filesystem::path(unit.directory() == nullptr ? "" : unit.directory()) / filename;
    at->second = text_id(path.lexically_normal().native());
  }
  return at->second;
}

}  // namespace

std::unique_ptr<ModuleSymbols> ModuleSymbols::open(Symbols& symbols, const Module& module,
                                                   std::span<const std::string> debug_dirs, std::string& fault) {
  auto file = ModuleFile::open(module, debug_dirs, fault);
  if (!file) return nullptr;
  return std::make_unique<ElfSymbols>(symbols, std::move(file));
}

bool ModuleSymbols::available() { return true; }

}  // namespace snapshot::recorder
