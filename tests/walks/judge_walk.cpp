#include "judge_walk.h"

#include "recorder/threads.h"

#define UNW_LOCAL_ONLY
#include <fcntl.h>
#include <libunwind.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace snapshot::recorder {
namespace {

constexpr std::size_t kMostFrames = 1024;
constexpr std::uint64_t kMostTold = 40;

std::atomic<std::uint64_t> g_compared{0};
std::atomic<std::uint64_t> g_frames{0};
std::atomic<std::uint64_t> g_different{0};
int g_report = -1;

void tell(const char* text, int length) {
  if (g_report >= 0 && write(g_report, text, static_cast<std::size_t>(length)) != length) g_report = -1;
}

/// libunwind's return addresses outside the hook, the most recent first. Its first one is the caller's.
std::size_t walk_again(const Registers& caller, std::uint64_t* pcs) {
  unw_context_t context;
  unw_cursor_t cursor;
  unw_getcontext(&context);
  unw_init_local(&cursor, &context);
  std::size_t count = 0;
  while (count < kMostFrames && unw_step(&cursor) > 0) {
    unw_word_t pc = 0;
    unw_word_t sp = 0;
    unw_get_reg(&cursor, UNW_REG_IP, &pc);
    unw_get_reg(&cursor, UNW_REG_SP, &sp);
    if (pc == 0) break;
    if (count == 0 && (pc != caller.pc || sp != caller.sp)) continue;
    pcs[count++] = pc;
  }
  return count;
}

std::size_t recorded(RegionMap region, std::uint32_t node, std::uint64_t* pcs) {
  std::size_t count = 0;
  for (; node > CallNodes::kCutRoot && count < kMostFrames; node = region.nodes()[node].parent.load()) {
    pcs[count++] = code_address(region.nodes()[node].frame.load());
  }
  return count;
}

void tell_difference(const std::uint64_t* ours, std::size_t our_count, const std::uint64_t* theirs,
                     std::size_t their_count) {
  std::size_t same = 0;
  while (same < our_count && same < their_count && ours[same] == theirs[same]) ++same;
  char text[256];
  const int length = snprintf(text, sizeof text,
                              "differ after %zu of %zu and %zu frames, in the caller of %#lx: %#lx, libunwind %#lx\n",
                              same, our_count, their_count, same != 0 ? ours[same - 1] : 0,
                              same < our_count ? ours[same] : 0, same < their_count ? theirs[same] : 0);
  tell(text, length);
}

__attribute__((constructor)) void open_report() {
  if (const char* path = getenv("TMTOOLS_WALKS_REPORT")) {
    g_report = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
}

__attribute__((destructor)) void report() {
  char text[128];
  tell(text, snprintf(text, sizeof text, "compared %lu walks of %lu frames, %lu differ\n", g_compared.load(),
                      g_frames.load(), g_different.load()));
}

}  // namespace

void judge_walk(RegionMap region, std::uint32_t node, const Registers& caller) {
  ++t_thread->own_work;
  static thread_local std::uint64_t ours[kMostFrames];
  static thread_local std::uint64_t theirs[kMostFrames];
  const std::size_t our_count = recorded(region, node, ours);
  const std::size_t their_count = walk_again(caller, theirs);
  g_compared.fetch_add(1);
  g_frames.fetch_add(our_count);
  if (our_count != their_count || memcmp(ours, theirs, our_count * sizeof ours[0]) != 0) {
    if (g_different.fetch_add(1) < kMostTold) tell_difference(ours, our_count, theirs, their_count);
  }
  --t_thread->own_work;
}

}  // namespace snapshot::recorder
