#!/bin/sh
# SIGKILL of ratetap while its logger is down: what no program is there to take stays in stdin, which the supervisor
# keeps. Every '# |' line is a row of the fault table in doc/.

# shellcheck disable=SC2016,SC2034,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

if ! command -v multilog >/dev/null || ! command -v setlock >/dev/null; then
  echo '1..0 # SKIP multilog is not installed'
  exit 0
fi
lines=100000

# begin: a FIFO as the supervisor's pipe, held open by 5, and a writer of numbered lines.
begin() {
  mkfifo in
  exec 5<>in
  sh -c 'exec 5>&- 8>&-; exec "$tools/feed" -l "$1" -q 3' sh "$lines" >in &
  note_pid $!
}
run() {
  "$ratetap" -a 3 "$quiet" -- multilog s16777215 n100 ./main <in 2>>err 3>>alerts 5>&- 8>&- &
  rt=$!
  note_pid "$rt"
}
# complaints NUMBER: so many times the logger has said why it cannot work
complaints() { within 20 "[ \"\$(grep -c '^multilog: ' err)\" -ge $1 ]"; }
# kills NUMBER: so often ratetap is started and, when its logger has failed twice, killed
kills() {
  for n in $(seq "$1"); do
    run
    complaints $((n * 2)) || return 1
    kill -9 "$rt"
    within 10 'gone "$rt"' || return 1
  done
  run
}
stored() { cat main/@*.s main/current 2>/dev/null; }
# all_stored NAME KILLS: the log is whole
all_stored() {
  within 30 '[ "$(unread 5)" -eq 0 ] && [ "$(stored | wc -l)" -ge "$lines" ]'
  kill -TERM "$rt"
  within 20 'gone "$rt"' || return 1
  stored | "$tools/proof" -j -l "$lines" "$1" "$2" # multilog ends a half line where its input ends
}

locked() {
  mkdir main
  mkfifo hold
  setlock main/lock cat hold &
  note_pid $!
  exec 8>hold
  within 10 '! setlock -n main/lock true 2>/dev/null' && begin && kills "$1" || return 1
  exec 8>&-
  all_stored 'SIGKILL of ratetap while its logger cannot take its lock' "$1"
}
it 'killed once while the lock of the logger is held: nothing is lost' 'locked 1'
it 'killed twice while the lock of the logger is held: nothing is lost' 'locked 2'

# The directory is not one that the logger can use, as one that has the wrong owner.
unusable() {
  : >main
  begin
  kills 3 || return 1
  rm main
  all_stored 'SIGKILL of ratetap while its logger cannot use its directory' 3
}
it 'killed while the directory of the logger has the wrong owner: nothing is lost' unusable

full() {
  mkdir main
  mount -t tmpfs -o size=2m none main || return 1
  head -c 2000000 /dev/zero >main/ballast
  begin
  kills 3 && rm main/ballast && mount -o remount,size=64m main && all_stored 'SIGKILL of ratetap while the disk of its logger is full' 3
  here=$?
  kill -9 "$rt" 2>/dev/null
  umount -l main
  return "$here"
}
mkdir "$tmp/disk"
if mount -t tmpfs -o size=64k none "$tmp/disk" 2>/dev/null; then
  umount "$tmp/disk"
  it 'killed while the disk is full: nothing is lost' full
else
  skip 'killed while the disk is full: nothing is lost' 'mounting is not permitted here'
fi

# Nobody is there for what comes; then the end, or TERM, comes all the same.
late() {
  mkfifo in
  exec 5<>in
  "$ratetap" -a 3 "$quiet" -- sh -c '[ -e go ] && exec cat >>got; exit 111' <in 2>err 3>alerts 5>&- &
  rt=$!
  note_pid "$rt"
  printf 'one\nhalf' >&5
  within 10 'grep -q "ended with exit code 111" err' && [ "$(unread 5)" -eq 8 ]
}
it 'while the program is down nothing leaves stdin; at the end of input it is passed on all the same' \
  'late && : >go && exec 5>&- && within 10 "gone $rt" && printf "one\nhalf" | cmp - got'
it 'TERM while nothing was passed on: all stays in stdin' \
  'late && kill -TERM $rt && within 10 "gone $rt" && [ "$(unread 5)" -eq 8 ]'
empty_end() { printf '' | timeout -s KILL 10 "$ratetap" -a 3 "$quiet" -- sh -c 'exit 3' 3>alerts 2>err; [ $? -eq 3 ]; }
it 'an input that ends at once ends a program that ends at once' empty_end

# What was in the pipe is at most one piece.
one_piece() {
  mkfifo in
  exec 5<>in
  "$ratetap" -a 3 "$quiet" -- sh -c 'echo $$ >pid; kill -STOP $$; exec cat >got' <in 2>err 3>alerts 5>&- &
  rt=$!
  note_pid "$rt"
  "$tools/feed" -l 3000 >all
  sh -c 'exec 5>&-; exec cat all' >in &
  note_pid $!
  within 10 '[ -s pid ] && [ "$(unread 5)" -gt 60000 ]' || return 1
  was=-1
  within 10 'now=$(unread 5); [ "$now" -eq "$was" ] || { was=$now; false; }' || return 1
  kill -9 "$rt"
  within 10 'gone "$rt"' && kill -CONT "$(cat pid)"
  sh -c 'exec 5>&-; exec cat' <in >rest &
  note_pid $!
  exec 5>&-
  within 10 '[ "$(cat got rest | wc -c)" -eq "$(wc -c <all)" ]' && [ "$(wc -c <got)" -le 65536 ] && cat got rest | cmp - all
}
it 'no more than 64 KiB wait for a program that reads nothing' one_piece

# A program that ends in the middle of a later piece leaves the rest in the pipe, which dies with ratetap.
cut_short() {
  mkfifo in
  exec 5<>in
  "$tools/feed" -l 30000 >all
  "$ratetap" -a 3 "$quiet" -- sh -c 'dd bs=1000 count=100 >>got 2>dd; exit 3' <in 2>err 3>alerts 5>&- &
  rt=$!
  note_pid "$rt"
  sh -c 'exec 5>&-; exec cat all' >in &
  note_pid $!
  within 10 'grep -q "ended with exit code 3" err' || return 1
  kill -9 "$rt"
  within 10 'gone "$rt"' || return 1
  sh -c 'exec 5>&-; exec cat' <in >rest &
  reader=$!
  note_pid "$reader"
  exec 5>&-
  within 20 'gone "$reader"' || return 1
  got=$(wc -c <got) rest=$(wc -c <rest) all=$(wc -c <all)
  [ $((all - got - rest)) -le 65536 ] && head -c "$got" all | cmp - got && tail -c "$rest" all | cmp - rest
}
it 'killed when its program has ended in the middle of a piece: no more than the rest of that piece is lost' cut_short

# Each is at its start, and has no handler yet. It has 200 ms to get one: a busy machine may need longer, and the ALRM
# that comes then kills it. So only what dies before that is ratetap's fault; after it there is another try.
young_logger='$SIG{ALRM} = sub { open(R, ">rotated") }; open(G, ">>got"); select(G); $| = 1; print while <STDIN>'
ms() { echo $(($(date +%s%N) / 1000000)); }
young() {
  rm -f in got rotated
  mkfifo in
  exec 5<>in
  begun=$(ms)
  "$ratetap" -a 3 "$quiet" -- perl -e "$young_logger" <in 2>err 3>alerts 5>&- &
  rt=$!
  note_pid "$rt"
  within 10 '[ -n "$(cat /proc/$rt/task/$rt/children)" ]' && kill -ALRM "$rt" && echo one >&5 &&
    within 10 '[ -s err ] || [ -s got ]' && echo two >&5 && within 10 '[ -s err ] || { [ -e rotated ] && [ "$(wc -l <got)" -eq 2 ]; }'
}
grown() {
  for try in 1 2 3 4 5 6 7 8 9 10; do
    young || return 1
    [ -s err ] || return 0
    [ $(($(ms) - begun)) -ge 200 ] || return 1
    exec 5>&-
    within 20 'gone "$rt"' || return 1
  done
  return 1
}
it 'ALRM to a program that has only just been started does not kill it' grown

done_testing
