#!/bin/sh
# Installs what is missing, builds twice, and runs every test against both builds: release, and with AddressSanitizer and
# UndefinedBehaviorSanitizer. Ends with ctest's summary; the status is not 0 if anything failed.
set -eu
cd "$(dirname "$0")/.."

sh samples/packages.sh binutils bzip2 clang-format cmake curl doctest-dev fish g++ gawk git jq less libcli11-dev \
  libdw-dev libfmt-dev libre2-dev libunwind-dev libzstd-dev mandoc ninja-build nlohmann-json3-dev openssl perl pkg-config \
  python3 python3-dev python3-pip python3-pytest python3-venv sqlite3 tmux valgrind xz-utils zlib1g-dev zsh zstd

status=0
for preset in release asan; do
  echo "== $preset"
  cmake --preset $preset >/dev/null
  cmake --build --preset $preset
done
# Each public header alone.
cmake --build --preset release --target all_verify_interface_header_sets >/dev/null
for preset in release asan; do
  echo "== $preset"
  ctest --preset $preset -j "$(nproc)" || status=1
done
exit $status
