#include "recorder/python/track.h"

#include "recorder/metadata.h"
#include "recorder/python/hook_parts.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>

#include <cstring>

// The function lies in the program itself where Python is linked statically, so that one of the same name in a library
// that is loaded before others does not come in its place. The slots of the modules that call it are set instead.

namespace snapshot::recorder {
namespace {

using Track = int (*)(unsigned domain, std::uintptr_t address, std::size_t size);
using Untrack = int (*)(unsigned domain, std::uintptr_t address);

constexpr unsigned kNumpy = 389047;  // NumPy's NPY_TRACE_DOMAIN

std::atomic<std::uint32_t (*)(ThreadState&)> g_walk{nullptr};
Track g_track;
Untrack g_untrack;

int track(unsigned domain, std::uintptr_t address, std::size_t size) {
  const int status = g_track(domain, address, size);
  const auto walk = g_walk.load(std::memory_order_relaxed);
  ThreadState* const thread = walk != nullptr ? recorded_thread() : nullptr;
  if (thread == nullptr || thread->busy != 0 || !wants_block(*thread, size)) return status;
  const char* const name = domain == kNumpy ? "numpy" : nullptr;
  const std::uint32_t row = domain != 0 ? domain_row(current_region().header(), domain, name) : 0;
  if (domain != 0 && row == 0) return status;
  enter_large(*thread, address, size, row, walk(*thread));
  return 0;
}

int untrack(unsigned domain, std::uintptr_t address) {
  const int status = g_untrack(domain, address);
  if (!is_active() || g_walk.load(std::memory_order_relaxed) == nullptr) return status;
  const std::uint32_t row = domain != 0 ? find_domain_row(current_region().header(), domain) : 0;
  if (domain == 0 || row != 0) forget_block(address, row);
  return 0;
}

/// What a loaded module's dynamic section says.
struct Imports {
  const ElfW(Sym) * symbols;
  const char* names;
  const ElfW(Rela) * slots;
  std::size_t slot_bytes;
  const ElfW(Rela) * others;
  std::size_t other_bytes;
};

Imports imports_of(const ElfW(Dyn) * entry) {
  Imports imports{};
  for (; entry->d_tag != DT_NULL; ++entry) {
    switch (entry->d_tag) {
      case DT_SYMTAB: imports.symbols = reinterpret_cast<const ElfW(Sym)*>(entry->d_un.d_ptr); break;
      case DT_STRTAB: imports.names = reinterpret_cast<const char*>(entry->d_un.d_ptr); break;
      case DT_JMPREL: imports.slots = reinterpret_cast<const ElfW(Rela)*>(entry->d_un.d_ptr); break;
      case DT_PLTRELSZ: imports.slot_bytes = entry->d_un.d_val; break;
      case DT_RELA: imports.others = reinterpret_cast<const ElfW(Rela)*>(entry->d_un.d_ptr); break;
      case DT_RELASZ: imports.other_bytes = entry->d_un.d_val; break;
      default: break;
    }
  }
  return imports;
}

/// Whether the pages of an address cannot be written since the module was loaded (RELRO).
bool is_sealed(const dl_phdr_info& module, std::uint64_t address) {
  for (unsigned i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    const std::uint64_t start = module.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_GNU_RELRO && address >= start && address < start + segment.p_memsz) return true;
  }
  return false;
}

void set_slot(const dl_phdr_info& module, std::uint64_t address, void* function) {
  constexpr std::uint64_t kPage = 4096;
  auto* const page = reinterpret_cast<void*>(address / kPage * kPage);
  const bool sealed = is_sealed(module, address);
  if (sealed && mprotect(page, kPage, PROT_READ | PROT_WRITE) != 0) return;
  __atomic_store_n(reinterpret_cast<void**>(address), function, __ATOMIC_RELEASE);
  if (sealed) mprotect(page, kPage, PROT_READ);
}

void set_slots(const dl_phdr_info& module, const Imports& imports, const ElfW(Rela) * rows, std::size_t bytes) {
  for (std::size_t i = 0; rows != nullptr && i < bytes / sizeof *rows; ++i) {
    const auto type = ELF64_R_TYPE(rows[i].r_info);
    if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) continue;
    const char* const name = imports.names + imports.symbols[ELF64_R_SYM(rows[i].r_info)].st_name;
    if (strncmp(name, "PyTraceMalloc_", 14) != 0) continue;
    const std::uint64_t slot = module.dlpi_addr + rows[i].r_offset;
    if (strcmp(name, "PyTraceMalloc_Track") == 0) set_slot(module, slot, reinterpret_cast<void*>(track));
    if (strcmp(name, "PyTraceMalloc_Untrack") == 0) set_slot(module, slot, reinterpret_cast<void*>(untrack));
  }
}

int look_at(dl_phdr_info* module, std::size_t /*size*/, void* seen) {
  auto& added = *static_cast<unsigned long long*>(seen);
  if (module->dlpi_adds == added) return 1;  // no module came since the last time
  for (unsigned i = 0; i < module->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module->dlpi_phdr[i];
    // That of the system itself (vdso) has offsets where others have addresses.
    if (segment.p_type != PT_DYNAMIC || module->dlpi_name == nullptr || strstr(module->dlpi_name, "vdso") != nullptr)
      continue;
    const Imports imports = imports_of(reinterpret_cast<const ElfW(Dyn)*>(module->dlpi_addr + segment.p_vaddr));
    if (imports.symbols == nullptr || imports.names == nullptr) continue;
    set_slots(*module, imports, imports.slots, imports.slot_bytes);
    set_slots(*module, imports, imports.others, imports.other_bytes);
  }
  return 0;
}

int count_added(dl_phdr_info* module, std::size_t /*size*/, void* added) {
  *static_cast<unsigned long long*>(added) = module->dlpi_adds;
  return 1;
}

}  // namespace

void track_new_modules() {
  static unsigned long long seen = 0;
  if (g_track == nullptr) return;
  unsigned long long added = 0;
  dl_iterate_phdr(count_added, &added);
  if (added == seen) return;
  dl_iterate_phdr(look_at, &seen);
  seen = added;
}

void begin_tracking(std::uint32_t (*walk)(ThreadState& thread)) {
  if (g_track == nullptr) {
    g_untrack = reinterpret_cast<Untrack>(dlsym(RTLD_DEFAULT, "PyTraceMalloc_Untrack"));
    if (g_untrack != nullptr) g_track = reinterpret_cast<Track>(dlsym(RTLD_DEFAULT, "PyTraceMalloc_Track"));
  }
  g_walk.store(walk);
  if (walk != nullptr) track_new_modules();
}

}  // namespace snapshot::recorder
