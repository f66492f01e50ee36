#!/bin/sh
# Live: alerts at once, ends that need no further line, the machine's clock set while it runs, keys that went idle.

# shellcheck disable=SC2016,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

# The clock of ratetap's labels, in nanoseconds: label @4000000065a1b2c310000000, date of the machine.
label_ns() { echo $((0x$(echo "$1" | cut -c 10-17) * 1000000000 + 0x$(echo "$1" | cut -c 18-25))); }
date_ns() { echo $(($(date +%s%N) + 10 * 1000000000)); } # multilog's labels are 10 s ahead

# field NAME FILE: of the only alert in FILE
field() { sed -n "s/.* $1=\\([^ ]*\\).*/\\1/p" "$2"; }

# between LOW VALUE HIGH
between() {
  [ "$1" -le "$2" ] && [ "$2" -le "$3" ] && return
  echo "# $2 does not lie between $1 and $3"
  return 1
}

info() { printf 'info msg %d: bytes 900 from <%s> qp %d uid 89\n' "$1" "$2" "$1"; }

# start ARGUMENT...: ratetap between two FIFOs, 5 into it and 6 out of it, after the filter $before if there is one.
before='' slack=0
start() {
  mkfifo in out
  exec 5<>in 6<>out
  : >alerts
  if [ -n "$before" ]; then
    mkfifo stamped
    $before <in >stamped 5>&- 6>&- &
    note_pid $!
    "$ratetap" -a 3 "$@" <stamped >out 3>alerts 2>err 5>&- 6>&- &
  else
    "$ratetap" -a 3 "$@" <in >out 3>alerts 2>err 5>&- 6>&- &
  fi
  rt=$!
  note_pid "$rt"
}
# say COMMAND...: one line into it, and it has come out again, as $came.
say() {
  "$@" >&5
  came=$(timeout 10 sh -c 'IFS= read -r line; echo "$line"' <&6)
}

at_once() {
  start 10/1h
  for i in 1 2 3 4 5 6 7 8 9 10; do say info $i thief@example.org; done
  [ ! -s alerts ] || return 1
  say info 11 thief@example.org
  within 2 '[ -s alerts ]' && [ "$(wc -l <alerts)" -eq 1 ] &&
    grep -qx '@[0-9a-f]\{24\} over 10/1h/msg/sender thief@example.org count=11 within=[0-9] msg=11 qp=11 uid=89 from=thief@example.org' alerts
}

# seen RULE: its under line in the file under, and the time at which it was seen in $now.
seen() {
  within 8 "grep '^@[0-9a-f]* under $1 ' alerts >under" && now=$(date_ns)
}
second=1000000000

# Eleven messages. The episode of the sender ends when the first of them leaves, that of '*', which must go down to 0,
# with the last. Labels of unstamped lines follow the machine's clock, so they may differ by a little.
episodes() {
  start 10/2s 10:0/3s/msg/all
  early=$(date_ns)
  say info 1 thief@example.org
  first=${came%% *}
  late=$(date_ns)
  for i in 2 3 4 5 6 7 8 9 10 11; do say info $i thief@example.org; done
  last=${came%% *}
  within 2 '[ "$(grep -c over alerts)" -eq 2 ]' || return 1
  since=$(sed -n 's/ over .* \* .*//p' alerts)
  grep -q under alerts && return 1

  seen 10/2s/msg/sender || return 1
  at=$(cut -d ' ' -f 1 under)
  between "$(label_ns "$at")" "$now" $(($(label_ns "$at") + second)) || return 1
  if [ "$1" = stamped ]; then
    [ "$since" = "$last" ] && [ "$(label_ns "$at")" -eq $(($(label_ns "$first") + 2 * second)) ] || return 1
  else
    between $((early + 2 * second)) "$(label_ns "$at")" $((late + 2 * second)) || return 1
  fi
  [ "$(field count under)" = 10 ] && [ "$(field peak under)" = 11 ] && [ "$(field total under)" = 11 ] &&
    [ "$(field since under)" = "$since" ] && between 1 "$(field lasted under)" 2 || return 1

  seen '10:0/3s/msg/all' || return 1
  at=$(cut -d ' ' -f 1 under)
  between "$(label_ns "$at")" "$now" $(($(label_ns "$at") + second)) &&
    between $((-slack)) $(($(label_ns "$at") - $(label_ns "$since") - 3 * second)) "$slack" &&
    [ "$(field count under)" = 0 ] && [ "$(field peak under)" = 11 ] && [ "$(field total under)" = 11 ] &&
    [ "$(field since under)" = "$since" ] && [ "$(field lasted under)" = 3 ] && [ "$(wc -l <alerts)" -eq 4 ]
}

it 'the eleventh message raises the alert before another line is sent' at_once
it 'an episode ends by itself, at the nanosecond: without stamps' 'slack=10000000; episodes unstamped'
if command -v tai64n >/dev/null; then
  it 'an episode ends by itself, at the nanosecond: with the stamps of tai64n' 'before=tai64n slack=0; episodes stamped'
else
  skip 'an episode ends by itself, at the nanosecond: with the stamps of tai64n' 'tai64n is not installed'
fi

# 100,000 senders once each, then one that goes over and must go down to 0: then all the others are idle, too.
crowd() {
  awk -v from="$1" 'BEGIN {
    for (i = 0; i < 100000; i++)
      printf "info msg 7: bytes 900 from <somebody-%d@example.org> qp %d uid 89\nend msg 7\n", from + i, i
    for (i = 0; i < 11; i++)
      printf "info msg 8: bytes 900 from <marker-%d@example.org> qp %d uid 89\nend msg 8\n", from, i
  }' </dev/null >&5
  within 20 "grep -q ' over .* marker-$1@' alerts"
}
resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$rt/status"; }
idle_keys() {
  mkfifo in
  exec 5<>in
  : >alerts
  "$ratetap" -a 3 10:0/5s <in >/dev/null 3>alerts 2>err 5>&- &
  rt=$!
  note_pid "$rt"
  say_nothing=$(resident)
  crowd 1 || return 1
  one=$(resident)
  within 20 'grep -q " under .* marker-1@" alerts' || return 1
  crowd 1000000 || return 1
  two=$(resident)
  echo "# resident: empty $say_nothing kB, 100,000 senders $one kB, another 100,000 after the period $two kB"
  [ "$((one - say_nothing))" -gt 3000 ] && [ "$((two - say_nothing))" -lt $(((one - say_nothing) * 5 / 4)) ]
}
native 'the memory of idle keys is used again' idle_keys

# shift.so adds the seconds in the file $SHIFT to the machine's clock.
# set_clock SECONDS: so much ahead of the true time
set_clock() {
  echo "$1" >shift.new
  mv shift.new shift
}
clocked() {
  set_clock 0
  SHIFT=$PWD/shift LD_PRELOAD=$tools/shift.so
  export SHIFT LD_PRELOAD
  start "$@"
  unset SHIFT LD_PRELOAD
}

# clock_is_set SECONDS: between the tenth and the eleventh message, and back while the episode lasts.
clock_is_set() {
  clocked 10:0/2s
  for i in 1 2 3 4 5 6 7 8 9 10; do say info $i thief@example.org; done
  set_clock "$1"
  low=$(date_ns)
  say info 11 thief@example.org
  within 2 'grep -q " over .* count=11 " alerts' || return 1
  high=$(date_ns)
  since=$(cut -d ' ' -f 1 alerts)
  between $((low + $1 * second)) "$(label_ns "$since")" $((high + $1 * second)) || return 1
  set_clock "$((2 * $1))"
  say printf 'status: local 0/10 remote 0/20\n'
  [ "$(wc -l <alerts)" -eq 1 ] || return 1
  seen '10:0/2s/msg/sender' || return 1
  at=$(cut -d ' ' -f 1 under)
  between $((low + 2 * second)) "$now" $((high + 3 * second)) &&
    between $((low + (2 * $1 + 2) * second)) "$(label_ns "$at")" $((high + (2 * $1 + 2) * second)) &&
    [ "$(field since under)" = "$since" ] && [ "$(field lasted under)" = 2 ]
}
preloaded 'the clock set forward by a day neither hides nor ends an episode; labels show it' 'clock_is_set 86400'
preloaded 'the clock set back by a day neither hides nor prolongs an episode; labels show it' 'clock_is_set -86400'

# The first stamp: what the unstamped lines counted is gone, and who was over is under; their messages are known.
stamp=@400000006b0439c21ff7efe4
stamped() { echo "$stamp $(info "$1" "$2")"; }
first_stamp() {
  {
    for i in 1 2 3; do info $i thief@example.org; done
    for i in 4 5; do info $i slow@example.org; done
    for i in 6 7 8; do stamped $i slow@example.org; done
    echo "$stamp starting delivery 1: msg 1 to remote a@example.net"
  } | "$ratetap" -a 3 2/1h 0/1h/remote 3>alerts >/dev/null
  cut -d ' ' -f 2-5 alerts >short
  cat >want <<END
over 2/1h/msg/sender thief@example.org count=3
under 2/1h/msg/sender thief@example.org count=0
over 2/1h/msg/sender slow@example.org count=3
over 0/1h/remote/sender thief@example.org count=1
END
  cmp want short && [ "$(grep -c "^$stamp " alerts)" -eq 2 ]
}
it 'the first stamp ends the episodes of what was counted without one and drops the rest; messages stay' first_stamp

done_testing
