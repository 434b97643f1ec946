#!/bin/sh
# check.sh: runs the tests, and fails when they leave more memory behind than the baselines in the repository say.
# check.sh update: runs the tests, and writes the baselines, which are to be committed.
#
# Run from the root of the project. It is an example to copy; what differs between projects is in the environment:
#
#   TESTS            what pytest runs (tests); nothing where empty
#   PYTHON           the interpreter, which has pytest (python3)
#   NATIVE           a test binary that writes a snapshot to the file that it is told; samples/programs/arena.cpp is one
#   BASELINES        the directory of the baselines (ci/memory)
#   OUT              the directory of snapshots and reports (build/memory)
#   TMCHECK_OPTIONS  more options, as --budget ci/memory.json or --suppressions ci/leaks.supp
#
# Status: 0 within limits, 1 a limit is exceeded, or a test failed, 2 anything else.
set -eu
mode=${1:-check}
plugin=$(cd "$(dirname "$0")" && pwd)
baselines=${BASELINES:-ci/memory}
out=${OUT:-build/memory}
status=0
mkdir -p "$out" "$baselines"

fail() {
  echo "check.sh: $1" >&2
  exit 2
}

# check NAME SNAPSHOT [OPTION]...
check() {
  name=$1 snapshot=$2
  shift 2
  # shellcheck disable=SC2086
  set -- --strip-prefix "$PWD" --source-root . ${TMCHECK_OPTIONS:-} "$@"
  if test "$mode" = update; then
    tmcheck "$@" --update-baseline "$baselines/$name.tms" "$snapshot"
    return
  fi
  for report in text json="$out/$name.json" markdown="$out/$name.md" junit="$out/$name.junit.xml" \
                sarif="$out/$name.sarif" benchmark="$out/$name.benchmark.json"; do
    set -- "$@" --report "$report"
  done
  test -z "${GITHUB_ACTIONS:-}" || set -- "$@" --report github
  test -z "${GITHUB_STEP_SUMMARY:-}" || set -- "$@" --report step-summary
  test -z "${GITLAB_CI:-}" || set -- "$@" --report gitlab="$out/$name.codequality.json"
  code=0
  tmcheck "$@" --baseline "$baselines/$name.tms" "$snapshot" || code=$?
  test "$code" -le "$status" || status=$code
}

test -n "${TESTS=tests}${NATIVE:-}" || fail "neither TESTS nor NATIVE: nothing to check"

if test -n "$TESTS"; then
  "${PYTHON:-python3}" -c 'import pytest' || fail "${PYTHON:-python3} has no pytest"
  rm -f "$out/python.pickle"
  tests=0
  # Sizes do not depend on a hash seed, nor on what an earlier run has compiled.
  # shellcheck disable=SC2086
  PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$plugin${PYTHONPATH:+:$PYTHONPATH}" \
    "${PYTHON:-python3}" -m pytest -p no:cacheprovider -p pytest_tmtools --tm-snapshot "$out/python.pickle" $TESTS ||
    tests=$?
  test "$tests" -le 1 || fail "pytest ended with status $tests"
  test "$tests" = 0 || exit 1
  # What the project's own lines hold, also by way of a library.
  check python "$out/python.pickle" --mine --exclude '*pytest_tmtools.py'
fi

if test -n "${NATIVE:-}"; then
  rm -f "$out/native.tms"
  "$NATIVE" "$out/native.tms"
  check native "$out/native.tms"
fi
exit "$status"
