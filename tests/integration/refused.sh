#!/bin/sh
# Where the kernel refuses tee or splice, the log and the alerts are read and written; and what else may happen to a pipe.

# shellcheck disable=SC2016,SC2120,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

"$tools/feed" -l 4000 >"$tmp/all"
all=$tmp/all

# through COMMAND...: the log comes through it, alerts to a pipe come whole, with one warning if splice for the log fails
through() {
  mkfifo alerts
  cat alerts >said &
  cat "$all" | timeout -s KILL 20 "$@" "$ratetap" -a 3 0/1h 2>err 3>alerts | cmp "$all" - || return 1
  wait
  [ "$(grep -c '^@.* over ' said)" -eq 977 ] && [ "$(wc -l <said)" -eq 977 ] && [ "$(wc -l <err)" -eq 1 ] &&
    grep -q '^ratetap: warning: unable to move the log inside of the kernel' err || { wc -l said err; cat err; return 1; }
}
for error in ENOSYS EINVAL EPERM; do
  if "$tools/refuse" "$error" tee true; then
    for call in tee splice tee,splice; do
      moved "$call refused with $error: one warning, and all comes through" "through \"\$tools/refuse\" $error $call"
    done
  else
    skip "tee and splice refused with $error" 'no filter of system calls here'
  fi
done
if "$tools/refuse" EPERM tee true; then
  moved 'refused, and the alert pipe cannot be opened anew: all comes through' 'through "$tools/refuse" EPERM tee,splice,reopen'
  keeper() {
    cat "$all" | timeout -s KILL 20 "$tools/refuse" EPERM splice "$ratetap" -a 3 "$quiet" -- cat 2>err 3>alerts | cmp "$all" - && [ "$(wc -l <err)" -eq 1 ]
  }
  moved 'refused, with a program: all comes through' keeper
  never_read() {
    mkfifo in out alerts
    exec 3<>alerts 5<>in
    "$tools/fdtool" fill 3
    cat out >got &
    "$tools/refuse" EPERM splice${1:+,$1} "$ratetap" -a 3 0/1h <in >out 2>err 5>&- &
    rt=$!
    note_pid "$rt"
    sh -c 'exec 5>&-; exec cat "$1"' sh "$all" >in &
    within 10 'cmp -s "$all" got' && kill -TERM "$rt" && within 10 'gone "$rt"'
  }
  it 'refused: an alert pipe that is full stops nothing' never_read
  it 'refused, and not opened anew: an alert pipe that is full stops nothing' 'never_read reopen'
  blocked() {
    mkfifo in out
    exec 5<>in 6<>out
    "$tools/refuse" EPERM "$1" "$ratetap" -a 3 0/1h <in >out 2>err 3>alerts 5>&- 6>&- &
    rt=$!
    note_pid "$rt"
    sh -c 'exec 5>&- 6>&-; exec cat "$1"' sh "$all" >in &
    note_pid $!
    within 10 '[ "$(unread 6)" -ge 61440 ]' && kill -USR1 "$rt" && within 10 'grep -q " stat lines=" alerts' || return 1
    sh -c 'exec 5>&- 6>&-; exec cat out' >got &
    note_pid $!
    within 10 'cmp -s "$all" got' && kill -TERM "$rt" && within 10 'gone "$rt"'
  }
  it 'refused: alerts and signals go on while stdout is full' 'blocked splice'
  it 'refused, and not opened anew: the same' 'blocked splice,reopen'
fi

# later CALL N: the Nth call is the first to be refused
later() {
  FAULT_CALL=$1 FAULT_DO=ENOSYS FAULT_NTH=$2 FAULT_TIMES=1000000 FAULT_ONLY=ratetap LD_PRELOAD="$tools/interpose.so" through
}
for call in tee splice; do
  for n in 1 2 3; do
    [ -n "${NO_SPLICE:-}" ] || preloaded "$call refused from call $n on: all comes through" "later $call $n"
  done
done

# ---- other readers, other sizes
two_readers() {
  mkfifo in
  exec 5<>in
  for n in 1 2; do
    sh -c 'exec 5>&-; exec "$ratetap" -a 3 "$quiet"' <in 2>"err.$n" 3>/dev/null | cat 5>&- >"got.$n" &
  done
  "$tools/feed" -l 60000 -p 3 >want
  "$tools/feed" -l 60000 -p 3 >&5
  within 10 '[ "$(cat got.1 got.2 | wc -c)" -ge "$(wc -c <want)" ]' && [ "$(unread 5)" -eq 0 ] || { wc -c got.* want; return 1; }
  both=$(left_over "$PWD" | while read -r p; do [ "$(cat "/proc/$p/comm")" != ratetap ] || echo "$p"; done | wc -l)
  exec 5>&-
  wait
  [ "$both" -eq 2 ] && [ ! -s err.1 ] && [ ! -s err.2 ]
}
it 'two readers on one pipe: neither takes an empty pipe for the end of input' two_readers

large() {
  mkfifo in out
  exec 5<>in 6<>out
  "$tools/fdtool" size 5 1048576 && "$tools/fdtool" size 6 1048576 || return 1
  "$ratetap" -a 3 "$quiet" <in >out 2>err 3>alerts 5>&- 6>&- &
  rt=$!
  note_pid "$rt"
  "$tools/feed" -l 8000 >want
  dd if=want of=in bs=400000 2>/dev/null
  within 10 '[ "$(unread 6)" -eq "$(wc -c <want)" ]' && [ "$("$tools/fdtool" size 5)" -eq 1048576 ] && [ "$("$tools/fdtool" size 6)" -eq 1048576 ]
}
it 'pipes that are larger than ratetap would have them stay so' large

done_testing
