#!/bin/sh
# Breaks src/ in many small ways, one at a time, and says which of them no quick test has noticed.
# Run from the top folder, after `make check`, which builds the oracle and the other tools.
#   MUTANTS: how many (200); MUTANTS_SEED: which ones (1); MUTANTS_ONLY: a pattern of grep -E for file:line.
# Each is compiled, with sanitizers, in a scratch copy. The quick tests are the unit tests, the one of the broken module first, the
# comparison with the oracle and the real log, and, for what they do not reach, short integration tests. A test that
# takes more than 30 seconds of CPU, or four minutes, has noticed. tests/mutants/justified names the survivors that change nothing that a
# test could see, and why; rows of it that are no mutant any more are listed first.
set -u
LC_ALL=C TZ=UTC
export LC_ALL TZ
top=$(pwd)
build=$top/${BUILD:-build}
wanted=${MUTANTS:-200} seed=${MUTANTS_SEED:-1} only=${MUTANTS_ONLY:-.}
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS
work=$(mktemp -d) || exit 111
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cp -R src "$work/src"
cp -R src "$work/whole"
# PROGRAM:FILE with its main, as the Makefile has them.
programs=$(sed -n 's,^$B/\([a-z-]*\): $B/\(.*main\)\.o$,\1:\2,p' Makefile)
mkdir "$work/obj" "$work/unit" "$work/case"
cd "$work" || exit 111

object() { echo "obj/$(echo "${1#src/}" | tr / _ | sed 's/c$/o/')"; }

compiler() {
  cc -std=c11 -D_GNU_SOURCE -DVERSION='"mutant"' -Isrc -w -O1 -fPIC -fsanitize=address,undefined \
    -fno-sanitize-recover=undefined "$@" 2>>said
}

compile() { compiler -c -o "$(object "$1")" "$1"; }

compile_all() {
  for c in src/*/*.c; do compile "$c" || return 1; done
}

# All but what has a main is a shared library, so that a mutant costs one link and not one for each test.
link_programs() {
  set --
  for object in obj/*.o; do
    case $object in *_main.o) ;; *) set -- "$@" "$object" ;; esac
  done
  compiler -shared -o libsrc.so "$@" -lskarnet || return
  for pair in $programs; do
    compiler -o "${pair%:*}" "obj/$(echo "${pair#*:}" | tr / _).o" -L. -lsrc -lskarnet -Wl,-rpath,"$work" || return
  done
}

# shellcheck disable=SC3045 # dash, bash and busybox have it
passes() { (ulimit -t 30; exec timeout -s KILL 240 "$@") >said 2>&1 </dev/null; }

# Logs, command lines, and what the oracle says.
prepare_cases() {
  n=0
  for form in tai64n local both svlogd accustamp splogger syslog-iso mixed tai64n local splogger mixed; do
    n=$((n + 1))
    "$build/gen" "$n" 300 "$form" >case/$n.log
    "$build/gen" -s "$n" >case/$n.args
    expect
  done
  for args in "$top"/tests/corpus/expected/*.args; do
    n=$((n + 1))
    ln -s "$top/tests/corpus/notqmail.log" case/$n.log
    eval "printf '%s\\n' $(cat "$args")" >case/$n.args
    cp "${args%args}alerts" case/$n.want
  done
}

with_arguments() {
  while IFS= read -r word; do set -- "$@" "$word"; done <"case/$n.args"
  "$@"
}

comparable() { sed 's/ lost=[0-9]* memory=[0-9]*$//; s/ unknown=[0-9]*//'; }

expect() { with_arguments "$build/oracle" -r 5 <"case/$n.log" | comparable >"case/$n.want"; }

agrees() {
  for want in case/*.want; do
    n=${want#case/} n=${n%.want}
    report='-r 5'
    [ ! -L "case/$n.log" ] || report=
    # shellcheck disable=SC2086  # two words or none
    with_arguments timeout -s KILL 240 ./ratetap -a 3 $report <"case/$n.log" 3>alerts >out 2>/dev/null || return 1
    comparable <alerts | cmp -s - "$want" && cmp -s "case/$n.log" out || return 1
  done
}

# The short integration tests that look at what the file does.
integration() {
  claims=
  case $1 in
  src/main/main.c) tests='wrong reload report options keeper pipe restart hostile' ;;
  src/main/* | src/rule/*) tests='wrong report options hostile' ;;
  src/pipe/warm.c) tests='warm restart' ;;
  src/pipe/warn.c) tests=warnings ;;
  src/pipe/logger.c) tests='keeper supervise' ;;
  src/pipe/*) tests='pipe keeper supervise' ;;
  src/watch/report.c) tests=report ;;
  src/gate/queue_main.c) tests=examples claims=queue-of ;;
  src/gate/remote_main.c) tests=remote ;;
  src/gate/*) tests='gate remote' ;;
  src/hold/*) tests='hold held' ;;
  *) tests= ;;
  esac
  all_pass "$work" 1 && claims='' && faults "$1"
}

# all_pass FOLDER SANITIZER: $tests, of these the claims with the word $claims, with the programs there.
all_pass() {
  for t in $tests; do
    (cd "$top" && RATETAP=$1/ratetap SAN=$2 ONLY=$claims timeout -s KILL 600 sh "tests/integration/$t.sh" >"$work/said" 2>&1 </dev/null) || return
  done
}

# Where calls fail: a sanitizer, which has memory and calls of its own, would be in the way.
faults() {
  case $1 in
  src/pipe/warm.c) tests='starved warm' ;;
  src/pipe/*) tests='starved syscalls' ;;
  src/rule/* | src/watch/reload.c) tests='starved reload' ;;
  src/gate/* | src/hold/*) tests='gatefaults' ;;
  *) tests=starved ;;
  esac
  rm -rf plain && mkdir -p plain/mains
  (cd plain && cc -std=c11 -D_GNU_SOURCE -DVERSION='"mutant"' -I../src -w -O0 -c ../src/*/*.c && mv main.o ./*_main.o mains) 2>>said || return 1
  for pair in $programs; do
    cc -o "plain/${pair%:*}" "plain/mains/${pair##*/}.o" plain/*.o -lskarnet 2>>said || return 1
  done
  all_pass "$work/plain" ''
}

# Does any test notice? The nearest first.
noticed() {
  module=$(basename "$1" | sed 's/\.[ch]$//')
  for o in unit/test_"$module" unit/test_more_"$module"; do
    [ ! -e "$o" ] || passes "$o" || return 0
  done
  agrees || return 0
  for o in unit/test_*; do
    passes "$o" || return 0
  done
  integration "$1" || return 0
  return 1
}

# A permutation that depends on the seed only; one of each file comes before the second of any.
choose() {
  awk -F '\t' -v seed="$seed" '
    BEGIN { x = seed * 2654435761 % 4294967296 }
    !seen[$1, $2, $4]++ { x = (x * 69069 + 12345) % 4294967296; print x "\t" $0 }' | sort -n | cut -f 2- |
    awk -F '\t' '{ line[NR] = $0; first[NR] = !seen[$1]++ }
      END { for (f = 1; f >= 0; f--) for (i = 1; i <= NR; i++) if (first[i] == f) print line[i] }'
}

# A row is FILE: TEXT WHY. How many blanks there are in TEXT does not matter.
squeezed() { tr -s ' ' | sed 's/^ //'; }
is_justified() { squeezed <"$top/tests/mutants/justified" | grep -qF "$1: $(printf '%s\n' "$2" | squeezed) "; }
gone() {
  awk -F '\t' '
    { gsub(/ +/, " ") }
    NR == FNR { sub(/^ /, "", $4); mutant[$1 ": " $4]; next }
    /^#/ { next }
    {
      for (row = $0; row != "" && !(row in mutant); )
        if (!sub(/ [^ ]*$/, "", row)) row = ""
      if (row == "") print "no mutant any more: " $0
    }' list "$top/tests/mutants/justified"
}

breaks() { # file, line, text
  MUTANT=$3 awk -v at="$2" 'NR == at { print ENVIRON["MUTANT"]; next } { print }' "whole/${1#src/}" >"$1"
}

repair() {
  cp "whole/${1#src/}" "$1"
  case $1 in
  *.h) compile_all ;;
  *) compile "$1" ;;
  esac
}

build_mutant() {
  case $1 in
  *.h) compile_all && link_programs ;;
  *) compile "$1" && link_programs ;;
  esac
}

prepare_cases
if ! compile_all || ! link_programs; then
  cat said
  exit 1
fi
for c in "$top"/tests/unit/test_*.c; do
  o=unit/$(basename "$c" .c)
  compiler -o "$o" "$c" -L. -lsrc -lcmocka -lskarnet -Wl,-rpath,"$work" && passes "$o" && continue
  echo "left out, since it fails on the program as it is: $c"
  rm -f "$o"
done
if noticed none; then
  echo 'the other tests fail on the program as it is'
  exit 1
fi

awk -f "$top/tests/mutants/list.awk" src/*/*.c src/*/*.h | awk -F '\t' -v only="$only" '$1 ":" $2 ~ only' | choose >list
[ "$only" != . ] || gone
tab=$(printf '\t')
done=0 killed=0 known=0
# shellcheck disable=SC2094  # list is only read
while IFS=$tab read -r file line what text <&4; do
  [ "$done" -lt "$wanted" ] || break
  breaks "$file" "$line" "$text"
  if ! cmp -s "$file" "whole/${file#src/}" && build_mutant "$file"; then
    done=$((done + 1))
    if noticed "$file"; then
      killed=$((killed + 1))
    elif is_justified "$file" "$text"; then
      known=$((known + 1))
    else
      echo "survived $file:$line: $what"
      echo "  $(sed -n "${line}p" "whole/${file#src/}" | sed 's/^ *//')"
      echo "  $(printf '%s\n' "$text" | sed 's/^ *//')"
    fi
  fi
  repair "$file"
  echo "$done mutants, $killed killed, $known justified" >&2
done 4<list
echo "$done mutants, $killed killed, $known justified, $((done - killed - known)) survived"
