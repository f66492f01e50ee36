#!/bin/sh
# Looks at the sources without running them: gcc's and clang's warnings, gcc's analyzer, clang-tidy (with .clang-tidy),
# cppcheck, clang-format and, over the scripts, shellcheck. Says what each found, and fails if anything was. A tool that
# is not installed is passed over, by name.
set -u
flags='-std=c11 -D_GNU_SOURCE -DVERSION=__FILE__ -Isrc' # any string
warn='-Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Werror'
bad=0

have() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "$1: not installed"
  return 1
}

# say NAME COMMAND...: its output is shown if it fails.
say() {
  name=$1
  shift
  if out=$("$@" 2>&1); then
    echo "$name: clean"
  else
    bad=1
    echo "$name:"
    echo "$out"
  fi
}

# shellcheck disable=SC2317  # say calls it
each() {
  status=0
  for c in src/*/*.c; do "$@" "$c" || status=1; done
  return "$status"
}

sources() { find src tests -name '*.[ch]'; }
scripts() { grep -rlIE '^#!/bin/sh' run examples tests .ci 2>/dev/null; }

# cppcheck does not see that a function among the arguments fills the array beside it; valgrind does.
# shellcheck disable=SC2046,SC2086  # lists
{
  have gcc && say 'gcc -fanalyzer' each gcc $flags $warn -O2 -fanalyzer -c -o /dev/null
  have clang && say clang each clang $flags $warn -c -o /dev/null
  have clang-tidy && say clang-tidy clang-tidy --quiet --warnings-as-errors='*' src/*/*.c -- $flags
  have cppcheck && say cppcheck cppcheck --quiet --std=c11 --enable=warning,performance,portability \
    --error-exitcode=1 --suppress=uninitvar:src/watch/alert.c --suppress=legacyUninitvar:src/rule/script.c -D_GNU_SOURCE -D__linux__ -Isrc src
  have clang-format && say clang-format clang-format --dry-run --Werror $(sources)
  have shellcheck && say shellcheck shellcheck -x --severity=warning -s sh $(scripts)
}
exit "$bad"
