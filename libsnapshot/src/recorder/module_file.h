#pragma once

#include <elfutils/libdwfl.h>
#include <snapshot/info.h>

#include <memory>
#include <span>
#include <string>

namespace snapshot::recorder {

/// The file of a module, opened with libdwfl so that its addresses are those of the file. Finds debug files by itself,
/// when they are asked for: by build-id and by .gnu_debuglink, and asks debuginfod where DEBUGINFOD_URLS is set.
class ModuleFile {
 public:
  /// Null when none has the module's build-id, and why in `fault`. Where just the debug file is there, that is taken.
  static std::unique_ptr<ModuleFile> open(const Module& module, std::span<const std::string> debug_dirs,
                                          std::string& fault);
  ~ModuleFile();
  ModuleFile(const ModuleFile&) = delete;
  ModuleFile& operator=(const ModuleFile&) = delete;

  Dwfl_Module* dwfl_module() const { return module_; }

 private:
  explicit ModuleFile(std::span<const std::string> debug_dirs);

  std::string find(const Module& module, std::span<const std::string> debug_dirs, std::string& fault);
  std::string find_by_build_id(const Module& module);
  bool report(const std::string& path);

  std::string debuginfo_path_;
  char* debuginfo_path_text_;
  Dwfl_Callbacks callbacks_;
  Dwfl* dwfl_;
  Dwfl_Module* module_ = nullptr;
};

}  // namespace snapshot::recorder
