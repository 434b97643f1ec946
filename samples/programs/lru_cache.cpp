// lru_cache [LOOKUPS [CAPACITY]]: a cache that is bounded, and so no leak, however long it runs.
//
//   tmrecord -o %p.%n.tms --interval 0.1 ./lru_cache 5000000
//   tmtrend *.tms                       says "saturating" or "flat", and not "leak"
//
// See: Cache::insert() holds as many entries as the capacity, and no more. The recorder sees each one come and go.
#include <cstdio>
#include <cstdlib>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace {

class Cache {
 public:
  explicit Cache(std::size_t capacity) : capacity_(capacity) {}

  const std::string* find(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);  // used most recently
    return &found->second->second;
  }

  void insert(std::string key, std::string value) {
    entries_.emplace_front(std::move(key), std::move(value));
    index_[entries_.front().first] = entries_.begin();
    if (entries_.size() > capacity_) evict();
  }

  std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<std::string, std::string>>;

  void evict() {
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }

  std::size_t capacity_;
  Entries entries_;  // the most recently used first
  std::unordered_map<std::string_view, Entries::iterator> index_;
};

std::string page_of(unsigned number) { return std::string(200 + number % 800, static_cast<char>('a' + number % 26)); }

}  // namespace

int main(int argc, char** argv) {
  const unsigned lookups = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 200000;
  auto& cache = *new Cache(argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 2000);  // lives until the end
  unsigned hits = 0;
  unsigned random = 1;
  for (unsigned i = 0; i < lookups; ++i) {
    random = random * 1664525 + 1013904223;
    // Small numbers are asked for often, large ones seldom.
    const unsigned number = (random >> 16) % (1 + (random >> 8) % 10000);
    std::string key = "/pages/of-the-catalogue/" + std::to_string(number);
    if (cache.find(key) != nullptr) {
      ++hits;
    } else {
      cache.insert(std::move(key), page_of(number));
    }
  }
  std::printf("%u lookups, %u hits, %zu entries\n", lookups, hits, cache.size());
}
