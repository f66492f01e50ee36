#!/bin/sh
# Runs README's two commands where ratetap is to be at home, from nothing: in bare roots of Debian 12 and 13, made here by
# debootstrap, from a clone of the last commit; on the newer one also all tests without tee and splice, as on the BSDs.
# With SKALIBS_SRC=DIR, a source tree of skalibs, also with that one, and linked statically with it and musl. Prints one
# table. Needs root, debootstrap, git and Debian's packages, and half an hour of two cores.
#   PLATFORMS: which rows, of bookworm trixie nosplice skalibs musl. PLATFORMS_DIR: where the roots and logs are
#   (build/platforms); MIRROR: of Debian's packages, if not debootstrap's own.
# In a root that is there already, only the clone is made anew.
set -u
top=$(pwd)
dir=${PLATFORMS_DIR:-$top/build/platforms}
rows=${PLATFORMS:-bookworm trixie nosplice${SKALIBS_SRC:+ skalibs musl}}
[ "$(id -u)" = 0 ] || { echo 'platforms: this needs root, for debootstrap and chroot' >&2; exit 1; }
for tool in debootstrap git unshare; do
  command -v "$tool" >/dev/null || { echo "platforms: please install $tool" >&2; exit 1; }
done
mkdir -p "$dir" || exit 111
[ -z "$(git status --porcelain)" ] || echo 'platforms: what is not committed is not tried' >&2

# in_root SUITE COMMAND: mounts and processes of its own, which end with it.
in_root() {
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount --pid --fork sh -c '
    mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && mount -t sysfs -o ro sys "$1/sys" &&
    exec chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh -c "$2"' \
    run "$dir/$1" "$2" </dev/null
}

make_root() {
  [ -e "$dir/$1/.made" ] && return
  rm -rf "${dir:?}/$1"
  debootstrap --variant=minbase --include=git,make "$1" "$dir/$1" ${MIRROR:+"$MIRROR"} >"$dir/$1.debootstrap" 2>&1 ||
    { tail -n 3 "$dir/$1.debootstrap" >&2; return 1; }
  : >"$dir/$1/.made"
}

# clone SUITE NAME: the last commit in /src/NAME of the root.
clone() {
  mkdir -p "$dir/$1/src" && rm -rf "$dir/$1/src/$2" && git clone -q --no-hardlinks "$top" "$dir/$1/src/$2"
}

# row NAME SUITE COMMAND: COMMAND in /src/NAME ends with "N passed, N failed, N skipped"; .versions says of what.
row() {
  echo "platforms: $1" >&2
  in_root "$2" "cd /src/$1 && $3" >"$dir/$1.log" 2>&1
  counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$dir/$1.log" | tail -n 1)
  # shellcheck disable=SC2086 # three words
  set -- "$1" "$(sed "s|, $||" "$dir/$2/src/$1/.versions")" ${counts:-0 all 0}
  printf '| %-8s | %-64s | %6s | %6s | %7s |\n' "$@" >>"$dir/table"
  [ "$4" = 0 ] || bad=1
}

# For the shell in the root: what README says, and what it found there.
both='{ make demo && make check; } 2>&1'
found() { echo "dpkg-query -W -f '\${Package} \${Version}, ' $* | sed 's/[0-9]*://g' >.versions"; }

on_debian() {
  make_root "$1" && clone "$1" "$1" && row "$1" "$1" "$both; $(found gcc libc6 skalibs-dev s6)" || bad=1
}

# with_skalibs NAME CC LIBC COMMAND: in the newer root, with SKALIBS_SRC in /opt/NAME.
with_skalibs() {
  make_root trixie && clone trixie "$1" && rm -rf "$dir/trixie/src/skalibs-$1" &&
    cp -R "$SKALIBS_SRC" "$dir/trixie/src/skalibs-$1" || { bad=1; return; }
  row "$1" trixie "{ make deps && apt-get install -qq -y --no-install-recommends musl-tools; } 2>&1 &&
    (cd /src/skalibs-$1 && make -s distclean && CC=$2 ./configure --prefix=/opt/$1 --libdir=/opt/$1/lib && make -s && make -s install) >.skalibs 2>&1 &&
    { $4; } 2>&1
    $(found gcc "$3"); echo skalibs $(sed -n 's/^version=//p' "$SKALIBS_SRC/package/info") >>.versions"
}

bad=0
printf '| %-8s | %-64s | %6s | %6s | %7s |\n' platform versions passed failed skipped >"$dir/table"
for name in $rows; do
  case $name in
  bookworm | trixie) on_debian "$name" ;;
  nosplice)
    make_root trixie && clone trixie nosplice && row nosplice trixie \
      "NO_SPLICE=1 make check CPPFLAGS=-DNO_SPLICE 2>&1; $(found gcc libc6 skalibs-dev)" || bad=1
    ;;
  skalibs)
    with_skalibs skalibs gcc libc6 \
      'make check CPPFLAGS=-I/opt/skalibs/include LDFLAGS="-L/opt/skalibs/lib -Wl,-rpath,/opt/skalibs/lib"'
    ;;
  musl) # what tests the programs is built for Debian
    with_skalibs musl musl-gcc musl '
      make check-built && make B=build/musl CC=musl-gcc CPPFLAGS=-I/opt/musl/include LDFLAGS="-static -L/opt/musl/lib" &&
      BUILD=build sh tests/check.sh'
    ;;
  *) echo "platforms: there is no row $name" >&2 && bad=1 ;;
  esac
done
cat "$dir/table"
[ "$bad" = 0 ]
