#!/bin/sh
# Tests hostile input: whatever stands in the log comes out as it was, is never more than bytes, and costs no more than
# any other line. TAP. Run from the top folder.
# shellcheck disable=SC1091,SC2154,SC2317,SC2016 # tap.sh sets and calls these; it evaluates the claims
. tests/tap.sh
${CC:-cc} -std=c11 -D_GNU_SOURCE -Isrc -O1 -o "$tmp/collide" tests/hostile/collide.c src/base/hash.c || exit 111

# Runs with the arguments on the file log: alerts, and out, which must be the log.
run() {
  timeout -s KILL 120 "$ratetap" -a 3 "$@" <log 3>alerts >out && cmp log out
}

label=@400000006a000000
# A stamped line that announces message $1 from $2 with all other numbers the same.
info() { printf '%s00000000 info msg %s: bytes 5 from <%s> qp 9 uid 7\n' "$label" "$1" "$2"; }

# The over lines of 0/1s for the senders, as they must be shown; $1: the number of the message, $2: sender, $3: its key
over() { printf '%s00000000 over 0/1s/msg/sender %s count=1 within=0 msg=%s qp=9 uid=7 from=%s\n' "$label" "$3" "$1" "$2"; }

# Sender $1 is shown as $2, its key as $3.
shown() {
  info 1 "$1" >log
  over 1 "$2" "$3" >expected
  run 0/1s && same_alerts
}

not_counted() {
  : >expected
  run 0/1s && same_alerts
}

same_alerts() {
  cmp expected alerts && return
  cat alerts
  return 1
}

visible() { ! tr -d '\n -~' <alerts | grep -q .; }

# Bytes that no terminal and no shell should meet.
every_byte() {
  for i in $(seq 0 255); do printf '%b' "info msg 1: bytes 5 from <a\\0$(printf %o "$i")z@x> qp $i uid 7\\n"; done >log
  run -r 300 0/1s 0/1s/line/from && visible && [ "$(grep -c ' over 0/1s/msg' alerts)" -ge 200 ]
}

# 100 MB of one line between two pipes, then an event on the next line.
one_line_of_100_mb() {
  mkfifo in
  { head -c 100000000 /dev/zero | tr '\0' a; echo; info 1 ann@x; } >in &
  "$ratetap" -a 3 0/1s <in 3>alerts | cksum >sum &
  wait
  { head -c 100000000 /dev/zero | tr '\0' a; echo; info 1 ann@x; } | cksum | cmp - sum && over 1 ann@x ann@x | cmp - alerts
}

# From a file; the program's memory is a few megabytes however long the line.
little_memory() {
  a 100000000 >log
  exec 5<log
  "$ratetap" -a 3 0/1s <&5 3>alerts >out &
  note_pid $!
  most=0
  while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$!/status" 2>/dev/null) && [ -n "$now" ]; do
    most=$now
    sleep 0.01
  done
  wait $! && echo "# $most kB" && cmp log out && { [ -n "${SAN:-}" ] || [ "$most" -lt 30000 ]; }
}

a_million_empty_lines() {
  yes '' | head -n 1000000 >log
  run -r 1 0/1s && grep -q ' stat lines=1000000 events=0 ' alerts
}

# A stamp is the time $2, a label's digits, or none at all if that is empty: then the line counts at the one before.
stamped() {
  { info 1 first@x; echo "$1 info msg 2: bytes 5 from <ann@x> qp 9 uid 7"; } >log
  run 0/400d && sed -n 's/ over .*ann@x.*//p' alerts >got && [ "$(cat got)" = "@${2:-${label#@}00000000}" ]
}

first_stamp() {
  echo "$1 info msg 2: bytes 5 from <ann@x> qp 9 uid 7" >log
  run 0/400d && [ "$(sed 's/ .*//' alerts)" = "@$2" ]
}

a() { head -c "$1" /dev/zero | tr '\0' a; }

long_sender_is_cut() {
  long=$(a 1003)
  shown "$long" "$(a 900)" "$(a 900)" && [ "$(awk '{ print length }' alerts)" -lt 4096 ]
}

long_senders_differ_at_their_end() {
  { info 1 "$(a 1003)b"; info 2 "$(a 1003)c"; info 3 "$(a 1003)b"; } >log
  run -r 9 1/1s && grep -q 'keys=2 .*max=2' alerts
}

sender_of_100000_bytes() {
  { info 1 "$(a 100000)"; info 2 ann@x; } >log
  over 2 ann@x ann@x >expected
  run 0/1s && cmp expected alerts
}

# A line of more than 65,536 bytes is examined so far and no further: its whole beginning makes no event.
info_across_the_limit() {
  { info 1 "$(a 65472)"; info 2 "$(a 65473)"; info 3 "$(a 65600)"; } >log
  run -r 0 0/1s && grep -q ' stat lines=3 events=1 ' alerts
}

# User and system time in hundredths of a second that the command takes, as getconf CLK_TCK has it.
cpu() {
  sh -c '"$@" >/dev/null; times' sh "$@" | awk -F '[ms ]' 'END { print int(($1 * 60 + $2 + $4 * 60 + $5) * 100) }'
}

collisions_cost_nothing() {
  for kind in plain collide; do
    "$tmp/collide" 100000 "$kind" >senders && awk -v label="$label" \
      '{ print label "00000000 info msg " NR ": bytes 5 from <" $0 "> qp 9 uid 7" }' senders >"$kind"
  done
  for try in 1 2 3; do
    plain=$(cpu sh -c '"$1" -a 3 1/1h <plain 3>&1' sh "$ratetap")
    collide=$(cpu sh -c '"$1" -a 3 1/1h <collide 3>&1' sh "$ratetap")
    echo "# try $try: $plain and $collide hundredths of a second"
    [ "$collide" -gt $((3 * plain + 10)) ] || return 0
  done
  return 1
}

# What these would do to a matcher that tries every way to split the address.
stars_are_not_exponential() {
  for i in $(seq 200); do info "$i" "$(a 900)@x"; done >log
  stars=$(printf '*a%.0s' $(seq 300))
  timeout -s KILL 20 "$ratetap" -a 3 -- '-*a*a*a*a*b' "-${stars}b" "+${stars}c" 0/1s <log 3>alerts >out && cmp log out &&
    [ "$(grep -c ' over ' alerts)" = 1 ]
}

ten_thousand_patterns() {
  seq 10000 | sed 's/.*/-*user&@*/' >rules
  echo 0/1s >>rules
  for i in $(seq 300); do info "$i" "u$i@x"; done >log
  timeout -s KILL 60 "$ratetap" -a 3 -f rules <log 3>alerts >out && [ "$(grep -c over alerts)" = 300 ]
}

absurd_rules() {
  for i in 1 2 3; do info "$i" ann@x; done >log
  run -r 0 18446744073709551615:0/400d/byte/all 18446744073709551615/1s 0/1s/line/"$(a 200)" 0/400d 9223372036854775808/1/byte/uid || return 1
  [ "$(grep -c over alerts)" -ge 1 ] && ! grep -q '18446744073709551615 .* over ' alerts
}

many_rules() {
  yes 1000000/1h/fail | head -n 1000 >rules
  info 1 ann@x >log
  run -f rules 0/1s && return 1
  sed -i 1d rules
  run -f rules 0/1s && [ "$(grep -c over alerts)" = 1 ]
}

weights_stop_at_2_64() {
  for i in 1 2 3; do info $i ann@x | sed 's/bytes 5/bytes 18446744073709551615/'; done >log
  run 1/1s/byte && grep -q 'over .* count=18446744073709551615 ' alerts
}

nothing_is_run() {
  info 1 '$(touch${IFS}started)@x' >log
  info 2 '`touch${IFS}started`@x' >>log
  run 0/1s && [ ! -e started ] && [ "$(grep -c started alerts)" = 2 ]
}

it 'every byte passes, NUL and 8-bit ones too, and alerts are visible' every_byte
it 'a random log passes' 'head -c 3000000 /dev/urandom >log; run -r 5 0/1s 0/1s/line/a && visible'
it '100 MB without a newline pass, and the next line counts' one_line_of_100_mb
it '100 MB without a newline from a file pass' little_memory
it 'a million empty lines are lines, and no events' a_million_empty_lines
it 'a % is shown as %25' 'shown %n%s%p@x %25n%25s%25p@x %25n%25s%25p@x'
it 'the sender $(reboot)@x is a text' "shown '\$(reboot)@x' '\$(reboot)@x' '\$(reboot)@x'"
it 'the sender ;rm-rf is a text' "shown ';rm-rf/*&@x' ';rm-rf/*&@x' ';rm-rf/*&@x'"
it 'quotes and backquotes are texts' "shown '\"it\`s\`'\\''@x' '\"it\`s\`'\\''@x' '\"it\`s\`'\\''@x'"
it 'a backslash is a text' "shown 'a\\n\\@x' 'a\\n\\@x' 'a\\n\\@x'"
it 'nothing in a sender is run' nothing_is_run
it 'terminal escapes are shown as %1B' 'esc=$(printf "\033")[2Jx; shown "$esc" %1B[2Jx %1B[2jx'
it 'a carriage return is shown as %0D' 'cr=$(printf "a\rb"); shown "$cr" a%0Db a%0Db'
it 'UTF-8 is shown byte by byte' 'shown "$(printf "\303\244")@x" %C3%A4@x %C3%A4@x'
it 'a > and a < inside a sender belong to it' "shown 'a>b<c@x' 'a>b<c@x' 'a>b<c@x'"
it 'from < nested: the sender is all between the first < and the last >' "shown '<from<b@x>>' '<from<b@x>>' '<from<b@x>>'"
it 'a sender with a blank is a wreck' "info 1 'a b@x' >log; not_counted"
it 'a wreck that holds a whole line is a wreck' "info 1 'a@x> qp 3 uid 4' >log; not_counted"
it 'a line cut anywhere is no event' \
  "info 1 ann@x >whole; for n in \$(seq 27 65); do head -c \$n whole; echo; done >log; not_counted"
it 'a message number of 40 digits is none' "info 1234567890123456789012345678901234567890 a@x >log; not_counted"
it 'a message number of 2^64 is none' "info 18446744073709551616 a@x >log; not_counted"
it 'a message number of 2^64-1 is one' "info 18446744073709551615 a@x >log; run 0/1s && grep -q msg=18446744073709551615 alerts"
it 'a number with a sign is none' "{ info -1 a@x; info +1 a@x; } >log; not_counted"
it 'a number with 40 digits, all but one of them 0, is a number' \
  'info 0000000000000000000000000000000000000001 a@x >log; run 0/1s && over 1 a@x a@x | cmp - alerts'
it 'a year 1969 before the clock begins a new timeline' \
  '{ info 1 a@x; echo "1969-12-31 23:59:59 end msg 1"; } >log; run 5/1s && grep -q "note timeline back=" alerts'
it 'a first stamp of 1969 is a time' 'first_stamp "1969-12-31 23:59:58" 400000000000000800000000'
it 'a first stamp of 1970 is a time' 'first_stamp "1970-01-01 00:00:00" 400000000000000a00000000'
it 'a first stamp of 2038 is a time' 'first_stamp "2038-01-19 03:14:08" 400000008000000a00000000'
it 'a first stamp of 2106 is a time' 'first_stamp "2106-02-07_06:28:16.0" 400000010000000a00000000'
it 'a first stamp of 2260 is a time' 'first_stamp "2260-12-31T23:59:59.99999" 40000002235b25093b9aa2f0'
it 'a later stamp of 2106 is no time' 'stamped "2106-02-07_06:28:16.0" ""'
it 'a later stamp of 2038 is no time' 'stamped "2038-01-19 03:14:08" ""'
it 'a stamp of the year 9999 is no time, and its line is read' 'stamped "9999-12-31 23:59:59.999999999" ""'
it 'a TAI64N label with the top bit set is no time' 'stamped @c00000006a0000ff00000000 ""'
it 'the greatest TAI64N label is no time' 'stamped @ffffffffffffffff3b9ac9ff ""'
it 'a TAI64N label of the beginning of the world is no time' 'stamped @000000000000000000000000 ""'
it 'seconds of 2^63 are no time' 'stamped 9223372036854775808.123456 ""'
it 'a year 0 does no harm' 'echo "0000-01-01 00:00:00 info msg 2: bytes 5 from <ann@x> qp 9 uid 7" >log; run 5/1s'
it 'seconds of 40 digits do no harm' 'echo "1234567890123456789012345678901234567890.123456 x" >log; run 5/1s'
it 'a sender of 1,003 bytes is counted, and cut where it is shown' long_sender_is_cut
it 'senders of 1,003 bytes that differ at the end are different' long_senders_differ_at_their_end
it 'a sender of 100,000 bytes is no event, and the next line counts' sender_of_100000_bytes
it 'what lies across 65,536 bytes is no event' info_across_the_limit
it '100,000 senders that would collide without a key cost as much as others' collisions_cost_nothing
it 'a pattern of many stars is not exponential' stars_are_not_exponential
it 'ten thousand patterns with wildcards are applied' ten_thousand_patterns
it 'absurd limits and periods are as good as others' absurd_rules
it '1,000 rules work, one more is refused' many_rules
it 'sums stop at 2^64-1' weights_stop_at_2_64
done_testing
