#!/bin/sh
# What make install puts where, that it does so without a moment in which something is missing, that make uninstall takes
# all of it away, and that what make dist packs can be built. In a copy of the sources and of what was built.

# shellcheck disable=SC2016,SC2034,SC2086,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

unset MAKEFLAGS MFLAGS MAKELEVEL CC CPPFLAGS CFLAGS LDFLAGS LDLIBS DESTDIR PREFIX BINDIR MANDIR DOCDIR
build=${BUILD:-build}
make() { command make SAN= "$@"; } # what is installed is in build/, whatever is tested
tree=$tmp/tree
mkdir -p "$tree/build" && cp -R Makefile README.md LICENSE run src doc examples tests "$tree" &&
  for p in "$build"/ratetap* "$build"/queue-of; do case $p in *\** | *.a) ;; *) [ ! -f "$p" ] || cp "$p" "$tree/build" ;; esac done || exit 111

# Whatever is compiled makes this fail: there is no such compiler.
install_into() {
  dest=$1
  shift
  make -s -C "$tree" install CC=no-such-compiler CFLAGS=-Dother DESTDIR="$dest" "$@" >made 2>&1 || { cat made; return 1; }
}
programs() { (cd "$tree/build" && ls); }

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
it 'make install DESTDIR=... PREFIX=/usr, with other flags than it was built with: compiles nothing' 'install_into $tmp/dest PREFIX=/usr'
removal_names_all() {
  sed -n '/^## Removal/,/^## /p' "$top/doc/install.md" >removal
  ! grep -qx 'make uninstall' removal || return 0 # which has claims of its own
  sed -n 's/.*rm -/&/p' removal >named
  find "$tmp/dest/usr/bin" "$share/man" -type f | sed 's,.*/,,' >put
  [ -s put ] || return 1
  while read -r file; do
    grep -qE "[ /]$file( |$)" named || { echo "$file stays behind"; return 1; }
  done <put
}
it 'doc/install.md removes every program and page that is put anywhere' removal_names_all
it 'the program works from there, and says what the one here says' works
it 'each program as it was built, with its symbols' 'for p in $(programs); do cmp "$tree/build/$p" "$tmp/dest/usr/bin/$p" || exit; done'
it 'the man pages' '(cd "$tree/doc" && for page in *.[58]; do cmp "$page" "$share/man/man${page##*.}/$page" || exit 1; done)'
it 'documents, the run script and all examples, executable where they were' '
  cd "$share/ratetap" && [ -x run ] && for part in README.md run doc examples; do diff -r "$tree/$part" "$part" || exit; done &&
    (cd "$tree/examples" && find . -type f -perm -u+x | sort) >"$tmp/here" &&
    (cd examples && find . -type f -perm -u+x | sort) >"$tmp/there" && [ -s "$tmp/here" ] && diff "$tmp/here" "$tmp/there"'
nothing_else() {
  { programs; sed -n 's/^SCRIPTS := .*,\(.*\))$/\1/p' "$top/Makefile" | tr ' ' '\n'; } | sed 's,^,bin/,' >want
  printf 'share/man\nshare/ratetap\n' >>want
  (cd "$tmp/dest/usr" && find . -type f | cut -d / -f 2-3) | sort -u >got
  sort want | diff - got && (cd "$share/man" && find . -type f | sort) >got && (cd "$tree/doc" && ls -- *.[58]) |
    sed 's,.*\.\(.\)$,./man\1/&,' | sort | diff - got
}
it 'nothing else' nothing_else
all_may_read() {
  (umask 077 && chmod -R go= "$tree" && install_into "$PWD/d" PREFIX=/usr) || return 1
  [ -z "$(find d/usr ! -type l \( -perm /022 -o ! -perm -044 \) -o -type d ! -perm -011)" ] && [ -z "$(find d/usr/bin -type f ! -perm 755)" ]
}
it 'whatever the umask and the modes of the sources, all may read and only the owner may write' all_may_read
it 'a second time over the first' 'install_into $tmp/dest PREFIX=/usr && "$bin" -V'
it 'BINDIR, MANDIR and DOCDIR each have their say, the rest is below PREFIX' '
  install_into "$PWD/d" PREFIX=/opt/x BINDIR=/command && install_into "$PWD/d" PREFIX=/opt/x BINDIR=/command MANDIR=/man DOCDIR=/doc/r &&
    [ -x d/command/ratetap ] && [ -f d/opt/x/share/man/man8/ratetap.8 ] && [ -f d/man/man8/ratetap.8 ] && [ -d d/doc/r/examples ] &&
    [ -d d/opt/x/share/ratetap/examples ] && [ ! -e d/opt/x/bin ] && [ "$(ls d | tr "\n" " ")" = "command doc man opt " ]'
it 'from the environment, too, and with a space in DESTDIR' '
  export DESTDIR="$PWD/d d" PREFIX=/e BINDIR=/e/b MANDIR=/e/m DOCDIR=/e/d && make -s -C "$tree" install &&
    [ -x "d d/e/b/ratetap" ] && [ -f "d d/e/m/man8/ratetap.8" ] && [ -f "d d/e/d/run" ] && make -s -C "$tree" uninstall && [ -z "$(find "d d" -type f)" ]'
it '/usr/local without a PREFIX' 'install_into $PWD/d && [ -x d/usr/local/bin/ratetap ] && [ -d d/usr/local/share/ratetap ]'
at_home() {
  DESTDIR='' make -s -C "$tree" install PREFIX="$PWD/home" >made 2>&1 || { cat made; return 1; }
  home/bin/ratetap -V
}
it 'into a home directory, without DESTDIR' at_home
it 'before anything was built: says so, and installs nothing' '
  mkdir new && cp -R "$tree"/Makefile "$tree"/tests "$tree"/doc "$tree"/examples new && ! make -s -C new install DESTDIR="$PWD/d" 2>said &&
    cat said && grep -q "make first" said && [ ! -e d ]'

# ---- No moment without a program. The old one is held open by a name of its own; only a file that is written in place
# changes under it. What is started meanwhile must be there, whole and executable.
it 'an installed program is replaced, not written into' '
  install_into "$PWD/d" && for p in d/usr/local/bin/*; do echo "# old" >>"$p"; done && cp -R d before && cp -al d/usr/local/bin kept &&
    install_into "$PWD/d" && diff -r before/usr/local/bin kept && ! diff -rq before/usr/local/bin d/usr/local/bin >differ &&
    [ "$(wc -l <differ)" = "$(ls kept | wc -l)" ]'
# Is each name that mv is to give a program the name of a whole one already, and what gets it a whole one as well?
watched_mv() {
  install_into "$PWD/d" && mkdir bin && cat >bin/mv <<END || return 1
#!/bin/sh
for new; do :; done
while [ \$# -gt 2 ]; do shift; done
{ [ "\$(dirname "\$1")" = "\$(dirname "\$2")" ] && [ -s "\$2" ] && [ "\$(stat -c %a "\$1" 2>&1)" = "\$(stat -c %a "\$2" 2>&1)" ] && cmp "\$1" "\$2"; } >>"$PWD/problems" 2>&1 ||
  echo "\$2" >>"$PWD/problems"
echo "\$2" >>"$PWD/moved"
exec $(command -v mv) -f "\$1" "\$2"
END
  chmod +x bin/mv && PATH=$PWD/bin:$PATH install_into "$PWD/d" || return 1
  cat problems
  [ ! -s problems ] && find "$PWD"/d/usr/local/bin "$PWD"/d/usr/local/share/man -type f | sort >want && sort moved | diff want -
}
it 'each program and page comes whole, with its mode, by one rename' watched_mv
under_load() {
  install_into "$PWD/d" || return 1
  (while [ ! -e stop ]; do
    for p in $(programs); do
      "d/usr/local/bin/$p" --no-such-option >/dev/null 2>&1 </dev/null
      case $? in 126 | 127) echo "$p: $?" >>problems ;; esac
    done
    echo >>runs
  done) &
  for i in 1 2 3 4 5; do install_into "$PWD/d" || echo "install" >>problems; done
  within 60 '[ -s runs ]' && : >stop && wait
  [ ! -e problems ] || { sort problems | uniq -c && return 1; }
}
it 'programs that are started again and again while they are installed five times: each runs' under_load

it 'make uninstall leaves no file, and no folder of its own' '
  install_into "$PWD/d" PREFIX=/usr && echo >d/usr/bin/another && echo >d/usr/share/another &&
    make -s -C "$tree" uninstall DESTDIR="$PWD/d" PREFIX=/usr && find d -type f | sort >left && cat left &&
    [ "$(cat left)" = "d/usr/bin/another
d/usr/share/another" ] && [ ! -e d/usr/share/ratetap ]'
it 'make uninstall where nothing is says nothing' 'make -s -C "$tree" uninstall DESTDIR="$PWD/nowhere" >said 2>&1 && [ ! -s said ]'

# Where the user's flags ask for the opposite of what is the default.
unpacked() {
  git clone -q --no-hardlinks "$top" clone 2>said || { cat said; return 1; }
  make -s -C clone dist >made 2>&1 || { cat made; return 1; }
  set -- clone/ratetap-*.tar.gz
  [ $# -eq 1 ] && mkdir "$tmp/dist" && tar xzf "$1" -C "$tmp/dist" && cd "$tmp"/dist/ratetap-* && [ ! -e .git ] && [ -f LICENSE ] &&
    [ -f doc/ratetap.8 ] || return 1
  make -s -j2 all CFLAGS='-O0 -fno-pie -fno-stack-protector' LDFLAGS=-no-pie >made 2>&1 || { cat made; return 1; }
  [ "ratetap $(basename "$PWD" | sed 's/^ratetap-//')" = "$(./ratetap -V)" ] && ./ratetap 1/1h <Makefile | cmp Makefile -
}
if [ -e .git ] && command -v git >/dev/null; then
  it 'make dist: a tarball of that name, which builds' unpacked
  it 'the last word about how it is built is the user'\''s: no PIE, no guards' '
    for p in ratetap ratetap-hold; do
      readelf -h "$tmp"/dist/*/build/$p | grep -q "Type: *EXEC" && ! readelf -Ws --dyn-syms "$tmp"/dist/*/build/$p | grep "__stack_chk_fail" || exit
    done'
else
  skip 'make dist: a tarball of that name, which builds' 'this is no git checkout'
fi

done_testing
