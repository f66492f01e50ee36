#!/bin/sh
# Installs what is missing: `deps.sh need-build` what the programs need, anything else what the tests need as well.
# Where there is no apt-get it says what to install. -n: says in one line what is missing, and installs nothing.
# CC and FLAGS: the compiler and what it is given, by which skalibs may be found in a place of its own.
set -u

build='build-essential:make skalibs-dev:-lskarnet'
tests='libcmocka-dev:-lcmocka daemontools:multilog procps:ps s6:s6-log execline:execlineb runit:runsv valgrind:valgrind
  mandoc:mandoc gnuplot-nox:gnuplot gawk:gawk original-awk:original-awk busybox-static:busybox rsyslog:rsyslogd
  git:git'
# Taken along when something is installed anyway. No test fails without it, and a system of another init may refuse it.
welcome='systemd:systemd-analyze'
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # for daemons, which users do not have in theirs
cc=${CC:-cc}

# A program is looked for in PATH, a library by the compiler.
is_there() {
  case $1 in
  make) command -v "${cc%% *}" >/dev/null 2>&1 ;;
  -lskarnet) links "$1" '#include <skalibs/stralloc.h>' ;;
  -lcmocka) links "$1" '#include <stdarg.h>\n#include <stddef.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <cmocka.h>' ;;
  *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# links LIBRARY HEADERS: whether a program that includes them can be made.
# shellcheck disable=SC2086 # lists of words
links() {
  dir=$(mktemp -d) || return
  printf '%b\nint main(void) { return 0; }\n' "$2" >"$dir/t.c"
  $cc ${FLAGS:-} -o "$dir/t" "$dir/t.c" "$1" 2>/dev/null
  status=$?
  rm -rf "$dir"
  return $status
}

only_say=
[ "$1" != -n ] || { only_say=1 && shift; }
if [ "$cc" != cc ] && ! command -v "${cc%% *}" >/dev/null 2>&1; then
  echo "missing: the compiler ${cc%% *}, which CC names" >&"${only_say:-2}"
  exit 1
fi

# make may ask twice at once; apt-get must not run twice at once.
if [ -z "$only_say" ] && command -v flock >/dev/null 2>&1; then
  mkdir -p build
  exec 9>build/.deps
  flock 9
fi

wanted=$build
[ "$1" = need-build ] || wanted="$build $tests"
look() {
  missing=
  for pair in "$@"; do
    is_there "${pair#*:}" || missing="$missing ${pair%%:*}"
  done
  [ -n "$missing" ]
}
# shellcheck disable=SC2086  # a list of packages
bring() {
  echo "installing: $*" >&2
  get="$sudo apt-get install -qq -y --no-install-recommends --no-remove"
  $get "$@" >/dev/null 2>&1 || { $sudo apt-get update -qq && $get "$@" >/dev/null; }
}
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # lists
if look $wanted; then
  if [ -n "$only_say" ]; then
    echo "missing:$missing (make deps installs them)"
    exit 0
  fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v ${sudo:-true} >/dev/null 2>&1; then
    echo "please install (under your system's names for them):$missing" >&2
    exit 1
  fi
  bring $missing || exit 1
  if look $wanted; then
    echo "installed, but not found by $cc ${FLAGS:-} or in PATH:$missing" >&2
    exit 1
  fi
  # shellcheck disable=SC2015 # whatever comes of it
  [ "$1" = need-build ] || ! look $welcome || bring $missing 2>/dev/null || :
fi
