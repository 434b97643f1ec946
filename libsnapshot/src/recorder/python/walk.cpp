#include "recorder/python/walk.h"

#include "recorder/python/walk_frames.h"

namespace snapshot::recorder {

PythonWorld g_python_world;

/// The row of a code object that was not met before, + 1; 0 when there is no more room.
std::uint64_t PythonWalker::add_code(const PythonLayout& layout, std::uint64_t code) {
  const std::uint32_t added = PythonCodes(region_).add(*g_python_world.python, layout, code);
  if (added == PythonCodes::kNone) {
    can_keep_ = false;
    return 0;
  }
  const std::uint64_t row = std::uint64_t{g_python_world.region} << 32 | (std::uint64_t{added} + 1);
  if (!has_gil_ || g_python_world.python->set_code_extra(reinterpret_cast<PyObject*>(code), g_python_world.code_index,
                                                         reinterpret_cast<void*>(row)) != 0) {
    can_keep_ = false;
  }
  return row;
}

std::uint32_t PythonWalker::add_nodes(const Window& window) const {
  const CallNodes nodes(region_);
  std::uint32_t node = window.root;
  std::uint32_t count = 0;
  for (std::size_t i = window.first; i < depth_; ++i) {
    if (words_[i] == 0) continue;
    node = nodes.find_or_add(path_to(window, i, ++count), node, words_[i], 0, false);
  }
  return node;
}

}  // namespace snapshot::recorder
