#include "brute_force.h"

#include <array>
#include <utility>

namespace brute_force {

Frame Random::frame() {
  static const std::array<std::string, 8> kNames{
      "a.py", "a.pyc", "b.py", "lib/b.py", "lib/c.c", "<frozen app>", "lib/\xED\xB2\x80.py", "<unknown>"};
  Frame frame{choice(std::span<const std::string>(kNames)), static_cast<std::uint32_t>(below(3))};
  if (one_in(4)) frame.function = one_in(2) ? "load" : one_in(2) ? "b.py" : "";
  if (one_in(8)) frame.module = one_in(2) ? "lib/c.so" : "";
  return frame;
}

Frame Random::recorded_frame() {
  static const std::array<std::string, 36> kNames{
      "/usr/lib/python3.11/json/decoder.py",
      "/usr/lib/python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so",
      "/usr/lib/python3/dist-packages/numpy/core/numeric.py",
      "/usr/lib/python3/dist-packages/six.py",
      "/home/ann/.pyenv/versions/3.12.1/lib/python3.12/os.py",
      "/srv/shop/venv/lib/python3.11/site-packages/flask/app.py",
      "/srv/shop/venv/lib/python3.11/site-packages/old-1.0-py3.8.egg/old/x.py",
      "/srv/shop/web/views.py",
      "/srv/shop/app.py",
      "/srv/shop2/app.py",
      "/Library/Frameworks/Python.framework/Versions/3.11/lib/python3.11/json/decoder.py",
      "C:\\Python311\\Lib\\json\\decoder.py",
      "C:\\shop\\web\\views.py",
      "C:\\app.py",
      "/usr/lib/python311.zip/json/decoder.py",
      "<frozen importlib._bootstrap>",
      "<frozen os>",
      "<string>",
      "<stdin>",
      "/usr/include/c++/12/bits/stl_vector.h",
      "/usr/lib/x86_64-linux-gnu/libc.so.6",
      "shop/web/views.py",
      "./shop/app.py",
      "././app.py",
      "app.py",
      ".py",
      "/",
      "///",
      "/app.py",
      "//a//b/c.py",
      "a//b.c",
      "../x/y.c",
      "./",
      "lib/b.py",
      "lib/python3/x.py",
      "/srv/shop/\xED\xB2\x80.py"};
  static const std::array<std::string, 5> kFunctions{"load", "load_all", "operator new(unsigned long)", "grow",
                                                     "<module>"};
  static const std::array<std::string, 4> kModules{"/usr/lib/x86_64-linux-gnu/libc.so.6", "/srv/shop/app",
                                                   "/usr/lib/python3/dist-packages/numpy/core/_multiarray.so", ""};
  Frame frame{choice(std::span<const std::string>(kNames)), static_cast<std::uint32_t>(below(3))};
  if (!one_in(3)) frame.function = choice(std::span<const std::string>(kFunctions));
  if (one_in(5)) frame.module = choice(std::span<const std::string>(kModules));
  return frame;
}

Traces Random::tracebacks(Frame (Random::*next_frame)()) {
  Traces tracebacks;  // the sizes are not used
  for (std::uint64_t left = 1 + below(6); left > 0; --left) {
    Trace trace;
    for (std::uint64_t frames = 1 + below(5); frames > 0; --frames) trace.frames.push_back((this->*next_frame)());
    trace.domain = one_in(3) ? static_cast<std::uint32_t>(below(3)) : 0;
    trace.total_nframe = one_in(3) ? 30 : static_cast<std::uint32_t>(trace.frames.size());
    tracebacks.push_back(trace);
  }
  return tracebacks;
}

Traces Random::some_of(const Traces& tracebacks, bool counted) {
  static const std::array<std::int64_t, 10> kSizes{
      0, 1, 2, 3, 512, 1033, std::int64_t{1} << 32U, std::int64_t{5} << 40U, 17, 64};
  Traces traces;
  for (std::uint64_t left = below(16); left > 0; --left) {
    traces.push_back(choice(std::span<const Trace>(tracebacks)));
    traces.back().size = choice(std::span<const std::int64_t>(kSizes));
    if (counted) traces.back().count = static_cast<std::int64_t>(1 + below(4));
  }
  return traces;
}

Traces Random::traces() {
  const Traces from = tracebacks(&Random::frame);
  return some_of(from, one_in(3));
}

Traces Random::with_types(Traces traces) {
  static const std::array<std::string, 5> kTypes{"dict", "list", "shop.models.User", "unknown", "app.py"};
  if (one_in(3)) return traces;
  for (Trace& trace : traces) {
    if (!one_in(3)) trace.type = choice(std::span<const std::string>(kTypes));
  }
  return traces;
}

Traces Random::recorded_traces() {
  const Traces from = tracebacks(&Random::recorded_frame);
  if (one_in(4)) return with_types(some_of(from, true));
  static const std::array<snapshot::Thread, 4> kThreads{snapshot::Thread{1, "main"}, snapshot::Thread{2, "worker"},
                                                        snapshot::Thread{3, "worker"}, snapshot::Thread{4, ""}};
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  const bool addresses = !one_in(3);
  const bool threads = !one_in(3);
  const bool births = one_in(2);
  const bool weights = one_in(2);
  Traces traces = some_of(from, false);
  for (Trace& trace : traces) {
    if (one_in(2)) trace.size = static_cast<std::int64_t>(below(2000));
    if (addresses) trace.address = one_in(20) ? kMost - below(3) : 4096 + below(4096);
    if (threads && !one_in(4)) trace.thread = choice(std::span<const snapshot::Thread>(kThreads));
    if (births) trace.birth = static_cast<std::int64_t>(below(100)) - 50;
    if (weights) trace.weight = below(1000);
  }
  return with_types(std::move(traces));
}

std::vector<snapshot::TraceFilter> Random::filters() {
  static const std::array<std::string, 9> kPatterns{"*", "a.py", "a.pyc", "?.py", "lib/*", "*.py", "<*>", "*/b*", ""};
  std::vector<snapshot::TraceFilter> filters;
  for (std::uint64_t left = below(4); left > 0; --left) {
    const bool inclusive = one_in(2);
    if (one_in(4)) {
      filters.emplace_back(snapshot::DomainFilter{inclusive, static_cast<std::uint32_t>(below(3))});
      continue;
    }
    snapshot::Filter filter{inclusive, choice(std::span<const std::string>(kPatterns)), {}, one_in(2), {}};
    if (one_in(3)) filter.lineno = static_cast<std::uint32_t>(below(3));
    if (one_in(3)) filter.domain = static_cast<std::uint32_t>(below(3));
    if (one_in(4)) filter.field = snapshot::FilterField::function;
    filters.emplace_back(filter);
  }
  return filters;
}

snapshot::GroupSpec Random::group_spec() {
  static const std::array<std::string, 4> kProjects{"/srv/shop", "C:\\shop", "shop/", "."};
  snapshot::GroupSpec spec{.by = static_cast<snapshot::GroupBy>(below(10))};
  spec.depth = static_cast<std::uint32_t>(below(4));
  spec.size_classes = static_cast<snapshot::SizeClasses>(below(4));
  if (one_in(2)) spec.projects.push_back(choice(std::span<const std::string>(kProjects)));
  if (one_in(4)) spec.projects.push_back(choice(std::span<const std::string>(kProjects)));
  return spec;
}

}  // namespace brute_force
