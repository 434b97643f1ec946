#include <formats/tracemalloc/classes.h>

#include <doctest/doctest.h>

#include <optional>

using formats::tracemalloc::Class;
using formats::tracemalloc::find_class;
using formats::tracemalloc::Kind;
using formats::tracemalloc::kind_of_instance;

TEST_CASE("the classes of a dump are known, by their Python 3 and Python 2 names") {
  CHECK(find_class("tracemalloc", "Snapshot") == Class::snapshot);
  CHECK(find_class("tracemalloc", "_Traces") == Class::traces);
  CHECK(find_class("copyreg", "_reconstructor") == Class::reconstructor);
  CHECK(find_class("copy_reg", "_reconstructor") == Class::reconstructor);
  CHECK(find_class("builtins", "object") == Class::object);
  CHECK(find_class("__builtin__", "object") == Class::object);
  CHECK(find_class("__builtin__", "xrange") == Class::builtin);
  CHECK(find_class("builtins", "complex") == Class::builtin);
  CHECK(find_class("builtins", "Ellipsis") == Class::constant);
  CHECK(find_class("_codecs", "encode") == Class::encode);
}

TEST_CASE("nothing else is") {
  const auto none = std::optional<Class>();
  CHECK(find_class("os", "system") == none);
  CHECK(find_class("builtins", "eval") == none);
  CHECK(find_class("builtins", "getattr") == none);
  CHECK(find_class("__builtin__", "exec") == none);
  CHECK(find_class("tracemalloc", "Filter") == none);
  CHECK(find_class("tracemalloc", "Snapshot.load") == none);
  CHECK(find_class("tracemalloc", "") == none);
  CHECK(find_class("", "Snapshot") == none);
  CHECK(find_class("copyreg", "__newobj__") == none);
}

TEST_CASE("what a call makes is of the kind that the class says") {
  CHECK(kind_of_instance(Class::encode) == Kind::bytes);
  CHECK(kind_of_instance(Class::bytes) == Kind::bytes);
  CHECK(kind_of_instance(Class::bytearray) == Kind::bytearray);
  CHECK(kind_of_instance(Class::set) == Kind::set);
  CHECK(kind_of_instance(Class::frozenset) == Kind::frozenset);
  CHECK(kind_of_instance(Class::builtin) == Kind::builtin);
}
