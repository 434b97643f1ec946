#include "classes.h"

#include <algorithm>
#include <array>

namespace formats::tracemalloc {
namespace {

struct Row {
  std::string_view module;
  std::string_view name;
  Class type;
};

constexpr std::array kClasses{
    Row{"tracemalloc", "Snapshot", Class::snapshot},
    Row{"tracemalloc", "_Traces", Class::traces},
    Row{"copyreg", "_reconstructor", Class::reconstructor},
    Row{"_codecs", "encode", Class::encode},
    Row{"builtins", "object", Class::object},
    Row{"builtins", "set", Class::set},
    Row{"builtins", "frozenset", Class::frozenset},
    Row{"builtins", "bytes", Class::bytes},
    Row{"builtins", "bytearray", Class::bytearray},
    Row{"builtins", "complex", Class::builtin},
    Row{"builtins", "range", Class::builtin},
    Row{"builtins", "slice", Class::builtin},
    Row{"builtins", "Ellipsis", Class::constant},
    Row{"builtins", "NotImplemented", Class::constant},
};

/// What pickle's fix_imports writes for protocols below 3 (Lib/_compat_pickle.py).
std::string_view python3_module(std::string_view module) {
  if (module == "copy_reg") return "copyreg";
  if (module == "__builtin__") return "builtins";
  return module;
}

std::string_view python3_name(std::string_view name) { return name == "xrange" ? "range" : name; }

}  // namespace

std::optional<Class> find_class(std::string_view module, std::string_view name) {
  const auto* found = std::ranges::find_if(
      kClasses, [&](const Row& row) { return row.module == python3_module(module) && row.name == python3_name(name); });
  if (found == kClasses.end()) return std::nullopt;
  return found->type;
}

Kind kind_of_instance(Class type) {
  switch (type) {
    case Class::encode:
    case Class::bytes: return Kind::bytes;
    case Class::set: return Kind::set;
    case Class::frozenset: return Kind::frozenset;
    case Class::bytearray: return Kind::bytearray;
    default: return Kind::builtin;
  }
}

}  // namespace formats::tracemalloc
