#!/bin/sh
# check_programs.sh DIRECTORY: the programs to record do what their comments say when nobody records them.
set -u
status=0
# expect STATUS OUTPUT COMMAND...
expect() {
  wanted=$1 text=$2
  shift 2
  { said=$("$@"); got=$?; } 2>/dev/null  # where the shell tells of signals, too
  test "$got" = "$wanted" && test "$said" = "$text" && return
  echo "$*: status $got and '$said', not $wanted and '$text'"
  status=1
}
samples=$(cd "$(dirname "$0")" && pwd)
cd "$1" || exit 2
expect 0 "10000 requests, 9000 served, 500 sessions" ./leaking_server
expect 0 "50000 lookups, 17892 hits, 2000 entries" ./lru_cache 50000
expect 0 "3716670 bytes, 100 messages left" ./churner 20000
expect 0 "the sum is 1124250" ./own_arena
expect 0 "3 children, the sum of their statuses is 6" ./forking
expect 0 "74 blocks, 100 vectors, 0 misaligned" ./aligned
for how in _exit quick_exit exit return; do
  expect 7 planted ./crashing $how
done
expect 0 "20000 orders, 2000 pages, 2000 waiting" python3 "$samples/programs/python_leak.py"
# 128 and the number of the signal.
expect 139 planted ./crashing segv
expect 134 planted ./crashing abort
expect 137 planted ./crashing kill
expect 143 planted ./crashing term
expect 136 planted ./crashing fpe
exit $status
