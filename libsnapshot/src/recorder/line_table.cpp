#include "line_table.h"

#include "line_program.h"

#include <dwarf.h>
#include <gelf.h>

#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace snapshot::recorder {
namespace {

/// The bytes of .debug_line, which libdw has decompressed where that was needed.
std::span<const unsigned char> line_section(Elf* elf) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return {};
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) continue;
    const char* const name = elf_strptr(elf, names, header.sh_name);
    if (name == nullptr || (std::string_view(name) != ".debug_line" && std::string_view(name) != ".zdebug_line"))
      continue;
    const Elf_Data* const data = elf_rawdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr || (header.sh_flags & SHF_COMPRESSED) != 0) return {};
    return {static_cast<const unsigned char*>(data->d_buf), data->d_size};
  }
  return {};
}

}  // namespace

LineTable::LineTable(Dwarf_Die unit) {
  Dwarf_Attribute attribute;
  Dwarf_Word offset = 0;
  if (dwarf_formudata(dwarf_attr(&unit, DW_AT_stmt_list, &attribute), &offset) != 0) return;
  Elf* const elf = dwarf_getelf(dwarf_cu_getdwarf(unit.cu));
  const char* const identity = elf_getident(elf, nullptr);
  std::vector<AddressRange> ranges;
  run_line_program(line_section(elf), offset, identity != nullptr && identity[EI_DATA] == ELFDATA2MSB, rows_, ranges);
  map_ = AddressMap(std::move(ranges));
}

}  // namespace snapshot::recorder
