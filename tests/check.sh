#!/bin/sh
# Runs all tests of the build in $BUILD, four at a time for each processor since most of them wait, and says how many
# claims held and how many seconds each took.
# SOAK=1: the long versions too, with the rows of the tables in doc/faults.md. What else a test prints is shown only if
# it fails.
set -u
BUILD=${BUILD:-build}
case $BUILD in *san) SAN=1 ;; *) SAN= ;; esac
SOAK=${SOAK:-}
TZ=UTC LC_ALL=C
processors=$(nproc 2>/dev/null || echo 1)
limit=600 # the last resort against a test that hangs; far above what any takes
[ -z "$SOAK" ] || limit=7200
export BUILD SAN SOAK TZ LC_ALL limit
passed=0 failed=0 skipped=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Adds up what a test printed in TAP or in cmocka's words; a test that says nothing has failed.
account() {
  log=$dir/$1.log
  if [ ! -e "$dir/$1.end" ]; then # xargs has stopped, since something was killed
    failed=$((failed + 1))
    echo "$1: did not end"
    if [ -e "$log" ]; then cat "$log"; fi
    return
  fi
  # shellcheck disable=SC2046 # three numbers
  set -- "$1" $(awk '
    { skip = tolower($0) ~ /^(ok .*|1\.\.0 )# skip/ }
    skip { skips++; next }
    /^ok / || /^\[       OK \]/ { good++ }
    /^not ok / { bad++ }
    /^\[  FAILED  \] / && !/ test\(s\), listed below:$/ { named++ } # cmocka names each twice
    END { print good + 0, bad + int(named / 2), skips + 0 }' "$log")
  good=$2 bad=$3 skips=$4
  if [ "$(cat "$dir/$1.code")" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  if [ "$((good + bad + skips))" = 0 ]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
  echo "$1: $good passed, $bad failed, $skips skipped, $(($(cat "$dir/$1.end") - $(cat "$dir/$1.begin"))) s"
  grep -i '^ok .*# skip' "$log"
  [ -z "$SOAK" ] || grep '^# |' "$log"
  if [ "$bad" != 0 ]; then cat "$log"; fi
}

# Each test is a line: its name, then the command. Those that take longest begin first.
longest='week examples followed build gatefaults doors crowd fault syscalls supervise gate docs services install starved'
{
  for t in $longest $(cd tests/integration && echo *.sh | sed 's/\.sh//g'); do echo "$t.sh sh tests/integration/$t.sh"; done | awk '!seen[$0]++'
  for t in tests/unit/test_*.c; do t=$(basename "$t" .c) && echo "$t $BUILD/unit/$t"; done
  for t in tests/fuzz/fuzz_*.c; do
    t=${t##*/fuzz_} t=${t%.c}
    echo "replay_$t sh -c '$BUILD/fuzz/replay_$t tests/fuzz/seeds/$t/*'"
  done
} >"$dir/tests"
export dir
# shellcheck disable=SC2016  # for the inner shell
xargs -P $((4 * processors)) -L 1 sh -c 'name=$1; shift
  date +%s >"$dir/$name.begin"
  timeout -s KILL "$limit" "$@" >"$dir/$name.log" 2>&1 </dev/null
  echo $? >"$dir/$name.code"
  date +%s >"$dir/$name.end"' run <"$dir/tests"
while read -r name _; do account "$name"; done <"$dir/tests"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
