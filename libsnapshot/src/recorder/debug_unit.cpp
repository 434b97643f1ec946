#include "debug_unit.h"

#include <dwarf.h>

#include <utility>

namespace snapshot::recorder {
namespace {

// Nested deeper than any compiler nests, which keeps the time for skipping over children linear.
constexpr std::size_t kMostLevels = 512;

std::uint32_t number(Dwarf_Die& die, unsigned int attribute_name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(&die, attribute_name, &attribute), &value) != 0 || value > UINT32_MAX) return 0;
  return static_cast<std::uint32_t>(value);
}

/// A text that the entry has, or the one that it is an instance of.
const char* text(Dwarf_Die& die, unsigned int attribute_name) {
  Dwarf_Attribute attribute;
  return dwarf_formstring(dwarf_attr_integrate(&die, attribute_name, &attribute));
}

const char* filename(Dwarf_Files* files, std::size_t row) {
  return files == nullptr ? nullptr : dwarf_filesrc(files, row, nullptr, nullptr);
}

bool may_hold_functions(Dwarf_Die& die) {
  switch (dwarf_tag(&die)) {
    case DW_TAG_subprogram:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_lexical_block:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type: return dwarf_haschildren(&die) > 0;
    default: return false;
  }
}

}  // namespace

DebugUnit::DebugUnit(Dwarf_Die die, std::uint64_t size)
    : unit_(die), functions_(die), directory_(text(unit_, DW_AT_comp_dir)), lines_(die) {
  Dwarf_Die split;
  if (dwarf_cu_info(die.cu, nullptr, nullptr, nullptr, &split, nullptr, nullptr, nullptr) == 0 &&
      split.addr != nullptr) {
    functions_ = split;
  }
  std::size_t count = 0;
  if (dwarf_getsrcfiles(&unit_, &line_files_, &count) != 0) line_files_ = nullptr;
  if (dwarf_getsrcfiles(&functions_, &files_, &count) != 0) files_ = nullptr;
  read_scopes(size);
}

void DebugUnit::read_scopes(std::uint64_t size) {
  struct Level {
    Dwarf_Die die;  // the next one to look at
    std::uint32_t scope;
  };
  std::vector<Level> levels;
  std::vector<AddressRange> ranges;
  std::uint64_t ranges_left = most_ranges(size);
  Dwarf_Die first;
  if (dwarf_child(&functions_, &first) == 0) levels.push_back({first, Scope::kNone});
  // Each entry has a byte. More are seen only where one says that its next sibling is among its own children.
  std::uint64_t entries_left = functions_.addr == unit_.addr ? size : UINT32_MAX;
  while (!levels.empty() && entries_left-- > 0) {
    Level level = levels.back();
    Dwarf_Die next;
    if (dwarf_siblingof(&level.die, &next) == 0) {
      levels.back().die = next;
    } else {
      levels.pop_back();
    }
    if (!may_hold_functions(level.die) && dwarf_tag(&level.die) != DW_TAG_subprogram &&
        dwarf_tag(&level.die) != DW_TAG_inlined_subroutine) {
      continue;
    }
    const std::uint32_t scope = enter(level.die, level.scope, ranges_left, ranges);
    if (levels.size() < kMostLevels && may_hold_functions(level.die) && dwarf_child(&level.die, &first) == 0) {
      levels.push_back({first, scope});
    }
  }
  map_ = AddressMap(std::move(ranges));
}

std::uint32_t DebugUnit::enter(Dwarf_Die& die, std::uint32_t parent, std::uint64_t& ranges_left,
                               std::vector<AddressRange>& ranges) {
  const int tag = dwarf_tag(&die);
  if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine) return parent;
  const auto row = static_cast<std::uint32_t>(scopes_.size());
  const std::size_t before = ranges.size();
  for_each_range(die, ranges_left, [&](std::uint64_t low, std::uint64_t high) {
    if (low != 0) ranges.push_back({low, high, row});
  });
  if (ranges.size() == before) return parent;
  const bool inlined = tag == DW_TAG_inlined_subroutine;
  scopes_.push_back({dwarf_dieoffset(&die), parent, inlined, inlined ? number(die, DW_AT_call_file) : 0,
                     inlined ? number(die, DW_AT_call_line) : 0});
  return row;
}

DebugUnit::Place DebugUnit::place_at(std::uint64_t address) const {
  const LineTable::Row* const row = lines_.at(address);
  if (row == nullptr) return {nullptr, 0};
  return {filename(line_files_, row->file), row->lineno};
}

DebugUnit::Place DebugUnit::call_place(const Scope& scope) const {
  return {filename(files_, scope.call_file), scope.call_lineno};
}

std::optional<Dwarf_Die> DebugUnit::die_of(const Scope& scope) const {
  Dwarf_Die die;
  if (dwarf_offdie(dwarf_cu_getdwarf(functions_.cu), scope.die, &die) == nullptr) return std::nullopt;
  return die;
}

const char* DebugUnit::linkage_name(const Scope& scope) const {
  auto die = die_of(scope);
  if (!die) return nullptr;
  const char* const name = text(*die, DW_AT_linkage_name);
  return name != nullptr ? name : text(*die, DW_AT_MIPS_linkage_name);
}

const char* DebugUnit::name(const Scope& scope) const {
  auto die = die_of(scope);
  return die ? text(*die, DW_AT_name) : nullptr;
}

std::optional<std::uint64_t> DebugUnit::entry(const Scope& scope) const {
  auto die = die_of(scope);
  Dwarf_Addr address = 0;
  if (!die) return std::nullopt;
  if (dwarf_entrypc(&*die, &address) == 0) return address;
  // Of several ranges the first has it, as compilers write them.
  Dwarf_Addr base = 0;
  Dwarf_Addr high = 0;
  if (dwarf_ranges(&*die, 0, &base, &address, &high) > 0) return address;
  return std::nullopt;
}

}  // namespace snapshot::recorder
