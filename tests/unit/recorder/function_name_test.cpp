#include <recorder/function_name.h>

#include <doctest/doctest.h>

#include <new>
#include <string>

using snapshot::recorder::demangled;
using snapshot::recorder::is_allocation_function;

TEST_CASE("names of C++ are shown as they are written, and others as they are") {
  CHECK(demangled("_ZNSt6vectorIiSaIiEE9push_backERKi") ==
        "std::vector<int, std::allocator<int> >::push_back(int const&)");
  CHECK(demangled("main") == "main");
  CHECK(demangled("_Z") == "_Z");
  CHECK(demangled("_ZN") == "_ZN");
  CHECK(demangled("") == "");
  CHECK(demangled("i") == "i");  // which is a type's code, too
}

TEST_CASE("the standard's allocation functions are told by their symbol and by their name") {
  for (const char* const symbol :
       {"_Znwm", "_Znam", "_Znwj", "_ZnwmRKSt9nothrow_t", "_ZnamRKSt9nothrow_t", "_ZnwmSt11align_val_t",
        "_ZnamSt11align_val_t", "_ZnwmSt11align_val_tRKSt9nothrow_t", "_ZnamSt11align_val_tRKSt9nothrow_t"}) {
    CAPTURE(symbol);
    CHECK(is_allocation_function(symbol));
    CHECK(is_allocation_function(demangled(symbol)));
  }
}

TEST_CASE("telling the recorder of a block is not allocating it") {
  CHECK(is_allocation_function("snapshot::recorder::track(unsigned int, void const*, unsigned long)"));
  CHECK_FALSE(is_allocation_function("snapshot::recorder::tracker()"));
}

TEST_CASE("other functions are no allocation functions") {
  // Placement new, a class's own, with an argument more, delete, and what only begins so.
  for (const char* const symbol :
       {"_ZnwmPv", "_ZN4ItemnwEm", "_ZnwmR5Arena", "_ZdlPv", "_ZdaPvm", "_Znwmm", "_Znw", "_Z3newm", "malloc", ""}) {
    CAPTURE(symbol);
    CHECK_FALSE(is_allocation_function(symbol));
    CHECK_FALSE(is_allocation_function(demangled(symbol)));
  }
  CHECK_FALSE(is_allocation_function("operator new"));
  CHECK_FALSE(is_allocation_function("operator new(unsigned long, Arena&)"));
}
