# shellcheck shell=sh disable=SC2034
# What bench.sh and growth.sh share. To be read with `.` from the top folder.
X=${RATETAP:-./ratetap}
B=build/bench
BENCH_SCALE=${BENCH_SCALE:-1}
ONE=100/1h
FOUR='100/1h/remote 50/1h/fail 500/1h/remote/domain 5000/1h/remote/all'

# need COMMAND PACKAGE: installs what is missing
need() {
  command -v "$1" >/dev/null && return
  echo "installing $2" >&2
  apt-get install -y -q "$2" >/dev/null
}

# build TOOL...: compiles tests/bench/TOOL.c
build() {
  mkdir -p "$B"
  for tool; do
    "${CC:-cc}" -O2 -std=c11 -D_GNU_SOURCE -o "$B/$tool" "tests/bench/$tool.c" tests/bench/stage.c
  done
}

# scaled N: N times BENCH_SCALE
scaled() {
  awk -v n="$1" -v scale="$BENCH_SCALE" 'BEGIN { printf "%d\n", n * scale }'
}

# make FILE LINES ARG...: a log of so many lines, scaled; then the arguments of gen
make() {
  file=$B/$1.log
  lines=$(scaled "$2")
  shift 2
  "$B/gen" -l "$lines" "$@" >"$file"
}

median() {
  sort -n | awk '{ a[NR] = $1 } END { print (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2 }'
}

# repeat TIMES COMMAND...: the median of the first words that it prints
repeat() {
  times=$1
  shift
  while [ "$times" -gt 0 ]; do
    "$@"
    times=$((times - 1))
  done | median
}

# paired HOW TIMES LEFT RIGHT: runs two functions in turn, and prints the median of LEFT / RIGHT (HOW ratio) or of
# LEFT - RIGHT (HOW more)
paired() {
  how=$1 times=$2
  while [ "$times" -gt 0 ]; do
    echo "$("$3") $("$4")"
    times=$((times - 1))
  done | awk -v how="$how" '{ right = $(NF / 2 + 1); print how == "ratio" ? $1 / right : $1 - right }' | median
}
