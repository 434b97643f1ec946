// What the judge looks into: functions inlined into each other, of every kind that names differ by. It is compiled with
// debug information and optimised, and never run.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shop {
namespace {

struct Item {
  explicit Item(std::size_t size) : name(size, 'x'), weights(size) {}
  ~Item() { ++dropped; }
  Item(Item&&) = default;
  Item& operator=(Item&&) = default;

  std::string name;
  std::vector<int> weights;
  static inline int dropped = 0;
};

template <typename T>
inline __attribute__((always_inline)) std::unique_ptr<T> make(std::size_t size) {
  return std::make_unique<T>(size);
}

class Store {
 public:
  void add(std::size_t size) {
    auto item = make<Item>(size);
    by_name_[item->name].push_back(std::move(*item));
  }

  __attribute__((noinline)) std::size_t count() const {
    std::size_t sum = 0;
    const auto add_one = [&sum](const auto& entry) { sum += entry.second.size(); };
    std::for_each(by_name_.begin(), by_name_.end(), add_one);
    return sum;
  }

 private:
  std::map<std::string, std::vector<Item>> by_name_;
};

__attribute__((noinline)) std::function<int(int)> adder(int base) {
  struct Local {
    int base;
    int operator()(int value) const { return base + value; }
  };
  return Local{base};
}

}  // namespace

std::size_t run(const std::vector<std::string>& words) {
  Store store;
  for (const auto& word : words) store.add(word.size());
  std::vector<std::string> sorted = words;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return store.count() + static_cast<std::size_t>(adder(3)(Item::dropped)) + sorted.front().size();
}

}  // namespace shop

extern "C" int shop_main(int argc, char** argv) {
  try {
    return static_cast<int>(shop::run({argv, argv + argc}));
  } catch (...) {
    return 1;
  }
}

int main(int argc, char** argv) { return shop_main(argc, argv); }
