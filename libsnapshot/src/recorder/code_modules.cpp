#include "recorder/code_modules.h"

#include "recorder/block_table.h"
#include "recorder/capture_filter.h"
#include "recorder/system.h"

#include <dlfcn.h>
#include <elf.h>
#include <fnmatch.h>
#include <link.h>
#include <unistd.h>

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

/// Copies the build-id out of a segment of notes, if it is there.
void read_notes(const unsigned char* notes, std::size_t size, ModuleRow& module) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, notes, sizeof note);
    const std::size_t name = sizeof note;
    const std::size_t contents = name + padded(note.n_namesz);
    const std::size_t end = contents + padded(note.n_descsz);
    if (end > size) return;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(notes + name, "GNU", 4) == 0 &&
        note.n_descsz <= sizeof module.build_id) {
      memcpy(module.build_id, notes + contents, note.n_descsz);
      module.build_id_size = note.n_descsz;
      return;
    }
    notes += end;
    size -= end;
  }
}

/// Reads what the loaded file says of itself: its program headers lie behind its first bytes in memory.
void read_headers(std::uint64_t start, std::uint64_t end, ModuleRow& module) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(start);
  ElfW(Ehdr) header;
  if (end - start < sizeof header) return;
  memcpy(&header, bytes, sizeof header);
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof(ElfW(Phdr))) return;
  if (header.e_phoff > 4096 || header.e_phoff + header.e_phnum * sizeof(ElfW(Phdr)) > end - start) return;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment;
    memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type != PT_NOTE || module.build_id_size != 0) continue;
    const std::uint64_t notes = module.bias + segment.p_vaddr;
    if (notes < start || notes > end || segment.p_memsz > end - notes) continue;
    read_notes(reinterpret_cast<const unsigned char*>(notes), segment.p_memsz, module);
  }
}

void set_path(ModuleRow& module, const char* name) {
  if (name != nullptr && name[0] != '\0') {
    copy_text(module.path, name);
    return;
  }
  const ssize_t length = readlink("/proc/self/exe", module.path, sizeof module.path - 1);
  module.path[length > 0 ? length : 0] = '\0';
}

bool is_same(const ModuleRow& a, const ModuleRow& b) {
  return a.start == b.start && a.end == b.end && a.bias == b.bias && a.build_id_size == b.build_id_size &&
         memcmp(a.build_id, b.build_id, sizeof a.build_id) == 0 && strcmp(a.path, b.path) == 0;
}

bool matches(const CaptureFilter& filter, const char* path) {
  if (fnmatch(filter.pattern, path, 0) == 0) return true;
  const char* name = strrchr(path, '/');
  return name != nullptr && fnmatch(filter.pattern, name + 1, 0) == 0;
}

}  // namespace

std::uint32_t CodeModules::row_of(std::uint64_t pc, bool nested) const {
  Header& header = region_.header();
  const ModuleRow* modules = region_.modules();
  const std::uint32_t count = header.module_count.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (pc >= modules[i].start && pc < modules[i].end &&
        modules[i].state.load(std::memory_order_acquire) == ModuleState::loaded) {
      return i + 1;
    }
  }
  if (nested) return 0;
  spin_lock(header.modules_lock);
  const std::uint32_t row = enter(pc);
  header.modules_lock.store(0, std::memory_order_release);
  return row;
}

std::uint32_t CodeModules::enter(std::uint64_t pc) const {
  dl_find_object found{};
  if (_dl_find_object(reinterpret_cast<void*>(pc), &found) != 0) return 0;
  ModuleRow module{};
  module.start = reinterpret_cast<std::uint64_t>(found.dlfo_map_start);
  module.end = reinterpret_cast<std::uint64_t>(found.dlfo_map_end);
  module.bias = found.dlfo_link_map->l_addr;
  set_path(module, found.dlfo_link_map->l_name);
  read_headers(module.start, module.end, module);

  Header& header = region_.header();
  const std::uint32_t count = header.module_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {  // one that went and came back
    ModuleRow& row = region_.modules()[i];
    if (row.state.load(std::memory_order_relaxed) != ModuleState::gone || !is_same(row, module)) continue;
    row.state.store(ModuleState::loaded, std::memory_order_release);
    return i + 1;
  }
  ModuleRow& row = region_.modules()[count];
  if (count == kMaxModules || !populate(&row, sizeof row)) return 0;
  memcpy(static_cast<void*>(&row), &module, sizeof module);
  header.memory.fetch_add(sizeof module, std::memory_order_relaxed);
  row.state.store(ModuleState::loaded, std::memory_order_release);
  header.module_count.store(count + 1, std::memory_order_release);
  return count + 1;
}

/// A module is left out when a filter excludes it, or when there are inclusive filters and none has it.
bool CodeModules::is_excluded(std::uint32_t row) const {
  const char* const path = row == 0 ? "" : region_.modules()[row - 1].path;
  return filters_leave_out(region_.header(), [&](const CaptureFilter& filter) { return matches(filter, path); });
}

bool CodeModules::mark_gone() const {
  const std::uint32_t count = region_.header().module_count.load(std::memory_order_acquire);
  bool any = false;
  for (std::uint32_t i = 0; i < count; ++i) any |= leave(region_.modules()[i]);
  return any;
}

bool CodeModules::leave(ModuleRow& module) const {
  if (module.state.load(std::memory_order_relaxed) != ModuleState::loaded) return false;
  dl_find_object found{};
  const bool loaded = _dl_find_object(reinterpret_cast<void*>(module.start), &found) == 0 &&
                      found.dlfo_link_map->l_addr == module.bias &&
                      reinterpret_cast<std::uint64_t>(found.dlfo_map_end) == module.end;
  if (loaded) return false;
  module.state.store(ModuleState::gone, std::memory_order_release);
  return true;
}

}  // namespace snapshot::recorder
