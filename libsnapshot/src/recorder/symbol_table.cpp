#include "symbol_table.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <tuple>

namespace snapshot::recorder {
namespace {

struct Symbol {
  std::uint64_t low;
  std::uint64_t size;         // 0: not known
  std::uint64_t section_end;  // for those whose size is not known
  const char* name;
  int rank;  // the less, the better it names the function

  /// By address; of one address those of a known size last, and the best name last.
  friend bool operator<(const Symbol& a, const Symbol& b) {
    return std::make_tuple(a.low, a.size != 0, b.rank, std::strlen(b.name), std::string_view(b.name)) <
           std::make_tuple(b.low, b.size != 0, a.rank, std::strlen(a.name), std::string_view(a.name));
  }
};

/// Whether a name is one of an assembler's labels, which stand amid functions.
bool is_label(const char* name) { return name[0] == '\0' || name[0] == '$' || std::strncmp(name, ".L", 2) == 0; }

/// Aliases: malloc is a better name than __libc_malloc, and a global one better than a local one.
int rank_of(const GElf_Sym& symbol, const char* name) {
  const int bind = GELF_ST_BIND(symbol.st_info);
  const int by_bind = bind == STB_GLOBAL ? 0 : bind == STB_WEAK ? 1 : 2;
  const int by_type = GELF_ST_TYPE(symbol.st_info) == STT_NOTYPE ? 1 : 0;
  const bool reserved = name[0] == '_' && std::strncmp(name, "_Z", 2) != 0;
  return by_type * 16 + by_bind * 4 + (reserved ? name[1] == '_' ? 2 : 1 : 0);
}

/// Where the section of a symbol ends, if it holds code.
std::optional<std::uint64_t> code_section_end(Elf* elf, GElf_Word section) {
  GElf_Shdr header;
  if (gelf_getshdr(elf_getscn(elf, section), &header) == nullptr) return std::nullopt;
  if ((header.sh_flags & SHF_EXECINSTR) == 0) return std::nullopt;
  return header.sh_addr + header.sh_size;
}

std::optional<Symbol> read_symbol(Dwfl_Module* module, int row) {
  GElf_Sym symbol;
  GElf_Addr address = 0;
  GElf_Word section = 0;
  Elf* elf = nullptr;
  Dwarf_Addr bias = 0;
  const char* const name = dwfl_module_getsym_info(module, row, &symbol, &address, &section, &elf, &bias);
  if (name == nullptr || elf == nullptr || section == SHN_UNDEF || is_label(name)) return std::nullopt;
  const int type = GELF_ST_TYPE(symbol.st_info);
  if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE) return std::nullopt;
  const auto end = code_section_end(elf, section);
  if (!end) return std::nullopt;
  return Symbol{address, symbol.st_size, *end + bias, name, rank_of(symbol, name)};
}

}  // namespace

SymbolTable::SymbolTable(Dwfl_Module* module) {
  std::vector<Symbol> symbols;
  const int count = dwfl_module_getsymtab(module);
  for (int row = 1; row < count; ++row) {
    if (const auto symbol = read_symbol(module, row)) symbols.push_back(*symbol);
  }
  std::ranges::sort(symbols, [](const Symbol& a, const Symbol& b) { return a < b; });
  std::vector<AddressRange> ranges;
  std::uint64_t next = UINT64_MAX;  // the address of the next function
  for (std::size_t at = symbols.size(); at-- > 0;) {
    const Symbol& symbol = symbols[at];
    if (at + 1 < symbols.size() && symbols[at + 1].low != symbol.low) next = symbols[at + 1].low;
    const std::uint64_t end = symbol.size != 0 ? symbol.low + symbol.size : std::min(next, symbol.section_end);
    ranges.push_back({symbol.low, end, static_cast<std::uint32_t>(at)});
  }
  functions_.reserve(symbols.size());
  for (const Symbol& symbol : symbols) functions_.push_back({symbol.low, symbol.name});
  map_ = AddressMap(std::move(ranges));
}

const char* SymbolTable::at(std::uint64_t address) const {
  const std::uint32_t row = map_.find(address);
  return row == AddressMap::kNone ? nullptr : functions_[row].name;
}

const char* SymbolTable::beginning_at(std::uint64_t address) const {
  const std::uint32_t row = map_.find(address);
  return row == AddressMap::kNone || functions_[row].address != address ? nullptr : functions_[row].name;
}

}  // namespace snapshot::recorder
