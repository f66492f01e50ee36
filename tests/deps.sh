#!/bin/sh
# Installs what is missing: `deps.sh need-build` what the program needs, anything else what the tests need as well.
# Where there is no apt-get it says what to install.
set -u

build='build-essential:make skalibs-dev:libskarnet.so'
tests='libcmocka-dev:libcmocka.so daemontools:multilog s6:s6-log execline:execlineb runit:runsv valgrind:valgrind mandoc:mandoc'

# A program is looked for in PATH, a library where the compiler finds it.
is_there() {
  case $1 in
  lib*.so) command -v cc >/dev/null 2>&1 && [ "$(cc -print-file-name="$1")" != "$1" ] ;;
  *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# make may ask twice at once; apt-get must not run twice at once.
if command -v flock >/dev/null 2>&1; then
  mkdir -p build
  exec 9>build/.deps
  flock 9
fi

wanted=$build
[ "$1" = need-build ] || wanted="$build $tests"
missing=
for pair in $wanted; do
  if [ "${pair#*:}" = make ]; then
    command -v cc >/dev/null 2>&1 && continue
  elif is_there "${pair#*:}"; then
    continue
  fi
  missing="$missing ${pair%%:*}"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "please install (under your system's names for them):$missing" >&2
  exit 1
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # a list of packages
$sudo apt-get install -qq -y --no-install-recommends $missing >/dev/null 2>&1 ||
  { $sudo apt-get update -qq && $sudo apt-get install -qq -y --no-install-recommends $missing >/dev/null; }
