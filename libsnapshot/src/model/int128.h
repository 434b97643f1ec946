#pragma once

namespace snapshot {

// gcc and clang both have it; ISO C++ does not.
__extension__ using Int128 = __int128;
__extension__ using UnsignedInt128 = unsigned __int128;

}  // namespace snapshot
