#!/bin/sh
# A stolen account through every door, with ratetap, ratetap-hold and ratetap-gate at work: how much gets out. And all
# of them killed and started again, at any moment: who is held stays held, and who is not is let go.

# shellcheck disable=SC2016,SC2034,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

bin=$(dirname "$(readlink -f "$ratetap")")
standin=$tools/standin
chmod 711 "$tmp"

# A qmail of our own: GATE, a queue, and pipes for the log and the alerts.
begin() {
  chmod 711 . && mkdir -m 711 gate && mkdir -m 777 taken && mkfifo log alerts && exec 4<>log 5<>alerts || return 1
  export STAND_DIR="$PWD/taken"
  number=0 delivery=0
}
# start RULE...
start() {
  "$ratetap" -a 5 "$@" <log >stored 4<&- & note_pid $!
  "$bin/ratetap-hold" -p -r '*' -u gate <alerts >told 2>err 4<&- & note_pid $!
}
# send SENDER RECIPIENTS [PROGRAM...]: a message with so many recipients; what is taken appears in the log
send() {
  sender=$1 recipients=$2
  shift 2
  number=$((number + 1))
  if [ "$recipients" = 1 ]; then # most have, and need no other process
    printf 'F%s\0Tr%d.0@example.net\0\0' "$sender" $number >cover
  else
    { printf 'F%s\0' "$sender"; awk -v n="$recipients" -v m=$number 'BEGIN { for (i = 0; i < n; i++) printf "Tr%d.%d@example.net%c", m, i, 0; printf "%c", 0 }'; } >cover
  fi
  echo "message $number" | "$@" "$bin/ratetap-gate" gate "$standin" 1<cover || return
  info="new msg $number\ninfo msg $number: bytes 300 from <$sender> qp $((number + 1000)) uid $uid"
  if [ "$recipients" = 1 ]; then
    printf '%b\nstarting delivery %d: msg %d to remote r%d.0@example.net\ndelivery %d: success: ok/\nend msg %d\n' \
      "$info" $delivery $number $number $delivery $number
  else
    awk -v n="$recipients" -v m=$number -v d=$delivery -v info="$info" 'BEGIN {
      print info
      for (i = 0; i < n; i++) printf "starting delivery %d: msg %d to remote r%d.%d@example.net\n", d + i, m, m, i
      for (i = 0; i < n; i++) printf "delivery %d: success: ok/\n", d + i
      printf "end msg %d\n", m
    }'
  fi >&4
  delivery=$((delivery + recipients))
}
# What the door is called stands in door.
door=
# breach LIMIT FILE TIMES SENDER RECIPIENTS [PROGRAM...]: sends so many messages; how many passed when it should have stopped?
breach() {
  limit=$1 file=$2 times=$3 from=$4 each=$5
  shift 5
  passed=0
  for i in $(seq "$times"); do
    if send "$(printf "$from" "$i")" "$each" "$@"; then passed=$((passed + 1)); fi
  done
  within 20 "[ -e 'gate/$file' ]" || return 1
  for i in 1 2 3 4 5; do
    send "$(printf "$from" "x$i")" "$each" "$@" && { echo "passed while $file was there"; return 1; }
  done
  echo "# | $door | $times | $passed | $((passed - limit / each - 1)) |"
  [ $passed -gt $((limit / each)) ] && [ $passed -lt "$times" ]
}
uid=1001
it 'sessions: a message each, 250 of them' \
  'door="250 messages, 100/1h/remote" && begin && start 100/1h/remote && breach 100 sender:tina@example.org 250 Tina@example.org 1'
it 'many recipients: 20 messages with 1,000 each' \
  'door="20 messages to 1,000 each, 100/1h/remote" && begin && start 100/1h/remote && breach 100 sender:tina@example.org 20 tina@example.org 1000'
it 'forged senders of the own domain' \
  'door="250 forged senders, 100/1h/remote/domain" && begin && start 100/1h/remote/domain && breach 100 domain:example.org 250 user%s@example.org 1'
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 && command -v setuidgid >/dev/null && setuidgid nobody test -x "$standin"; then
  uid=$(id -u nobody)
  it 'a web server: forged senders of all domains' \
    'door="250 forged senders of a web server, 100/1h/msg/uid" && begin && start 100/1h/msg/uid && breach 100 uid:$uid 250 a%s@x%s.example 1 setuidgid nobody'
else
  skip 'a web server: forged senders of all domains' 'cannot become somebody else'
fi
uid=1001

# ---- killed and started again
# keep NAME COMMAND...: runs it again and again until the file stop is there; its process is in pid.NAME
keep() {
  name=$1
  shift
  while [ ! -e stop ]; do
    "$@" &
    echo $! >pid.$name
    wait $!
  done
}
run_ratetap() { exec "$ratetap" -a 5 -w main 3/1h/msg/sender 2/2s/msg/domain 6/1h/msg/uid -- multilog t ./main <log 4<&- 2>>err.ratetap; }
run_hold() { exec "$bin/ratetap-hold" -p -r '*' -u gate <alerts >>told 4<&- 2>>err.hold; }
# Whom the newest still lines name, and what happened since, as names of files
over_now() {
  awk '
    function file() { split($3, part, "/"); return part[4] ":" $4 }
    $2 == "note" && $3 == "start" { split("", is) }
    $2 == "still" || $2 == "over" { is[file() " " $3] = file() }
    $2 == "under" { delete is[file() " " $3] }
    END { for (i in is) print is[i] }' told | sort -u
}
held_now() { (cd gate && for f in *:*; do [ ! -e "$f" ] || echo "$f"; done) | sort; }
agree() { over_now >over && held_now >held && cmp -s over held; }
restarts() {
  begin && mkdir main || return 1
  keep ratetap run_ratetap 5<>alerts & note_pid $! && of_ratetap=$!
  keep hold run_hold & note_pid $! && of_hold=$!
  within 10 '[ -e pid.ratetap ] && [ -e pid.hold ]' || return 1
  i=0
  while [ $i -lt $times ]; do
    i=$((i + 1)) random=$(((random * 1103515245 + 12345) % 2147483648))
    uid=$((1001 + random / 64 % 7)) domain=d$((random / 256 % 4))
    # One in four has a domain of its own, which nothing holds: so a uid gets over, however soon all of this is done.
    [ $domain != d3 ] || domain=own$i
    send "s$((random / 16 % 12))@$domain.example" 1 2>/dev/null
    case $((random / 4096 % 12)) in
    0) kill -9 "$(cat pid.hold)" ;;
    1) kill "$(cat pid.hold)" ;;
    2) kill -9 "$(cat pid.ratetap)" ;;
    3) kill "$(cat pid.ratetap)" ;;
    4) (sh -c 'echo $$ >pid.gate; exec "$0" gate "$1" <message 1<cover' "$bin/ratetap-gate" "$standin" 2>/dev/null & kill -9 $!) ;;
    esac 2>/dev/null
  done
  within 30 '[ "$(unread 4)" = 0 ] && [ "$(unread 5)" = 0 ]'
  # One more start says who is still over; then the short windows end.
  kill "$(cat pid.ratetap)"
  within 40 'agree && [ -s held ] && ! grep -q domain: held' || { echo "over:"; cat over; echo "held:"; cat held; cat gate/.held; tail -n 5 err.*; return 1; }
  echo "# $times messages, $(grep -c "note start" told) starts of ratetap, $(wc -l <held) held at the end"
  : >stop
  within 10 'kill "$(cat pid.ratetap)" "$(cat pid.hold)" 2>/dev/null; gone $of_ratetap && gone $of_hold'
}
random=4242
if [ -n "${SOAK:-}" ]; then times=1500; else times=200; fi
echo message >"$tmp/message"
if command -v multilog >/dev/null; then
  it 'all three are killed and started again: who is held is who is over' 'ln ../message message; restarts'
else
  skip 'all three are killed and started again: who is held is who is over' 'multilog is not installed'
fi

done_testing
