#!/bin/sh
# What make does with what it is given, as a packager expects it. In copies of the sources; what would install packages is
# a false apt-get that only notes what it is asked for.

# shellcheck disable=SC2016,SC2034,SC2086,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

flags=${CC:-}${CPPFLAGS:-}${CFLAGS:-}${LDFLAGS:-}${LDLIBS:-} # what the program here was built with, if not the defaults
unset MAKEFLAGS MFLAGS MAKELEVEL CC CPPFLAGS CFLAGS LDFLAGS LDLIBS DESTDIR PREFIX BINDIR MANDIR DOCDIR NODEPS FUZZ_SECONDS
if [ -n "${SAN:-}" ]; then
  skip 'how the programs are built' 'not with a sanitizer'
  done_testing
fi

copy() {
  mkdir -p "$1" && cp -a Makefile README.md LICENSE run src doc examples tests "$1"
}
one=$tmp/one two=$tmp/a/folder/with/a/longer/name
copy "$one" && copy "$two" || exit 111
# What make runs is not of interest here.
for runs in check.sh bench/bench.sh; do echo 'exit 0' >"$one/tests/$runs"; done

mkdir "$tmp/bin"
printf '#!/bin/sh\necho "$@" >>"%s/asked"\n' "$tmp" >"$tmp/bin/apt-get"
printf '#!/bin/sh\nexec "$@"\n' >"$tmp/bin/sudo"
chmod +x "$tmp/bin"/*
PATH=$tmp/bin:$PATH
in_one() { make -s -C "$one" "$@"; }

# ---- Packages. Without a folder of headers no library is found.
bare='CPPFLAGS=-nostdinc'
installs_none() {
  rm -f "$tmp/asked"
  ! in_one $bare "$@" >out 2>&1 && cat out && [ ! -e "$tmp/asked" ]
}
only_says() {
  installs_none "$@" && [ "$(grep -vc '^make: ' out)" = 1 ] && grep 'missing: .*skalibs-dev' out | grep -q 'make deps'
}
brings() {
  rm -f "$tmp/asked"
  in_one $bare "$1" >out 2>&1
  cat out "$tmp/asked"
  grep "install .*skalibs-dev" "$tmp/asked" && grep -q '^installing: .*skalibs-dev' out
}
for goal in all ratetap build/main/main.o; do
  it "make $goal installs no package, and says below what the compiler does what is missing" "installs_none $goal && grep '^missing: skalibs-dev ' out"
done
for goal in deps demo check fuzz bench; do
  it "make $goal brings what is missing" "brings $goal"
  it "make $goal NODEPS=1 says in one line what is missing, and installs nothing" "only_says $goal NODEPS=1"
done
it 'the tests need more: make check asks for all of it at once' \
  'brings check && [ "$(wc -l <"$tmp/asked")" = 1 ] && grep -q libcmocka-dev "$tmp/asked"'
no_such() {
  rm -f "$tmp/asked"
  ! in_one CC=no-such-cc "$1" >out 2>&1 && cat out && grep -q 'no-such-cc' out && [ ! -e "$tmp/asked" ]
}
it 'a compiler of the user that is not there is named, and no other installed for it' 'no_such all && no_such demo && no_such check'

# ---- What the defaults give.
silent() {
  make -s -j2 -C "$1" $2 >said 2>&1 || { cat said; return 1; }
  cat said
  [ ! -s said ]
}
# The same once more would only take time.
if [ -z "$flags" ] && [ "${BUILD:-build}" = build ]; then
  mkdir -p "$one/build" && for part in src/* build/*.a build/ratetap* build/queue-of; do cp -a "build/${part#*/}" "$one/build"; done
fi
it 'make: no warning' 'silent "$one"'
it 'make again: nothing to do' '! make -C "$one" | grep -v -e directory -e "Nothing to be done"'
it 'make demo says what the demo says, and nothing else' '
  make -C "$one" demo >out 2>&1 && head -n 3 out && grep -v "make.*directory" out | head -n 1 | grep -q "^\$ ./ratetap "'

programs() { find "$one/build" -maxdepth 1 -type f -perm -u+x; }
each() {
  programs | grep -q . && for p in $(programs); do "$@" "$p" || { echo "$p"; return 1; }; done
}
independent_of_place() { readelf -h "$1" | grep -q 'Type: *DYN' && readelf -d "$1" | grep -q 'Flags:.* PIE'; }
read_only_tables() { readelf -Wl "$1" | grep -q GNU_RELRO && readelf -d "$1" | grep -q BIND_NOW; }
no_code_in_data() { readelf -Wl "$1" | grep 'GNU_STACK' | grep -q 'RW ' && ! readelf -Wl "$1" | grep -q 'RWE'; }
guarded_stack() { readelf -Ws --dyn-syms "$1" | grep -q '__stack_chk_fail'; }
checked_copies() { readelf -Ws --dyn-syms "$1" | grep -qE '__[a-z]+_chk@'; }
hardened='each independent_of_place && each read_only_tables && each no_code_in_data && each guarded_stack'
it 'hardened: independent of its place' 'each independent_of_place'
it 'hardened: what the loader has bound is read-only' 'each read_only_tables'
it 'hardened: nothing both writable and executable' 'each no_code_in_data'
it 'hardened: the stack is guarded' 'each guarded_stack'
if echo 'int main(void) { return 0; }' | cc -dM -E -x c -include stdlib.h - | grep -q __GLIBC__; then
  it 'hardened: copies are checked' 'checked_copies "$one/build/ratetap"'
fi

it 'without the default flags for the linker' 'rm "$one"/build/ratetap* && silent "$one" LDFLAGS= && "$one/ratetap" -V'

# ---- Flags of the user.
# What make would run with them. has WHICH WORDS: those with WHICH in them have all WORDS, in this order.
commands() { make -n -B -C "$one" CC=my-cc "$@" all >commands && grep my-cc commands >calls; }
has() {
  grep -e "$1" calls >matching || { cat calls; return 1; }
  ! grep -v -e "$2" matching
}
it 'CC, CPPFLAGS and CFLAGS are in each command that compiles, after the own flags' '
  commands CPPFLAGS=-DUSER_CPP CFLAGS="-O0 -DUSER_C" && has " -c " "^my-cc .* -Isrc .* -DUSER_CPP -O0 -DUSER_C " &&
    [ "$(grep -c " -c " calls)" = "$(find "$one/src" -name "*.c" | wc -l)" ]'
it 'CFLAGS, LDFLAGS and LDLIBS are in each command that links, and the defaults are not' '
  commands CFLAGS=-O0 LDFLAGS=-Luser LDLIBS=-luser && has "-o build/ratetap" "^my-cc -O0 -Luser .* -luser$"'
it 'from the environment, too' '
  export CPPFLAGS=-DUSER_CPP CFLAGS=-O0 LDFLAGS=-Luser LDLIBS=-luser &&
    commands && has " -c " " -DUSER_CPP -O0 " && has "-o build/ratetap " "^my-cc -O0 -Luser .* -luser$"'
it 'MAIL_LDLIBS is for what each mail starts; with LDLIBS as an argument of make that is said for all' '
  commands MAIL_LDLIBS=-lmail && has "-o build/ratetap-\(gate\|remote\)" " -lmail$" && has "-o build/ratetap " " -lskarnet -lrt$" &&
    commands LDLIBS=-luser && has "-o build/[a-z-]* " " -luser$"'
it 'no job is started beside another, nor anything optimized at linking, unless one asks for it' '
  ! make -n -B -C "$one" all | grep -e "-j" -e "-flto"'
# ---- The flags of Debian's packages.
debian() {
  dir=$1
  shift
  make -s -C "$dir" clean && cd "$dir" &&
    eval "make -s -j2 $(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --export=cmdline) $*" >"$tmp/said" 2>&1
  status=$?
  cat "$tmp/said"
  [ "$status" = 0 ] && [ ! -s "$tmp/said" ]
}
# Where a folder's name could get into the programs: what is compiled. Some of it will do.
some=$(cd "$one" && for c in src/base/*.c src/gate/*.c src/main/*.c; do echo "build/${c#src/}"; done | sed 's/c$/o/' | tr '\n' ' ')
if command -v dpkg-buildflags >/dev/null; then
  it 'dpkg-buildflags: builds without a warning' 'debian "$one"'
  it 'dpkg-buildflags: hardened as without' "$hardened"
  it 'dpkg-buildflags: the same from another folder, to the byte' '
    debian "$two" "$some" && for o in $some; do cmp "$one/$o" "$two/$o" || exit; done'
  it 'dpkg-buildflags: no folder of the build in the programs' 'each test -s && ! grep -aF "$tmp" $(programs)'
else
  skip 'dpkg-buildflags' 'this is no Debian'
fi

done_testing
