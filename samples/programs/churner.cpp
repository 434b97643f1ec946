// churner [MESSAGES]: producers and consumers that hand blocks from thread to thread.
//
//   tmrecord -o churner.tms ./churner
//   tmtop -g thread churner.tms
//
// See: producers allocate, consumers free, so each block is freed by another thread than the one that made it. Of all
// that, just the letters that no consumer takes are left in the end: 100 messages of produce(), each with its text.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

struct Message {
  int number;
  std::string text;
};

class Mailbox {
 public:
  void put(std::unique_ptr<Message> message) {
    const std::lock_guard lock(mutex_);
    messages_.push(std::move(message));
    filled_.notify_one();
  }

  std::unique_ptr<Message> take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return !messages_.empty(); });
    auto message = std::move(messages_.front());
    messages_.pop();
    return message;
  }

  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return messages_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::queue<std::unique_ptr<Message>> messages_;
};

void produce(Mailbox& mailbox, int messages) {
  for (int number = 0; number < messages; ++number) {
    mailbox.put(std::make_unique<Message>(Message{
        number, "message " + std::to_string(number) + std::string(static_cast<std::size_t>(number % 100), '.')}));
  }
}

void consume(Mailbox& mailbox, int messages, std::size_t* bytes) {
  for (int taken = 0; taken < messages; ++taken) *bytes += mailbox.take()->text.size();
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kPairs = 3;
  constexpr int kForgotten = 100;
  const int messages = argc > 1 ? std::atoi(argv[1]) : 50000;
  auto& mailbox = *new Mailbox;  // lives until the end
  std::size_t bytes[kPairs] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < kPairs; ++i) {
    threads.emplace_back(produce, std::ref(mailbox), messages);
    threads.emplace_back(consume, std::ref(mailbox), messages, &bytes[i]);
  }
  for (auto& thread : threads) thread.join();
  produce(mailbox, kForgotten);
  std::printf("%zu bytes, %zu messages left\n", bytes[0] + bytes[1] + bytes[2], mailbox.size());
}
