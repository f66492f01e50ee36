#!/bin/sh
# The memory cap: a flood of alerts that nobody reads, a flood of senders. SOAK=1: 10,000,000 lines each way.

# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

if [ -n "${SOAK:-}" ]; then
  flood=10010000 senders=5000000 limit=1000
else
  flood=400000 senders=200000 limit=100
fi
# Code, libraries, stack and the fixed buffers come on top of -m.
constant=4096 # kB

# peak PID: the most memory it ever had resident, in kB.
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"; }

# Log time runs a millisecond for each message of 20 lines, and each message is a new sender's who is over at
# once and under a second later: all but the last 1,000 end. So these are the alerts:
alerts=$((flood / 10 - 1000))

# Nobody reads the alert FIFO while the log flows, and a neighbour writes to it all the while.
alert_flood() {
  mkfifo alerts in out
  exec 3<>alerts
  "$tools/feed" -l 1000000000 >&3 3>&- & # each line in one write, as we do it
  neighbour=$!
  note_pid "$neighbour"
  within 10 '[ "$(unread 3)" -gt 60000 ]' || return 1
  "$ratetap" -m 16M -a 3 0/1s <in >out 2>err &
  rt=$!
  note_pid "$rt"
  "$tools/proof" -k a -l "$flood" <out >proved 3>&- &
  proof=$!
  exec 5>in
  "$tools/feed" -k a -p 0 -l "$flood" >&5 3>&- || return 1
  exec 8<in
  within 30 '[ "$(unread 8)" -eq 0 ] && [ "$(awk "/^rchar|^syscr/ { s += \$2 } END { print s }" "/proc/$rt/io")" = "${was:-}" ] ||
    { was=$(awk "/^rchar|^syscr/ { s += \$2 } END { print s }" "/proc/$rt/io"); false; }' || return 1
  kb=$(peak "$rt")
  exec 5>&- 8<&-
  kill -0 "$neighbour" || return 1
  # now it is read, while the neighbour goes on
  exec 7<alerts
  grep '^@' <&7 3>&- >said &
  reader=$!
  exec 7<&-
  within 60 "gone $rt" || { kill -9 "$rt"; return 1; }
  wait "$rt"
  here=$?
  wait "$proof" || here=1
  kill -9 "$neighbour"
  exec 3>&- # the last writer
  wait "$reader"
  got=$(grep -c '^@[0-9a-f]* \(over\|under\) 0/1s/msg/sender u[0-9]*@example.org count=' said)
  lost=$(sed -n 's/^@[0-9a-f]* note lost alerts=\([0-9]*\)\( over=[0-9]*\)\{0,1\}$/\1/p' said | awk '{ n += $1 } END { print n + 0 }')
  cat proved
  echo "# lines $flood, alerts $alerts: written $got, told as lost $lost; resident at most $kb kB with -m 16M"
  [ "$here" -eq 0 ] && [ "$((got + lost))" -eq "$alerts" ] && [ "$lost" -gt 0 ] &&
    [ "$kb" -le $((16384 + constant)) ]
}
it 'alerts that nobody reads: the log passes, the memory holds, the lost ones are counted' alert_flood

# Every line has a new sender, every 500th is from the thief.
sender_flood() {
  mkfifo in
  "$ratetap" -m 4M -a 3 "$limit/1h" <in >out 3>alerts 2>err &
  rt=$!
  note_pid "$rt"
  exec 5>in
  "$tools/feed" -k s -p 0 -l "$senders" >&5 || return 1
  exec 8<in
  within 30 '[ "$(unread 8)" -eq 0 ]' || return 1
  kb=$(peak "$rt")
  exec 5>&- 8<&-
  wait "$rt" || return 1
  "$tools/proof" -k s -l "$senders" <out || return 1
  full=$(grep -c '^@[0-9a-f]* note full evicted=[1-9]' alerts)
  echo "# senders $senders: resident at most $kb kB with -m 4M; 'note full' lines: $full"
  grep -q " over $limit/1h/msg/sender thief@example.org count=$((limit + 1)) " alerts &&
    [ "$(grep -c ' over ' alerts)" -eq 1 ] && [ "$full" -ge 1 ] && [ "$kb" -le $((4096 + constant)) ]
}
native 'a flood of senders: the memory holds, the one that goes over is found' sender_flood

done_testing
