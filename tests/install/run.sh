#!/bin/sh
# run.sh BUILD_DIR SOURCE_DIR COMPILER [FLAGS]: installs BUILD_DIR into a temporary prefix and builds the consumer both ways.
set -eu
build=$1 source=$2 compiler=$3
shift 3
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

cmake --install "$build" --prefix "$prefix" >/dev/null
cmake -G Ninja -S "$source/consumer" -B "$prefix/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$compiler" \
      -DCMAKE_CXX_FLAGS="$*" >/dev/null
cmake --build "$prefix/build" >/dev/null
test "$("$prefix/build/consumer")" = "1 row of 4096 bytes"

pc=$(dirname "$(find "$prefix" -name snapshot.pc)")
export PKG_CONFIG_PATH="$pc"
# The file says the folders of the configuration; pkg-config is told where they are this time.
flags=$(pkg-config --define-variable=libdir="$(dirname "$pc")" --define-variable=includedir="$prefix/include" --cflags --libs snapshot)
# shellcheck disable=SC2086,SC2068
"$compiler" -std=c++20 $@ "$source/consumer/consumer.cpp" $flags -o "$prefix/by-pkg-config"
test "$("$prefix/by-pkg-config")" = "1 row of 4096 bytes"

"$prefix/bin/tmtop" --version
"$prefix/bin/tmdiff" --version
"$prefix/bin/tmconvert" --version
"$prefix/bin/tminfo" --version
"$prefix/bin/tmcheck" --version
echo "the installed package works"
