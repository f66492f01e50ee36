#!/bin/sh
# What make does with what it is given, and what it says: packages, flags, hardening, the same program everywhere.
# In copies of the sources; what would install packages is a false apt-get that only notes what it is asked for.

# shellcheck disable=SC2016,SC2034,SC2086,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

unset MAKEFLAGS MFLAGS MAKELEVEL CC CPPFLAGS CFLAGS LDFLAGS DESTDIR PREFIX BINDIR MANDIR NODEPS V
if [ -n "${SAN:-}" ]; then
  skip 'how the programs are built' 'not with a sanitizer'
  done_testing
fi

copy() {
  mkdir -p "$1" && cp -R Makefile README.md LICENSE run src doc examples tests "$1"
}
one=$tmp/one two=$tmp/a/folder/with/a/longer/name
copy "$one" && copy "$two" || exit 111
for runs in check.sh bench/bench.sh; do echo 'exit 0' >"$one/tests/$runs"; done # what make runs is not of interest here

mkdir "$tmp/bin"
printf '#!/bin/sh\necho "$@" >>"%s/asked"\n' "$tmp" >"$tmp/bin/apt-get"
printf '#!/bin/sh\nexec "$@"\n' >"$tmp/bin/sudo"
printf '#!/bin/sh\necho "$@" >>"%s/compiled"\nexec cc "$@"\n' "$tmp" >"$tmp/bin/noting-cc"
chmod +x "$tmp/bin"/*
PATH=$tmp/bin:$PATH

# ---- What is missing. Without a folder of headers no library is found.
bare='CPPFLAGS=-nostdinc'
only_says() {
  rm -f "$tmp/asked"
  if make -C "$one" $bare "$@" >out 2>&1; then return 1; fi
  cat out
  [ ! -e "$tmp/asked" ] && [ "$(grep -vc 'make: .* directory' out)" = 1 ] && grep 'missing: .*skalibs-dev' out | grep -q 'make deps'
}
brings() {
  rm -f "$tmp/asked"
  make -C "$one" $bare "$1" >out 2>&1
  cat out "$tmp/asked"
  grep 'install .*skalibs-dev' "$tmp/asked" && grep -q '^installing: .*skalibs-dev' out
}
for goal in '' all install install-strip ratetap build/base/num.o; do
  it "make $goal: says in one line what is missing and what brings it, and installs nothing" "only_says $goal"
done
for goal in demo check bench deps; do
  it "make $goal brings what is missing" "brings $goal"
  it "make $goal NODEPS=1 only says it" "only_says $goal NODEPS=1"
done
it 'the tests need more: make check asks for all of it at once' \
  'brings check && [ "$(wc -l <"$tmp/asked")" = 1 ] && grep -q libcmocka-dev "$tmp/asked"'
no_such() {
  rm -f "$tmp/asked"
  ! make -C "$one" CC=no-such-cc "$1" >out 2>&1 && cat out && grep -q 'no-such-cc' out && [ ! -e "$tmp/asked" ]
}
it 'a compiler of the user that is not there is named, and no other installed for it' 'no_such all && no_such demo'

# ---- A build as it is, in both folders.
quiet_build() {
  make -C "$one" >said 2>said.err || { cat said*; return 1; }
  cat said*
  [ ! -s said.err ] && [ "$(grep -c '^  CC src/' said)" = "$(find "$one/src" -name '*.c' | wc -l)" ] &&
    ! grep -v 'make.*directory' said | grep -Ev '^  (CC|LD) [^ ]{1,60}$'
}
it 'make: one short line a compiled file, and nothing else' quiet_build
it 'make again: nothing to do, nothing to say' '[ -z "$(make -s -C "$one")" ] && [ -z "$(make -C "$one" | grep -v directory)" ]'
it 'the same program from another folder, to the byte' '
  make -s -C "$two" && for p in "$one"/build/ratetap*; do cmp "$p" "$two/build/${p##*/}" || exit; done'
it 'no folder of the build in it' '! grep -aF "$tmp" "$one"/build/ratetap*'

programs() { find "$one/build" -maxdepth 1 -name 'ratetap*' -perm -u+x; }
each() {
  programs | grep -q . && for p in $(programs); do "$@" "$p" || { echo "$p"; return 1; }; done
}
independent_of_place() { readelf -h "$1" | grep -q 'Type: *DYN' && readelf -d "$1" | grep -q 'Flags:.* PIE'; }
read_only_tables() { readelf -Wl "$1" | grep -q GNU_RELRO && readelf -d "$1" | grep -q BIND_NOW; }
no_code_in_data() { readelf -Wl "$1" | grep 'GNU_STACK' | grep -q 'RW ' && ! readelf -Wl "$1" | grep -q 'RWE'; }
guarded_stack() { readelf -Ws --dyn-syms "$1" | grep -q '__stack_chk_fail'; }
checked_copies() { readelf -Ws --dyn-syms "$1" | grep -qE '__[a-z]+_chk@'; }
small() { strip -o stripped "$1" && ls -l stripped && [ "$(wc -c <stripped)" -le 102400 ]; }
it 'hardened: independent of its place' 'each independent_of_place'
it 'hardened: what the loader has bound is read-only' 'each read_only_tables'
it 'hardened: nothing both writable and executable' 'each no_code_in_data'
it 'hardened: the stack is guarded' 'each guarded_stack'
if echo 'int main(void) { return 0; }' | cc -dM -E -x c -include stdlib.h - | grep -q __GLIBC__; then
  it 'hardened: copies are checked' 'checked_copies "$one/build/ratetap"'
fi
it 'stripped at most 100 KB' 'each small'

# ---- Where it goes.
into() {
  make -s -C "$one" "$@" >made 2>&1 || { cat made; return 1; }
}
symbols() { readelf -WS "$1" | grep -q ' \.symtab'; }
it 'install leaves the symbols in, install-strip takes them out' '
  into install DESTDIR="$PWD/d" PREFIX=/usr && symbols d/usr/bin/ratetap &&
    into install-strip DESTDIR="$PWD/s" PREFIX=/usr && ! symbols s/usr/bin/ratetap && s/usr/bin/ratetap -V'
it 'DESTDIR, PREFIX, BINDIR and MANDIR each have their say' '
  into install DESTDIR="$PWD/d" PREFIX=/opt/x BINDIR=/command MANDIR=/man &&
    (cd d && find . -type d | sort) >where && cat where && [ -x d/command/ratetap ] && [ -f d/man/man8/ratetap.8 ] &&
    [ -d d/opt/x/share/ratetap/examples ] && [ ! -e d/opt/x/bin ] && [ ! -e d/opt/x/share/man ] &&
    [ "$(ls d | tr "\n" " ")" = "command man opt " ]'
it 'from the environment, too' '
  export DESTDIR="$PWD/d" PREFIX=/e BINDIR=/e/b MANDIR=/e/m && into install && [ -x d/e/b/ratetap ] && [ -f d/e/m/man8/ratetap.8 ]'
it 'each man page of doc/, and each program' '
  into install DESTDIR="$PWD/d" PREFIX=/usr &&
    for page in "$top"/doc/*.8; do cmp "$page" d/usr/share/man/man8/"${page##*/}" || exit; done &&
    for p in $(programs); do [ -x d/usr/bin/"${p##*/}" ] || exit; done'

# ---- Flags. What is built here is not optimized, for the sake of time.
the_demo_first() {
  make -s -C "$one" clean >/dev/null && make -C "$one" demo CFLAGS=-O0 >out 2>&1 || { cat out; return 1; }
  head -n 3 out
  grep -v 'make.*directory' out | head -n 1 | grep -q '^\$ ./ratetap '
}
it 'make demo: its first line is the demo' the_demo_first
with_flags() {
  rm -f "$tmp/compiled"
  make -s -C "$one" CC=noting-cc CPPFLAGS=-DUSER_CPP CFLAGS='-O0 -DUSER_C' LDFLAGS=-Wl,--build-id=0x0123456789abcdef || return 1
  grep -e ' -c ' "$tmp/compiled" >objects && grep -e ' -o build/ratetap' "$tmp/compiled" >programs || return 1
  [ "$(wc -l <objects)" = "$(find "$one/src" -name '*.c' | wc -l)" ] || return 1
  ! grep -v -e '-DUSER_CPP.* -DUSER_C ' objects && ! grep -v -e '-DUSER_C .*--build-id=0x0123456789abcdef' programs &&
    readelf -n "$one/build/ratetap" | grep -q 'Build ID: 0123456789abcdef'
}
it 'CC, CPPFLAGS, CFLAGS and LDFLAGS are in each command that they belong to' with_flags
it 'the same flags again: nothing is compiled' '
  make -s -C "$one" CC=noting-cc CFLAGS=-O0 && rm "$tmp/compiled" && make -s -C "$one" CC=noting-cc CFLAGS=-O0 &&
    ! grep -e " -c " "$tmp/compiled"'
it 'other flags: all is compiled anew' '
  rm -f "$tmp/compiled" && make -s -C "$one" CC=noting-cc CFLAGS="-O0 -DUSER_OTHER" &&
    [ "$(grep -c -e " -c .*src/" "$tmp/compiled")" = "$(find "$one/src" -name "*.c" | wc -l)" ]'
it 'the last word is the user'\''s: no PIE, no guards' '
  make -s -C "$one" CFLAGS="-O0 -fno-pie -fno-stack-protector" LDFLAGS=-no-pie &&
    readelf -h "$one/build/ratetap" | grep -q "Type: *EXEC" && ! guarded_stack "$one/build/ratetap"'
it 'his own degree of checks, and no complaint about it' '
  make -s -C "$one" CFLAGS="-O1 -Werror" CPPFLAGS=-D_FORTIFY_SOURCE=2 >out 2>&1 || { cat out; false; }'
it 'V=1 shows the commands' '
  make -C "$one" V=1 CFLAGS=-O0 >out && grep -q "^cc .* -c -o build/base/num.o src/base/num.c" out && ! grep "^  CC" out'

done_testing
