// leaking_server [REQUESTS]: a server with one leak and one thing that only looks like one.
//
//   tmrecord -o server.tms ./leaking_server 10000
//   tmtop -g function server.tms        what holds the most
//   tmtrace server.tms                  and by which calls it came there
//
// See: log_rejected() holds 112 bytes for every tenth request, at the end of a chain of seven calls: the caller of
// explain() forgets to give the text back. open_session() holds the names and baskets of all users that ever came: they
// can be reached, so LeakSanitizer says nothing, but no line ever erases one. All other requests leave nothing behind.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Request {
  int number;
  std::string user;
  std::vector<std::string> words;
};

struct Session {
  std::string greeting;
  std::vector<int> basket;
};

// Never destroyed, as the tables of servers are.
std::unordered_map<std::string, Session>& sessions() {
  static auto& table = *new std::unordered_map<std::string, Session>;
  return table;
}

char* explain(const Request& request) {
  auto* text = static_cast<char*>(std::malloc(112));
  std::snprintf(text, 112, "request %d of %s was rejected", request.number, request.user.c_str());
  return text;
}

// The leak: nobody frees what explain() returned.
bool log_rejected(const Request& request) {
  const char* why = explain(request);
  return std::strlen(why) > 0;
}

bool check_payment(const Request& request) { return request.number % 10 != 0 || !log_rejected(request); }

bool place_order(const Request& request) { return check_payment(request); }

Session& open_session(const Request& request) {
  Session& session = sessions()[request.user];
  if (session.greeting.empty()) session.greeting = "Welcome back to our little shop, dear " + request.user;
  return session;
}

bool route(const Request& request) {
  open_session(request).basket.push_back(request.number);
  return place_order(request);
}

Request parse(int number) {
  Request request{number, "user-" + std::to_string(number % 500) + "@example.org", {}};
  for (int i = 0; i < 8; ++i) request.words.push_back("a word of the request that is not kept " + std::to_string(i));
  return request;
}

bool handle(int number) {
  const Request request = parse(number);
  return route(request);
}

}  // namespace

int main(int argc, char** argv) {
  const int requests = argc > 1 ? std::atoi(argv[1]) : 10000;
  int served = 0;
  for (int number = 1; number <= requests; ++number) served += handle(number) ? 1 : 0;
  std::printf("%d requests, %d served, %zu sessions\n", requests, served, sessions().size());
}
