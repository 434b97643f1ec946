#include "pickle_from.h"

#include <formats/tracemalloc/reader.h>

#include "readers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace testing {
namespace {

enum class Argument { none, number1, number2, number4, number8, line, two_lines, bytes1, bytes4, bytes8, zeros8 };

struct Opcode {
  std::string_view name;
  unsigned char code;
  Argument argument = Argument::none;
};

constexpr auto kOpcodes = std::to_array<Opcode>({
    {"MARK", '('},
    {"STOP", '.'},
    {"POP", '0'},
    {"POP_MARK", '1'},
    {"DUP", '2'},
    {"FLOAT", 'F', Argument::line},
    {"INT", 'I', Argument::line},
    {"BININT", 'J', Argument::number4},
    {"BININT1", 'K', Argument::number1},
    {"LONG", 'L', Argument::line},
    {"BININT2", 'M', Argument::number2},
    {"NONE", 'N'},
    {"PERSID", 'P', Argument::line},
    {"BINPERSID", 'Q'},
    {"REDUCE", 'R'},
    {"STRING", 'S', Argument::line},
    {"BINSTRING", 'T', Argument::bytes4},
    {"SHORT_BINSTRING", 'U', Argument::bytes1},
    {"UNICODE", 'V', Argument::line},
    {"BINUNICODE", 'X', Argument::bytes4},
    {"APPEND", 'a'},
    {"BUILD", 'b'},
    {"GLOBAL", 'c', Argument::two_lines},
    {"DICT", 'd'},
    {"EMPTY_DICT", '}'},
    {"APPENDS", 'e'},
    {"GET", 'g', Argument::line},
    {"BINGET", 'h', Argument::number1},
    {"INST", 'i', Argument::two_lines},
    {"LONG_BINGET", 'j', Argument::number4},
    {"LIST", 'l'},
    {"EMPTY_LIST", ']'},
    {"OBJ", 'o'},
    {"PUT", 'p', Argument::line},
    {"BINPUT", 'q', Argument::number1},
    {"LONG_BINPUT", 'r', Argument::number4},
    {"SETITEM", 's'},
    {"TUPLE", 't'},
    {"EMPTY_TUPLE", ')'},
    {"SETITEMS", 'u'},
    {"BINFLOAT", 'G', Argument::zeros8},
    {"PROTO", 0x80, Argument::number1},
    {"NEWOBJ", 0x81},
    {"EXT1", 0x82, Argument::number1},
    {"EXT2", 0x83, Argument::number2},
    {"EXT4", 0x84, Argument::number4},
    {"TUPLE1", 0x85},
    {"TUPLE2", 0x86},
    {"TUPLE3", 0x87},
    {"NEWTRUE", 0x88},
    {"NEWFALSE", 0x89},
    {"LONG1", 0x8a, Argument::bytes1},
    {"LONG4", 0x8b, Argument::bytes4},
    {"BINBYTES", 'B', Argument::bytes4},
    {"SHORT_BINBYTES", 'C', Argument::bytes1},
    {"SHORT_BINUNICODE", 0x8c, Argument::bytes1},
    {"BINUNICODE8", 0x8d, Argument::bytes8},
    {"BINBYTES8", 0x8e, Argument::bytes8},
    {"EMPTY_SET", 0x8f},
    {"ADDITEMS", 0x90},
    {"FROZENSET", 0x91},
    {"NEWOBJ_EX", 0x92},
    {"STACK_GLOBAL", 0x93},
    {"MEMOIZE", 0x94},
    {"FRAME", 0x95, Argument::number8},
    {"BYTEARRAY8", 0x96, Argument::bytes8},
    {"NEXT_BUFFER", 0x97},
    {"READONLY_BUFFER", 0x98},
});

std::string number(std::uint64_t value, std::size_t width) {
  std::string bytes;
  for (; width > 0; --width, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
  return bytes;
}

std::string unescaped(const std::string& word) {
  if (word == "\"\"") return "";
  std::string bytes;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word.compare(at, 2, "\\x") == 0) {
      bytes += static_cast<char>(std::stoul(word.substr(at + 2, 2), nullptr, 16));
      at += 3;
    } else {
      bytes += word[at];
    }
  }
  return bytes;
}

std::string argument_from(Argument argument, std::istream& words) {
  std::string word;
  if (argument != Argument::none && argument != Argument::zeros8 && !(words >> word)) {
    throw std::invalid_argument("an opcode lacks its argument");
  }
  const auto value = [&] { return static_cast<std::uint64_t>(std::stoll(word)); };
  switch (argument) {
    case Argument::none: return "";
    case Argument::number1: return number(value(), 1);
    case Argument::number2: return number(value(), 2);
    case Argument::number4: return number(value(), 4);
    case Argument::number8: return number(value(), 8);
    case Argument::line: return unescaped(word) + "\n";
    case Argument::two_lines: return word + "\n" + argument_from(Argument::line, words);
    case Argument::bytes1: return number(unescaped(word).size(), 1) + unescaped(word);
    case Argument::bytes4: return number(unescaped(word).size(), 4) + unescaped(word);
    case Argument::bytes8: return number(unescaped(word).size(), 8) + unescaped(word);
    case Argument::zeros8: return std::string(8, '\0');
  }
  throw std::invalid_argument("argument");
}

struct Outcome {
  Lines traces;
  Lines totals;
  std::string error;
};

Outcome read(formats::ByteReader bytes, bool totals_only) {
  try {
    formats::Lost lost;
    const formats::ReadOptions options{totals_only ? formats::Detail::totals : formats::Detail::traces, false};
    const auto snapshot = formats::tracemalloc::read(bytes, std::make_shared<snapshot::Symbols>(), options, lost);
    return {traces_of(snapshot), totals_of(snapshot), ""};
  } catch (const std::exception& error) {
    return {{}, {}, std::string("error: ") + error.what()};
  }
}

}  // namespace

std::string pickle_from(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string bytes;
  for (std::string word; words >> word;) {
    const auto* opcode = std::ranges::find(kOpcodes, word, &Opcode::name);
    if (opcode == kOpcodes.end()) throw std::invalid_argument("no such opcode: " + word);
    bytes += static_cast<char>(opcode->code);
    bytes += argument_from(opcode->argument, words);
  }
  return bytes;
}

std::string dump_text(std::string_view traces, std::string_view extra) {
  return "PROTO 4 GLOBAL tracemalloc Snapshot EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK "
         "SHORT_BINUNICODE traces GLOBAL tracemalloc _Traces EMPTY_TUPLE NEWOBJ "
         "EMPTY_DICT SHORT_BINUNICODE _traces " +
         std::string(traces) + " SETITEM BUILD SHORT_BINUNICODE traceback_limit BININT1 5 " + std::string(extra) +
         " SETITEMS BUILD STOP";
}

Lines outcome_of(const std::string& pickle) {
  constexpr std::size_t kWhole = std::size_t{1} << 20U;
  const Outcome first = read(mapped(pickle), false);
  for (const bool totals_only : {false, true}) {
    for (const std::size_t step : {std::size_t{0}, std::size_t{1}, kWhole}) {
      const Outcome other = read(step == 0 ? mapped(pickle) : piped(pickle, step), totals_only);
      const bool same_traces = totals_only || other.traces == first.traces;
      if (!same_traces || other.totals != first.totals || other.error != first.error) {
        return {"read in another way: " + other.error, first.error};
      }
    }
  }
  return first.error.empty() ? first.traces : Lines{first.error};
}

Lines outcome_of_traces(std::string_view traces, std::string_view extra) {
  return outcome_of(pickle_from(dump_text(traces, extra)));
}

}  // namespace testing
