#!/bin/sh
# Standard input of every kind: it begins, idles, goes on and ends, with a program and without one. What idles costs
# nothing, and the end is seen.

# shellcheck disable=SC2016,SC2034,SC2317 # the claims use what is set here
# shellcheck source=tests/tap.sh
. tests/tap.sh

"$tools/feed" -l 300 >"$tmp/all"
all=$tmp/all
before='new msg 1\ninfo msg 1: bytes 2 from <a@x> qp 3 uid 4\nhalf a'
after=' line\nnew msg 5\n'
printf '%b' "$before$after" >"$tmp/want"
begun=$(printf '%b' "$before" | wc -c)

# start KIND [ARGUMENT...]: ratetap as $rt with such a stdin, descriptor 5 leads to it
start() {
  kind=$1
  shift
  mkfifo feed
  exec 5<>feed
  "$tools/stdin" "$kind" "$ratetap" -a 3 "$quiet" "$@" <feed >got 2>err 3>alerts 5>&- &
  host=$!
  note_pid "$host"
  within 10 '[ -n "$(cat "/proc/$host/task/$host/children")" ]' || return 1
  read -r rt <"/proc/$host/task/$host/children"
  note_pid "$rt"
}
# idle: for a while it takes no more than two ticks of the CPU, and lives
idle() {
  was=$(ticks "$rt")
  sleep 0.3 # measures, waits for nothing
  echo "# CPU used while idle: $(($(ticks "$rt") - was)) ticks"
  kill -0 "$rt" && [ $(($(ticks "$rt") - was)) -le 2 ]
}
ends() {
  within 10 'gone "$host"' || return 1
  wait "$host" && cmp ../want got && [ ! -s err ]
}
lives() {
  start "$@" && printf '%b' "$before" >&5 && within 10 '[ "$(wc -c <got)" -eq "$begun" ]' && idle && printf '%b' "$after" >&5 &&
    within 10 'cmp -s ../want got' && exec 5>&- && ends
}
# cooked: a terminal gives whole lines
cooked() {
  start terminal "$@" && printf 'new msg 1\n' >&5 && within 10 '[ "$(wc -c <got)" -eq 10 ]' && idle && printf 'new msg 2\n' >&5 &&
    within 10 '[ "$(wc -c <got)" -eq 20 ]' && exec 5>&- && within 10 'gone "$host"' && wait "$host" && [ ! -s err ]
}
# endless: a datagram socket has no end; an empty datagram is none
endless() {
  start dgram "$@" && printf '%b' "$before" >&5 && within 10 '[ "$(wc -c <got)" -eq "$begun" ]' && printf 'empty\n' >&5 && idle &&
    printf '%b' "$after" >&5 && within 10 'cmp -s ../want got' && kill -TERM "$rt" && exec 5>&- && ends
}
for program in '' '-- cat'; do
  with=${program:+, with a program}
  for kind in pipe tcp unix seqpacket; do
    it "$kind$with: it begins, idles, goes on and ends" "lives $kind $program"
  done
  it "terminal$with: it begins, idles, goes on and ends" "cooked $program"
  it "datagrams$with: an empty one is not the end, and it idles" "endless $program"
  it "file$with: to its end" "timeout -s KILL 10 \"\$ratetap\" -a 3 \$quiet $program <\$all >got 3>alerts && cmp \$all got"
  for kind in tcp unix; do
    it "$kind$with: nothing but the end" \
      "timeout -s KILL 10 \"\$tools/stdin\" $kind \"\$ratetap\" -a 3 \$quiet $program </dev/null >got 3>alerts && [ ! -s got ]"
  done
  it "a file of /proc$with: to its end" \
    "timeout -s KILL 10 \"\$ratetap\" -a 3 \$quiet $program </proc/cpuinfo >got 3>alerts && grep '^processor' got"
  it "/dev/null$with: it ends" "timeout -s KILL 10 \"\$ratetap\" -a 3 \$quiet $program </dev/null >got 3>alerts && [ ! -s got ]"
done

done_testing
