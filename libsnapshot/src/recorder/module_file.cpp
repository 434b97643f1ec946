#include "module_file.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <snapshot/utf8.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace snapshot::recorder {
namespace {

/// A regular file, opened; a pipe or a device, which might block, is none.
int open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return -1;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  ::close(descriptor);
  errno = EINVAL;
  return -1;
}

/// The build-id of an executable or a shared library, empty when it has none; nothing when it is neither.
std::optional<std::string> build_id_of(int descriptor) {
  elf_version(EV_CURRENT);
  Elf* const elf = elf_begin(descriptor, ELF_C_READ_MMAP, nullptr);
  std::optional<std::string> build_id;
  GElf_Ehdr header;
  if (elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != nullptr &&
      (header.e_type == ET_EXEC || header.e_type == ET_DYN)) {
    const void* bytes = nullptr;
    const ssize_t size = dwelf_elf_gnu_build_id(elf, &bytes);
    build_id = size > 0 ? std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : "";
  }
  elf_end(elf);
  return build_id;
}

/// What is wrong with the file at `path` as that of a module: empty when nothing is.
std::string fault_of(const std::string& path, const std::string& build_id) {
  const int descriptor = open_file(path);
  if (descriptor < 0) return errno == EINVAL ? "not a regular file" : std::strerror(errno);
  const auto found = build_id_of(descriptor);
  ::close(descriptor);
  if (!found) return "neither an ELF executable nor an ELF shared library";
  return *found == build_id ? "" : "has another build-id than what was recorded";
}

/// Where a directory may have the file of a module, the binary before its debug file.
std::vector<std::string> candidates(const std::string& dir, const std::string& recorded, const std::string& build_id) {
  std::vector<std::string> paths;
  const std::string name = recorded.substr(recorded.rfind('/') + 1);
  if (!name.empty()) paths = {dir + "/" + recorded, dir + "/" + name};
  if (build_id.size() > 1) {
    const std::string digits = hex_digits(build_id);
    const std::string by_id = dir + "/.build-id/" + digits.substr(0, 2) + "/" + digits.substr(2);
    paths.insert(paths.end(), {by_id, by_id + ".debug"});
  }
  if (!name.empty()) paths.push_back(dir + "/" + name + ".debug");
  return paths;
}

}  // namespace

ModuleFile::ModuleFile(std::span<const std::string> debug_dirs) {
  // The default of libdwfl: beside the binary, in .debug there, and where the system keeps debug files.
  for (const std::string& dir : debug_dirs) debuginfo_path_ += dir + ":";
  debuginfo_path_ += ":.debug:/usr/lib/debug";
  debuginfo_path_text_ = debuginfo_path_.data();
  callbacks_ = {dwfl_build_id_find_elf, dwfl_standard_find_debuginfo, nullptr, &debuginfo_path_text_};
  dwfl_ = dwfl_begin(&callbacks_);
}

ModuleFile::~ModuleFile() {
  if (dwfl_ != nullptr) dwfl_end(dwfl_);
}

std::unique_ptr<ModuleFile> ModuleFile::open(const Module& module, std::span<const std::string> debug_dirs,
                                             std::string& fault) {
  std::unique_ptr<ModuleFile> file(new ModuleFile(debug_dirs));
  const std::string path = file->dwfl_ == nullptr ? std::string() : file->find(module, debug_dirs, fault);
  if (path.empty()) return nullptr;
  if (file->report(path)) return file;
  fault = path + ": " + dwfl_errmsg(-1);
  return nullptr;
}

std::string ModuleFile::find(const Module& module, std::span<const std::string> debug_dirs, std::string& fault) {
  std::string recorded = bytes_from_text(module.path);
  fault = fault_of(recorded, module.build_id);
  if (fault.empty()) return recorded;
  for (const std::string& dir : debug_dirs) {
    for (const std::string& path : candidates(dir, recorded, module.build_id)) {
      if (fault_of(path, module.build_id).empty()) return std::exchange(fault, ""), path;
    }
  }
  std::string path = module.build_id.empty() ? std::string() : find_by_build_id(module);
  if (!path.empty()) fault.clear();
  return path;
}

/// Asks libdwfl, which knows the system's directories and debuginfod, by a module that is nothing but a build-id.
std::string ModuleFile::find_by_build_id(const Module& module) {
  dwfl_report_begin(dwfl_);
  Dwfl_Module* const stand_in = dwfl_report_module(dwfl_, module.path.c_str(), 0, 1);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(module.build_id.data());
  if (stand_in == nullptr || dwfl_module_report_build_id(stand_in, bytes, module.build_id.size(), 0) != 0) return {};
  dwfl_report_end(dwfl_, nullptr, nullptr);

  void** user_data = nullptr;
  char* name = nullptr;
  Elf* elf = nullptr;
  int descriptor = dwfl_build_id_find_elf(stand_in, user_data, module.path.c_str(), 0, &name, &elf);
  if (descriptor < 0) {
    descriptor = dwfl_standard_find_debuginfo(stand_in, user_data, module.path.c_str(), 0, nullptr, nullptr, 0, &name);
  }
  const std::unique_ptr<char, decltype(&std::free)> owner(name, &std::free);
  if (elf != nullptr) elf_end(elf);
  if (descriptor >= 0) ::close(descriptor);
  if (name == nullptr || !fault_of(name, module.build_id).empty()) return {};
  return name;
}

bool ModuleFile::report(const std::string& path) {
  const int descriptor = open_file(path);
  if (descriptor < 0) return false;
  dwfl_report_begin(dwfl_);
  module_ = dwfl_report_elf(dwfl_, path.c_str(), path.c_str(), descriptor, 0, true);
  if (module_ == nullptr) {
    ::close(descriptor);
    return false;
  }
  return dwfl_report_end(dwfl_, nullptr, nullptr) == 0;
}

}  // namespace snapshot::recorder
