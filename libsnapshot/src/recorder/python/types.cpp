#include "recorder/python/types.h"

#include "recorder/block_table.h"
#include "recorder/core.h"
#include "recorder/python/codes.h"
#include "recorder/python/hooks.h"
#include "recorder/python/objects.h"
#include "recorder/python/small_blocks.h"
#include "recorder/system.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::size_t kType = 8;     // PyObject: its type
constexpr std::size_t kName = 24;    // PyTypeObject: its name in C, with its module
constexpr std::size_t kFlags = 168;  // all versions
constexpr std::uint64_t kHeapType = 1 << 9;
constexpr std::uint64_t kMostReferences = std::uint64_t{1} << 32;  // more is no count but a pointer

/// The types of objects that the collector does not know.
constexpr const char* kBuiltins[] = {"PyUnicode_Type", "PyLong_Type",   "PyFloat_Type",     "PyBytes_Type",
                                     "PyComplex_Type", "PyCode_Type",   "PyByteArray_Type", "PyRange_Type",
                                     "PySlice_Type",   "PyCapsule_Type"};
constexpr std::size_t kBuiltinCount = sizeof kBuiltins / sizeof *kBuiltins;

/// Those that the collector forgets of, when they have nothing in them that it knows. What it keeps before them is zero
/// then.
constexpr const char* kForgotten[] = {"PyTuple_Type", "PyDict_Type"};
constexpr std::size_t kForgottenCount = sizeof kForgotten / sizeof *kForgotten;
constexpr std::size_t kWords = 4;     // that show an object behind what the collector keeps
constexpr std::size_t kFewWords = 2;  // that show one without

/// Numbers of the types that were met in one pass, by their address.
class Types {
 public:
  Types(const Interpreter& python, const PythonObjects& objects) : python_(python), objects_(objects) {
    for (std::size_t i = 0; i < kBuiltinCount; ++i) {
      builtins_[i] = reinterpret_cast<std::uint64_t>(dlsym(RTLD_DEFAULT, kBuiltins[i]));
    }
    for (std::size_t i = 0; i < kForgottenCount; ++i) {
      forgotten_[i] = reinterpret_cast<std::uint64_t>(dlsym(RTLD_DEFAULT, kForgotten[i]));
    }
  }

  /// 0 where there are too many.
  std::uint32_t number(std::uint64_t type) {
    Known& known = known_[(type >> 4) % kKnown];
    if (known.type != type) known = {type, find_or_add(type)};
    return known.number;
  }

  /// Of a block's first four words, or two and zeroes: a count of references and a type, or anything.
  std::uint32_t number_by_words(const std::uint64_t* words) {
    const bool is_forgotten = words[0] < 4 && words[1] < 4;  // flags of the collector's may be left
    if (is_forgotten) return number_of_one(words + 2, forgotten_, kForgottenCount);
    return number_of_one(words, builtins_, kBuiltinCount);
  }

 private:
  static constexpr std::size_t kKnown = 1024;
  struct Known {
    std::uint64_t type;
    std::uint32_t number;
  };

  std::uint32_t number_of_one(const std::uint64_t* object, const std::uint64_t* types, std::size_t count) {
    if (object[0] == 0 || object[0] >= kMostReferences || object[1] == 0) return 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (types[i] == object[1]) return number(object[1]);
    }
    return 0;
  }

  std::size_t attribute(std::uint64_t type, const char* name, char* to, std::size_t size) const {
    PyObject* const text = objects_.attribute(reinterpret_cast<PyObject*>(type), name);
    const std::size_t length = text != nullptr ? encode_text(python_, text, to, size) : 0;
    objects_.release(text);
    objects_.clear_error();
    return length;
  }

  /// "dict", "collections.OrderedDict", "app.models.User".
  std::size_t name_of(std::uint64_t type, char* to, std::size_t size) const {
    if ((read_at<std::uint64_t>(type, kFlags) & kHeapType) == 0) {
      const auto* const name = read_at<const char*>(type, kName);
      const std::size_t length = strnlen(name, size);
      memcpy(to, name, length);
      return length;
    }
    std::size_t length = attribute(type, "__module__", to, size / 2);
    if (length == 8 && memcmp(to, "builtins", 8) == 0) length = 0;
    if (length != 0) to[length++] = '.';
    return length + attribute(type, "__qualname__", to + length, size - length);
  }

  std::uint32_t find_or_add(std::uint64_t type) const {
    char name[512];
    const PythonCodes codes(current_region());
    PythonPart& part = current_region().header().python;
    const std::uint32_t place = codes.add_name(name, name_of(type, name, sizeof name));
    std::uint32_t count = part.type_count.load(std::memory_order_relaxed);
    if (place == 0) return 0;
    for (std::uint32_t number = 1; number < count; ++number) {
      if (part.type_names[number] == place) return number;
    }
    if (count == 0) count = 1;
    if (count == kMaxTypes) return 0;
    part.type_names[count] = place;
    part.type_count.store(count + 1, std::memory_order_release);
    return count;
  }

  const Interpreter& python_;
  const PythonObjects& objects_;
  std::uint64_t builtins_[kBuiltinCount];
  std::uint64_t forgotten_[kForgottenCount];
  Known known_[kKnown] = {};
};

void note_large(std::uint64_t address, std::uint32_t type) {
  PythonPart& part = current_region().header().python;
  const std::uint32_t count = part.large_types.load(std::memory_order_relaxed);
  if (count == kMaxLargeTypes || type == 0) return;
  LargeType& row = current_region().large_types()[count];
  constexpr std::uint32_t kAtOnce = 4096 / sizeof(LargeType);  // a page
  if (count % kAtOnce == 0 && !populate(&row, kAtOnce * sizeof row)) return;
  row = {address, type};
  part.large_types.store(count + 1, std::memory_order_release);
}

void note_collected(const PythonLayout& layout, const PythonObjects& objects, Types& types) {
  PyObject* const module = objects.import("gc");
  PyObject* const get_objects = module != nullptr ? objects.attribute(module, "get_objects") : nullptr;
  PyObject* const list = get_objects != nullptr ? objects.call(get_objects, nullptr) : nullptr;
  const SmallBlocks blocks(current_region());
  const std::ptrdiff_t count = list != nullptr ? objects.list_size(list) : 0;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    PyObject* const object = objects.list_item(list, i);
    const std::uint32_t type = types.number(read_at<std::uint64_t>(reinterpret_cast<std::uint64_t>(object), kType));
    const std::uint64_t address = block_of_object(layout, object);
    bool is_small = false;
    {
      const SmallBlocks::Update update(blocks);
      if (SmallEntry* const entry = blocks.find(address); entry != nullptr) {
        entry->store(SmallBlock{entry->load()}.with_type(type).entry, std::memory_order_relaxed);
        is_small = true;
      }
    }
    Block block{};
    if (!is_small && find_block(address, 0, block)) note_large(address, type);
  }
  objects.clear_error();
  objects.release(list);
  objects.release(get_objects);
  objects.release(module);
}

/// Small blocks are freed under Python's lock alone: they can be read.
void note_small_builtins(Types& types) {
  const SmallBlocks blocks(current_region());
  blocks.for_each([&](std::uint64_t address, SmallEntry& entry) {
    const SmallBlock block{entry.load(std::memory_order_relaxed)};
    if (block.type() != 0 || block.size() < kFewWords * sizeof(std::uint64_t)) return;
    std::uint64_t words[kWords] = {};
    memcpy(words, reinterpret_cast<const void*>(address),
           block.size() < sizeof words ? sizeof words / 2 : sizeof words);
    const std::uint32_t type = types.number_by_words(words);
    if (type != 0) entry.store(block.with_type(type).entry, std::memory_order_relaxed);
  });
}

/// Others may go at any time: they are read by a system call, which fails where they did.
void note_large_builtins(Types& types) {
  const RegionMap region = current_region();
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    const std::uint64_t capacity = region.shards()[shard].capacity.load(std::memory_order_relaxed);
    for (std::uint64_t i = 0; i < capacity; ++i) {
      const Slot& slot = region.slots(shard)[i];
      const Block block{slot.key.load(std::memory_order_relaxed), slot.value.load(std::memory_order_relaxed)};
      std::uint64_t words[kWords];
      if (block.key == 0 || (block.key & Block::kDomainBit) != 0 || block.size() < sizeof words) continue;
      iovec to{words, sizeof words};
      const iovec from{reinterpret_cast<void*>(block.address()), sizeof words};
      if (syscall(SYS_process_vm_readv, getpid(), &to, 1, &from, 1, 0) != static_cast<long>(sizeof words)) continue;
      note_large(block.address(), types.number_by_words(words));
    }
  }
}

}  // namespace

void note_types(const Interpreter& python, const PythonLayout& layout) {
  PythonObjects objects{};
  if (!objects.find()) return;
  forget_large_types();
  Types types(python, objects);
  note_collected(layout, objects, types);
  note_small_builtins(types);
  note_large_builtins(types);
}

void forget_large_types() { current_region().header().python.large_types.store(0); }

}  // namespace snapshot::recorder
