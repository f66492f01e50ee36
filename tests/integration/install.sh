#!/bin/sh
# What "make install" puts where, and that what "make dist" packs can be built. In copies of the sources.

# shellcheck disable=SC2016,SC2034,SC2086,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

unset MAKEFLAGS MFLAGS MAKELEVEL
san=${SAN:+SAN=1}

# The sources with what has been built of them, so that nothing of the others' is touched.
mkdir "$tmp/tree" && cp -a Makefile README.md LICENSE run src doc examples "$tmp/tree" && mkdir "$tmp/tree/tests" &&
  cp -a tests/deps.sh "$tmp/tree/tests" || exit 111
for part in src/*; do
  built=${BUILD:-build}/$(basename "$part")
  case $built in /*) continue ;; esac
  [ ! -d "$built" ] || { mkdir -p "$tmp/tree/${BUILD:-build}" && cp -a "$built" "$tmp/tree/${BUILD:-build}"; }
done
flags=${BUILD:-build}/.flags # without it all would be compiled anew
case $flags in /*) ;; *) [ ! -e "$flags" ] || cp -a "$flags" "$tmp/tree/$flags" ;; esac
install_into() {
  dest=$1
  shift
  make -s -C "$tmp/tree" install $san DESTDIR="$dest" "$@" >made 2>&1 || { cat made; return 1; }
}

bin=$tmp/dest/usr/bin/ratetap
share=$tmp/dest/usr/share
works() {
  "$bin" -V | grep -q '^ratetap [0-9]' || return 1
  for program in "$bin" "$ratetap"; do
    "$program" -a 3 100:50/1h/remote <"$top/examples/breach.log" 3>"alerts.$(basename "$(dirname "$program")")" |
      cmp "$top/examples/breach.log" - || return 1
  done
  [ -s alerts.bin ] && grep -q ' over ' alerts.bin && cat alerts.* | sort | uniq -c | awk '$1 != 2 { exit 1 }'
}
it 'make install DESTDIR=... PREFIX=/usr' 'install_into $tmp/dest PREFIX=/usr'
removal_names_all() {
  sed -n '/^## Removal/,/^## /s/.*rm -/&/p' "$top/doc/install.md" >named
  find "$tmp/dest/usr/bin" "$tmp/dest/usr/share/man" -type f | sed 's,.*/,,' >put
  [ -s put ] || return 1
  while read -r file; do
    grep -qE "[ /]$file( |$)" named || { echo "$file stays behind"; return 1; }
  done <put
}
it 'doc/install.md removes every program and page that is put anywhere' removal_names_all
it 'the program works from there, and says what the one here says' works
it 'the man pages' '(cd "$top" && for page in doc/*.8; do cmp "$page" "$share/man/man8/${page#doc/}" || exit 1; done)'
it 'the run script and all examples, executable where they were' '
  [ -x "$share/ratetap/run" ] && cmp "$top/run" "$share/ratetap/run" && diff -r "$top/examples" "$share/ratetap/examples" &&
    (cd "$top/examples" && find . -type f -perm -u+x | sort) >here &&
    (cd "$share/ratetap/examples" && find . -type f -perm -u+x | sort) >there && [ -s here ] && diff here there'
it 'nothing else, and nothing but the owner may write' '
  (cd "$tmp/dest" && find . -type f | cut -d / -f 3-4 | sort -u | tr "\n" " ") >parts &&
    [ "$(cat parts)" = "bin/alert-fifo bin/alert-log bin/alert-mail bin/choose-limits bin/queue-of bin/ratetap bin/ratetap-gate bin/ratetap-hold share/man share/ratetap " ] && [ -z "$(find "$tmp/dest" ! -type l -perm /022)" ]'
it 'a second time over the first' 'install_into $tmp/dest PREFIX=/usr && "$bin" -V'
it 'MANDIR, and /usr/local without a PREFIX' \
  'install_into $PWD/other MANDIR=/opt/man && [ -x other/usr/local/bin/ratetap ] && [ -f other/opt/man/man8/ratetap.8 ]'
at_home() {
  DESTDIR='' make -s -C "$tmp/tree" install $san PREFIX="$PWD/home" >made 2>&1 || { cat made; return 1; }
  home/bin/ratetap -V
}
it 'into a home directory, without DESTDIR' at_home

unpacked() {
  git clone -q --no-hardlinks "$top" clone 2>said || { cat said; return 1; }
  make -s -C clone dist >made 2>&1 || { cat made; return 1; }
  set -- clone/ratetap-*.tar.gz
  [ $# -eq 1 ] && tar xzf "$1" && cd ratetap-*/ && [ ! -e .git ] && [ -f LICENSE ] && [ -f doc/ratetap.8 ] || return 1
  make -s all CFLAGS=-O0 >made 2>&1 || { cat made; return 1; }
  [ "ratetap $(basename "$PWD" | sed 's/^ratetap-//')" = "$(./ratetap -V)" ] && ./ratetap 1/1h <Makefile | cmp Makefile -
}
if [ -e .git ] && command -v git >/dev/null; then
  it 'make dist: a tarball of that name, which builds' unpacked
else
  skip 'make dist: a tarball of that name, which builds' 'this is no git checkout'
fi

done_testing
