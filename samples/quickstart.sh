#!/bin/sh
# From a fresh Debian 12 to an answer: installs what the build needs, builds the tools, and runs them on two bundled dumps of a
# Python shop that leaks.
set -eu
cd "$(dirname "$0")/.."

sh samples/packages.sh cmake g++ libcli11-dev libdw-dev libfmt-dev libre2-dev libzstd-dev ninja-build nlohmann-json3-dev \
  pkg-config python3-dev zlib1g-dev
echo "building the tools in build/quickstart"
cmake -S . -B build/quickstart -G Ninja -DCMAKE_BUILD_TYPE=Release -DTMTOOLS_TESTS=OFF >/dev/null
cmake --build build/quickstart >/dev/null

run() {
  echo
  echo "\$ $*"
  PATH="build/quickstart/apps:$PATH" "$@"
}
run tmtop samples/snapshots/leak-1.pickle
run tmdiff samples/snapshots/leak-0.pickle samples/snapshots/leak-1.pickle
run tminfo samples/snapshots/leak-1.pickle
echo
echo "The leak is the first row. The tools are in build/quickstart/apps; 'cmake --install build/quickstart' installs them."
