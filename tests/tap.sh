# tap.sh - sourced by the tests in tests/integration, which run from the top folder: TAP, scratch space, waiting.
# Set by the script: stay=1 if its claims build on each other, in the folder it is in itself; also, a file whose words
# are shown with a claim that fails.
# shellcheck shell=sh

TZ=UTC LC_ALL=C
export TZ LC_ALL
top=$(pwd)
case ${BUILD:-build} in
/*) tools=$BUILD/tests ;;
*) tools=$top/${BUILD:-build}/tests ;;
esac
ratetap=${RATETAP:-$top/ratetap}
quiet=1000000/1h # a rule that these inputs do not break
export top tools ratetap quiet

# A leak check at its end stops a process with SIGSTOP; a SIGCONT that comes just then, as supervisors send after TERM,
# takes that back, and it waits for good. So what runs under a supervisor is checked for all but leaks.
under_supervisor() {
  ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
  export ASAN_OPTIONS
}

tmp=$(mktemp -d) || exit 111
count=0
failed=0

# What was started with '&' and may outlive its test is noted, and ended after it.
note_pid() { echo "$1" >>"$tmp/pids"; }
end_noted() {
  [ -e "$tmp/pids" ] || return 0
  while read -r pid; do kill -9 "$pid" 2>/dev/null; done <"$tmp/pids"
  rm -f "$tmp/pids"
}
clean_up() {
  end_noted
  rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

fresh() {
  [ -z "${stay:-}" ] || return 0
  mkdir "$tmp/$count" && cd "$tmp/$count" || return
}

# it CLAIM COMMAND: COMMAND runs in a subshell in a new scratch folder; its words are shown if it fails, its '#' lines always.
# With ONLY set to a pattern of expr(1) in the environment, other claims are passed over.
it() {
  [ -z "${ONLY:-}" ] || expr "$1" : ".*$ONLY" >/dev/null || return 0
  count=$((count + 1))
  if (fresh && eval "$2") >"$tmp/said" 2>&1; then
    echo "ok $count - $1"
    sed -n '/^#/p' "$tmp/said"
  else
    echo "not ok $count - $1"
    cat "$tmp/said" ${also:+"$also"} | sed 's|^#* *|# |' | awk '!seen[$0]++' | head -n 30
    failed=$((failed + 1))
  fi
  end_noted
}

skip() {
  count=$((count + 1))
  echo "ok $count - $1 # SKIP $2"
}

# native CLAIM COMMAND: as it, but not with a sanitizer, which has memory of its own and must be loaded first.
native() {
  if [ -n "${SAN:-}" ]; then skip "$1" 'not with a sanitizer'; else it "$1" "$2"; fi
}

# moved CLAIM COMMAND: as it, but not if tee and splice were compiled out (NO_SPLICE=1): what they alone promise.
moved() {
  if [ -n "${NO_SPLICE:-}" ]; then skip "$1" 'compiled without tee and splice'; else it "$1" "$2"; fi
}

# preloaded CLAIM COMMAND: as it, where a library can be loaded before the program, to let its calls fail.
preloaded() {
  if is_static; then skip "$1" 'the program is linked statically'; else native "$1" "$2"; fi
}
# all_preloaded: the same for a whole script, which ends here where that cannot be.
all_preloaded() {
  if is_sanitized; then
    echo '1..0 # SKIP the sanitizer has its own allocator'
    exit 0
  fi
  if is_static; then
    echo '1..0 # SKIP the program is linked statically'
    exit 0
  fi
}
is_sanitized() { nm -D "$ratetap" 2>/dev/null | grep -q __asan; }
is_static() { ! readelf -lW "$ratetap" 2>/dev/null | grep -q INTERP; }

# within SECONDS COMMAND: asks 20 times a second until COMMAND succeeds.
within() {
  tries=$(($1 * 20))
  until eval "$2"; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      echo "# never came true within $1 s: $2"
      return 1
    fi
    sleep 0.05
  done
}

# The processes that work in folder $1 or below it, even if it is no more.
left_over() {
  for p in /proc/[0-9]*; do
    case $(readlink "$p/cwd" 2>/dev/null) in "$1" | "$1"/* | "$1 (deleted)") echo "${p#/proc/}" ;; esac
  done
}

gone() { ! kill -0 "$1" 2>/dev/null; }
unread() { "$tools/fdtool" unread "$1"; }
# What waits in the FIFO $1, without waiting for more.
drain() { dd if="$1" iflag=nonblock bs=65536 2>/dev/null || :; }
# CPU time of process $1 so far, in ticks of 10 ms.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

done_testing() {
  echo "1..$count"
  [ "$failed" -eq 0 ]
  exit
}
