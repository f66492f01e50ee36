#!/bin/sh
# Runs all tests of the build in $BUILD, some at a time since most of them wait, and says how many claims held.
# SOAK=1: the long versions too. What a test prints is shown only if it fails.
set -u
BUILD=${BUILD:-build}
case $BUILD in *san) SAN=1 ;; *) SAN= ;; esac
SOAK=${SOAK:-}
TZ=UTC LC_ALL=C
limit=600 # the last resort against a test that hangs; far above what any takes
[ -z "$SOAK" ] || limit=7200
export BUILD SAN SOAK TZ LC_ALL limit
passed=0 failed=0 skipped=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Adds up what a test printed in TAP or in cmocka's words; a test that says nothing has failed.
account() {
  log=$dir/$1.log
  if [ ! -e "$dir/$1.code" ]; then # xargs has stopped, since something was killed
    failed=$((failed + 1))
    echo "$1: did not end"
    if [ -e "$log" ]; then cat "$log"; fi
    return
  fi
  good=$(grep -c -e '^ok ' -e '^\[       OK \]' "$log")
  bad=$(grep '^\[  FAILED  \] ' "$log" | grep -c -v ' test(s), listed below:$') # cmocka names each twice
  bad=$(($(grep -c '^not ok ' "$log") + bad / 2))
  skips=$(grep -c -i -e '^ok .*# skip' -e '^1\.\.0 # skip' "$log")
  good=$((good - $(grep -c -i '^ok .*# skip' "$log")))
  if [ "$(cat "$dir/$1.code")" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  if [ "$((good + bad + skips))" = 0 ]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
  echo "$1: $good passed, $bad failed, $skips skipped"
  grep -i '^ok .*# skip' "$log"
  if [ "$bad" != 0 ]; then cat "$log"; fi
}

# Each test is a line: its name, then the command.
{
  for t in tests/integration/*.sh; do echo "$(basename "$t") sh $t"; done
  for t in "$BUILD"/unit/test_*; do case $t in *.d | *.gcno | *.gcda | *\**) ;; *) echo "${t##*/} $t" ;; esac done
  for t in "$BUILD"/fuzz/replay_*; do
    case $t in *.d | *.gcno | *.gcda | *\**) ;; *) echo "${t##*/} sh -c '$t tests/fuzz/seeds/${t##*/replay_}/*'" ;; esac
  done
} >"$dir/tests"
export dir
# shellcheck disable=SC2016  # for the inner shell
xargs -P 4 -L 1 sh -c 'name=$1; shift
  timeout -s KILL "$limit" "$@" >"$dir/$name.log" 2>&1 </dev/null
  echo $? >"$dir/$name.code"' run <"$dir/tests"
while read -r name _; do account "$name"; done <"$dir/tests"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
