#!/bin/sh
# Installs what is missing: `deps.sh build` what the programs need, `check` what the tests need too, `fuzz` what the fuzz
# targets need. Where there is no apt-get it says what to install. With NODEPS it only says in one line what is missing.
# CC and FLAGS: the compiler and what it is given, by which skalibs may be found in a place of its own.
set -u

# PACKAGE:WHAT IT BRINGS, a program in PATH or an option that links.
build='build-essential:make skalibs-dev:-lskarnet'
check="$build libcmocka-dev:-lcmocka"' daemontools:multilog procps:ps s6:s6-log execline:execlineb runit:runsv
  valgrind:valgrind mandoc:mandoc gnuplot-nox:gnuplot gawk:gawk original-awk:original-awk busybox-static:busybox
  rsyslog:rsyslogd git:git'
fuzz="$build clang:clang libclang-rt-dev:-fsanitize=fuzzer"
# Taken along when something is installed anyway. No test fails without it, and a system of another init may refuse it.
welcome='systemd:systemd-analyze jq:jq lnav:lnav'
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # for daemons, which users do not have in theirs
cc=${CC:-cc}

case $1 in
build) wanted=$build ;;
check) wanted=$check ;;
fuzz) wanted=$fuzz ;;
*) echo "deps.sh: build, check or fuzz, not $1" >&2 && exit 100 ;;
esac

is_there() {
  case $1 in
  make) command -v "${cc%% *}" >/dev/null 2>&1 ;;
  -lskarnet) links "$1" '#include <skalibs/stralloc.h>' ;;
  -lcmocka) links "$1" '#include <stdarg.h>\n#include <stddef.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <cmocka.h>' ;;
  -fsanitize=fuzzer) (cc=clang FLAGS='-Dmain=LLVMFuzzerTestOneInput' && links "$1" '') ;;
  *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# links OPTION HEADERS: whether a program that includes them can be made.
# shellcheck disable=SC2086 # lists of words
links() {
  dir=$(mktemp -d) || return
  printf '%b\nint main(void) { return 0; }\n' "$2" >"$dir/t.c"
  $cc ${FLAGS:-} -o "$dir/t" "$dir/t.c" "$1" 2>/dev/null
  status=$?
  rm -rf "$dir"
  return $status
}

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
  get="$sudo apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends --no-remove"
  $get "$@" >/dev/null 2>&1 || { $sudo apt-get update -qq && $get "$@" >/dev/null; }
}

fail() {
  echo "$1" >&2
  exit 1
}

if [ "$cc" != cc ] && ! command -v "${cc%% *}" >/dev/null 2>&1; then
  fail "missing: the compiler ${cc%% *}, which CC names"
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # lists
if look $wanted; then
  [ -z "${NODEPS:-}" ] || fail "missing:$missing (make deps installs them)"
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v ${sudo:-true} >/dev/null 2>&1; then
    fail "please install (under your system's names for them):$missing"
  fi
  bring $missing || exit 1
  ! look $wanted || fail "installed, but not found by $cc ${FLAGS:-} or in PATH:$missing"
  # shellcheck disable=SC2015 # whatever comes of it
  [ "$1" != check ] || ! look $welcome || bring $missing 2>/dev/null || :
fi
