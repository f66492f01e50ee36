#!/bin/sh
# Runs all tests of the build in $BUILD and says how many claims held. SOAK=1: the long versions too.
# What a test prints is shown only if it fails.
set -u
BUILD=${BUILD:-build}
case $BUILD in *san) SAN=1 ;; *) SAN= ;; esac
SOAK=${SOAK:-}
TZ=UTC LC_ALL=C
export BUILD SAN SOAK TZ LC_ALL
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The last resort against a test that hangs; far above what any takes.
limit() {
  if [ -n "$SOAK" ]; then timeout -s KILL 7200 "$@"; else timeout -s KILL 600 "$@"; fi
}

# Adds up what a test printed in TAP or in cmocka's words; a test that says nothing has failed.
account() {
  good=$(grep -c -e '^ok ' -e '^\[       OK \]' "$log")
  bad=$(grep -c -e '^not ok ' -e '^\[  FAILED  \] [^0-9 ]*$' "$log")
  skips=$(grep -c -i -e '^ok .*# skip' -e '^\[  SKIPPED \] [^0-9 ]*$' "$log")
  good=$((good - skips))
  if [ "$2" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  if [ "$((good + bad + skips))" = 0 ]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
  echo "$1: $good passed, $bad failed, $skips skipped"
  grep -i '^ok .*# skip' "$log"
  if [ "$bad" != 0 ]; then cat "$log"; fi
}

for t in "$BUILD"/unit/test_*; do
  case $t in *.d) continue ;; esac
  limit "$t" >"$log" 2>&1
  account "${t##*/}" $?
done
for t in "$BUILD"/fuzz/replay_*; do
  case $t in *.d | *\**) continue ;; esac
  limit "$t" tests/fuzz/seeds/"${t##*/replay_}"/* >"$log" 2>&1
  account "${t##*/}" $?
done
for t in tests/integration/*.sh; do
  limit sh "$t" >"$log" 2>&1
  account "${t##*/}" $?
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
