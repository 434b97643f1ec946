#pragma once

#include "tests/support/tms_assembler.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tms_bad {

/// The parts of a sound file of four blocks with addresses and a thread, written by hand:
///
///   16 a.py:1 address=0x1000 thread=main
///   32 b.py:2 < a.py:1 address=0x1020
///   48 b.py:2 < a.py:1 address=0x1050
///   8 c.py:3 domain=2 address=0x2000
testing::FileParts sound();

/// The numbers of BIDX; the length of the one page's frame is put in.
struct Index {
  std::uint64_t rows = 4;
  std::uint64_t kinds = 3;
  std::uint64_t shift = 4;
  std::uint64_t rule = 0;
  std::uint64_t reference = 0;
  std::uint64_t first = 0x100;  ///< in units
  std::uint64_t reach = 0x1008;
};

/// Columns of the one page of BLKS.
struct Page {
  std::string gaps = testing::varints({0, 2, 2, 496});
  std::string references = testing::varints({0, 1, 2, 3});
  std::string sizes = {};
  std::string threads = testing::varints({1, 0, 0, 0});
  std::string births = {};
  std::string weights = {};
};

/// The sound file with other blocks.
testing::FileParts with_blocks(const Index& index, const Page& page);

/// The parts of a sound file of four blocks with addresses and types: three of 16 bytes, a dict, a list and a dict,
/// from a.py:1, and one of 8 bytes whose type is not known from b.py:2.
testing::FileParts sound_types();

/// A file whose frame and checksums are right, but whose contents lie; and a word for the lie.
using Cases = std::vector<std::pair<std::string, std::string>>;

Cases container_cases();
Cases symbol_cases();
Cases total_cases();
Cases block_cases();
Cases type_cases();

}  // namespace tms_bad
