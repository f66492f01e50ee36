#!/bin/sh
# -w, seen closely: large files, many files, files that are none, files that cannot be read, and what stays open.

# shellcheck disable=SC2010,SC2015,SC2016,SC2317,SC3045
# shellcheck source=tests/tap.sh
. tests/tap.sh

lib=$tools/interpose.so

# Some years earlier than it was, so that it is no log from the future on a machine whose clock is behind.
log=$tmp/log
sed 's/^@400000006/@400000005/' tests/corpus/notqmail.log >"$log" || exit 111

# piece FROM TO FILE: these lines of the log
piece() { sed -n "$1,$2p" "$log" >"main/$3"; }
# warm: what is restored from main
warm() {
  "$ratetap" -w main -a 3 1M/1h </dev/null 3>alerts >out 2>err || return 1
  sed -n 's/^@[0-9a-f]* note restored //p' alerts
}
restores() { [ "$(warm)" = "lines=$1 over=0" ] && [ ! -s err ] || { cat err alerts; return 1; }; }

large() {
  mkdir main
  cp "$log" "main/$1"
  [ "$(wc -c <"$log")" -gt 1000000 ] && restores "$(wc -l <"$log")"
}
for name in @400000005000000000000000.s previous current; do
  it "$name of more than a megabyte is read to its end" "large $name"
done

names() {
  mkdir main
  piece 1 10 @0.s
  piece 11 20 @1.u
  for other in .s 0.s @ @.s @0.s~ @0.S @0_s s u; do piece 21 30 "$other"; done
  restores 20
}
it 'a name between @ and .s or .u is all that an old file needs' names

many() {
  mkdir main
  i=100
  while [ $i -lt 200 ]; do
    piece $i $i @$i.s
    i=$((i + 1))
  done
  ulimit -n 20 && restores 100
}
it 'a hundred old files are read with twenty descriptors' many

no_files() {
  mkdir main main/@1.s main/current
  mkfifo main/@2.s main/previous
  piece 1 10 @3.s
  [ "$(warm)" = "lines=10 over=0" ] &&
    for name in @1.s @2.s previous current; do echo "ratetap: warning: skipping main/$name: it is not a regular file"; done | cmp - err
}
it 'folders and pipes under the names of files are told of and passed over' no_files

# start ARGUMENT...: ratetap, its input held open by descriptor 5
start() {
  mkfifo in
  exec 5<>in
  "$ratetap" "$@" <in >out 3>alerts 2>err 5>&- 8>&- &
  rt=$!
  note_pid "$rt"
}
closed() {
  mkdir main
  piece 1 10 @1.s
  piece 11 20 current
  : >main/lock
  start -w main -a 3 1/1h
  within 10 'grep -q restored alerts' && ls -l "/proc/$rt/fd" && ! ls -l "/proc/$rt/fd" | grep -q main
}
it 'nothing of LOGDIR is open once it is read' closed

# A lock of fcntl(2) is asked for after one of flock(2), which must not be held for it.
only_asks() {
  mkdir main
  mkfifo feed
  sh -c 'exec 8>&-; exec s6-log t ./main' <feed 2>log.err &
  note_pid $!
  exec 8>feed
  echo 'new msg 7' >&8
  within 10 '[ -s main/current ] && [ -e main/lock ]' || return 1
  start -w main -a 3 1/1h
  within 10 'ls -l "/proc/$rt/fd" | grep -q "main/lock$"' || return 1
  within 3 'flock -n main/lock true' && ! grep -q restored alerts && exec 8>&- && within 4 'grep -q restored alerts'
}
if command -v s6-log >/dev/null && command -v flock >/dev/null; then
  it 'the lock that is waited for is free for others meanwhile' only_asks
else
  skip 'the lock that is waited for is free for others meanwhile' 's6-log or flock is not installed'
fi

# faulty WHAT: each read of a run over three files of ten lines fails so, one after the other; says what was restored
faulty() {
  mkdir main
  piece 1 10 @1.s
  piece 11 20 previous
  piece 21 30 current
  export FAULT_ONLY=ratetap FAULT_CALL=read FAULT_DO="$1"
  for FAULT_NTH in 1 2 3 4 5 6; do
    export FAULT_NTH
    echo "$FAULT_NTH: $(LD_PRELOAD=$lib warm)"
    cat err
  done
}
unread() {
  faulty EIO >said
  diff - said <<'END'
1: lines=20 over=0
ratetap: warning: unable to read main/@1.s: Input/output error
2: lines=30 over=0
ratetap: warning: unable to read main/@1.s: Input/output error
3: lines=20 over=0
ratetap: warning: unable to read main/previous: Input/output error
4: lines=30 over=0
ratetap: warning: unable to read main/previous: Input/output error
5: lines=20 over=0
ratetap: warning: unable to read main/current: Input/output error
6: lines=30 over=0
ratetap: warning: unable to read main/current: Input/output error
END
}
preloaded 'a file that cannot be read to its end: a warning, and the others are read' unread
interrupted() {
  faulty EINTR | awk '$2 $3 != "lines=30over=0" { print; n++ } END { exit NR != 6 || n }'
}
preloaded 'a read that is interrupted is done again' interrupted

torn() {
  mkdir main
  piece 1 10 @1.s
  printf '%s' "$(sed -n 11p "$log")" >>main/@1.s
  head -c 5000 /dev/zero >main/@2.s
  sed -n 12p "$log" | tail -c 20 >>main/@2.s
  sed -n 13,20p "$log" >>main/@2.s
  { head -c 400000 /dev/zero; sed -n 21,30p "$log"; } >main/current
  restores 30
}
it 'a torn last line is a line, zero bytes at the beginning are passed over, and the rest of a line after them' torn

packed() {
  mkdir main
  piece 1 10 @1.s && gzip main/@1.s && mv main/@1.s.gz main/@1.s
  piece 1 10 @2.s
  printf '\375\067zXZ\000\000' >main/previous
  [ "$(warm)" = 'lines=10 over=0' ] && grep -c ': it is compressed$' err | grep -qx 2 && [ "$(wc -l <err)" -eq 2 ]
}
it 'compressed files are known by their first bytes, whatever their names' packed

term_at_the_lock() {
  mkdir main
  piece 1 10 current
  : >main/lock
  flock main/lock sleep 20 &
  note_pid $!
  within 10 '! flock -n main/lock true' || return 1
  start -w main -a 3 1/1h -- touch started
  within 10 'ls -l "/proc/$rt/fd" | grep -q "main/lock$"' && kill -TERM "$rt" && within 2 'gone $rt' && wait "$rt" && [ ! -e started ]
}
it 'TERM is heard while the lock is waited for, and nothing was read' term_at_the_lock

# One to two seconds after `note start`, not after as long again as the start took.
in_time() {
  mkdir main
  : >main/lock
  flock main/lock sleep 3 &
  note_pid $!
  within 10 '! flock -n main/lock true' || return 1
  printf '@%x00000000 info msg 1: bytes 2 from <ann@x> qp 3 uid 4\n' $((4611686018427387914 + $(date +%s))) >main/current
  start -w main -a 3 0/5s
  within 10 'grep -q " note start .* over=1$" alerts' && within 3 'grep -q " under 0/5s/msg/sender ann@x " alerts'
}
it 'what ends soon after a long start is told in time' in_time

# What is stored while the lock is waited for is not from the future: STAMP is since and lasted, but for what the
# machine's two clocks differ by.
stored_meanwhile() {
  mkdir main
  : >main/lock
  flock main/lock sh -c 'sleep 2.5; cat line >main/current' &
  note_pid $!
  within 10 '! flock -n main/lock true' || return 1
  start -w main -a 3 0/3s -- cat
  sleep 2 # it has begun for as long
  printf '@%x00000000 info msg 1: bytes 2 from <ann@x> qp 3 uid 4\n' $((4611686018427387914 + $(date +%s))) >line
  within 10 'grep -q " under 0/3s/msg/sender ann@x " alerts' || return 1
  sed -n 's/^@\([0-9a-f]\{16\}\).* under .* since=@\([0-9a-f]\{16\}\).* lasted=\(.*\)$/\1 \2 \3/p' alerts >got
  read -r stamp since lasted <got
  [ $((0x$since + lasted - 0x$stamp)) -le 1 ] || { cat alerts; return 1; }
}
it 'what is stored during a long start is told with the right time' stored_meanwhile

nothing() {
  mkdir main
  sed -n '1,200{s/ / FOO: /;p;}' "$log" >main/current
  [ "$(warm)" = 'lines=200 over=0' ] && cat err &&
    grep '^ratetap: warning: not understood, .*: @[0-9a-f]* FOO: info msg [0-9]*: bytes' err &&
    grep '^ratetap: warning: nothing in main was understood' err
}
it 'a log of which nothing is understood: a warning, and its first odd line' nothing

done_testing
