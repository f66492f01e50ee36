#!/bin/sh
# Tests what is before the text, through the whole program: headers without a host or a year, the hour that
# comes twice, and what is told when nothing is known. TAP. Run from the top folder.
# shellcheck disable=SC2016,SC2154,SC2317 # tap.sh sets and calls these
# shellcheck source=tests/tap.sh
. tests/tap.sh

info='info msg 1: bytes 9 from <ann@example.org> qp 1 uid 89'
# at SECONDS NANOSECONDS: the label of that time.
at() { printf '@%016x%08x' "$((4611686018427387914 + $1))" "$2"; }

# counts PREFIX SECONDS NANOSECONDS: a line with that prefix is one event, at that time.
counts() {
  printf '%s%s\n' "$1" "$info" >log
  "$ratetap" -a 3 0/1h <log 3>alerts >out && cmp log out || return 1
  echo "$(at "$2" "$3") over 0/1h/msg/sender ann@example.org count=1 within=0 msg=1 qp=1 uid=89 from=ann@example.org" | cmp - alerts
}
it 'a header without a host'           'counts "Aug 26 11:19:05 qmail: 1661512745.100000 " 1661512745 100000000'
it 'one blank before a short day'      'counts "Sep 4 05:26:48 mx qmail: 1504517208.249400 " 1504517208 249400000'
it 'a priority before a header'        'counts "<22>Aug 26 11:19:05 mx qmail: 1661512745.100000 " 1661512745 100000000'
it 'a stamp before a header'           'counts "@4000000063088bb305f5e100 Aug 26 11:19:05 mx qmail: 1661512745.200000 " 1661512745 200000000'
it 'what docker logs -t writes'        'counts "2022-08-26T11:19:05.100000000Z " 1661512745 100000000'
it 'a header cut off by a tab is none' '! counts "Aug 26 11:19:05 qmail:	1661512745.100000 " 1661512745 100000000'

it 'a zone before a CR at the end of the line is no text' \
  'printf "2026-11-23 12:44:00 Z\r\n" | "$ratetap" -a 3 "0/1h/line/{}" 3>alerts >out && [ ! -s alerts ]'

# ---- dates without a year, in the days before now
days() {
  for ago in 3 2 1; do
    date -d "$ago days ago" "+%b %e %H:%M:%S mx1 qmail: $info" | sed "s/msg 1/msg $ago/; s/qp 1/qp $ago/"
  done >log
  "$ratetap" -a 3 -r 5 1/1h <log 3>alerts >out && "$ratetap" -a 3 2/3d <log 3>longer >out
}
it 'three messages on three days are no burst'     'days && ! grep " over " alerts && grep " top .* peak=1 .* total=3 " alerts'
it 'but three in three days'                       'days && [ "$(cut -d" " -f2-5 longer)" = "over 2/3d/msg/sender ann@example.org count=3" ]'
it 'choose-limits finds no burst in them'          'days && PATH=$top:$PATH sh "$top/examples/choose-limits" -c msg -l "1 2" log | grep -E "^ +1 +0$"'
last_year() {
  TZ=Europe/Berlin date -d '2 days' "+%b %e %H:%M:%S mx1 qmail: $info" >log
  TZ=Europe/Berlin "$ratetap" -a 3 0/1h <log 3>alerts >out
  label=$(cut -c 10-17 alerts) && ago=$(($(date +%s) - 0x$label + 10))
  echo "# $ago seconds ago" && [ "$ago" -gt $((362 * 86400)) ] && [ "$ago" -lt $((366 * 86400)) ]
}
it 'a date that is two days ahead is last year'"'"'s' last_year

# ---- the hour that comes twice: 2026-10-25, from 02:40 in summer to 02:20 in winter
autumn() {
  for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    TZ=Europe/Berlin date -d "@$((1792888800 + i * 150))" "+%Y-%m-%d %H:%M:%S $info" | sed "s/msg 1/msg $i/; s/qp 1/qp $i/"
  done >log
  TZ=Europe/Berlin "$ratetap" -a 3 10/1h <log 3>alerts >out && cat alerts
  [ "$(cut -d' ' -f-5 alerts)" = "$(at $((1792888800 + 1500)) 0) over 10/1h/msg/sender ann@example.org count=11" ]
}
it '16 messages in 40 minutes across the change are over, and no new timeline begins' autumn

# ---- what is not known
unknown() {
  { echo 'a line' && echo "FOO: $info" && echo "FOO: $info" && echo "$info" && echo "FOO: $info"; } >log
  cat log | "$ratetap" -a 3 -r 0 1/1h 3>alerts 2>err >out && cmp log out && grep ' stat lines=5 events=1 odd=3 ' alerts &&
    [ "$(cat err)" = "ratetap: warning: not understood, the beginning of an info msg line has no known form: FOO: $info" ]
}
it 'odd lines are counted, and the first is told' unknown
it 'it is told with its first 80 bytes, all of them visible' \
  'printf "@4000\\000\\033%s%080d\\n" "$info" 0 | "$ratetap" -a 3 1/1h 3>alerts 2>err >out; grep "^ratetap: warning: [^@]*: @4000__info msg 1: [^0-9]*9 from <ann@example.org> qp 1 uid 890*$" err && [ "$(sed "s/.*form: //" err | wc -c)" -eq 81 ]'
it 'after an event nothing is told' \
  '{ echo "$info" && echo "FOO: $info"; } | "$ratetap" -a 3 1/1h 3>alerts 2>err >out && [ ! -s err ]'

# ---- a counted line of a file, without a stamp
stamped() { echo "@400000005a0000000000000a $info" | sed 's/msg 1/msg 2/; s/qp 1/qp 2/'; }
# warns FILE OPTION...: how often a run over FILE says so
warns() {
  file=$1
  shift
  "$ratetap" -a 3 "$@" 9/1h <"$file" 3>alerts 2>err >out
  grep -c "^ratetap: warning: no time is known of this line, so it counts as of now, which in an old log is wrong: $info\$" err
}
it 'the first is told once'            '{ echo "$info"; echo "$info"; stamped; } >log && [ "$(warns log)" = 1 ]'
it 'a stamp before it: nothing'        '{ stamped; echo "$info"; } >log && [ "$(warns log)" = 0 ]'
it 'in a pipe: nothing'                'echo "$info" | warns /dev/stdin | grep -x 0'
it 'after a stored log with stamps: nothing' \
  'mkdir main && stamped >main/current && echo "$info" >log && [ "$(warns log -w main)" = 0 ] && [ ! -s err ]'
it 'after a stored log without any it is told' \
  'mkdir main && : >main/current && echo "$info" >log && [ "$(warns log -w main)" = 1 ]'

# ---- brackets around an address
it '-t <> is the null sender' '[ "$("$ratetap" -t "<>" 1/1h | tail -n 1)" = "1/1h/msg/sender: no, a null sender has no sender key" ]'
it '-t <ann@example.org> is ann@example.org' \
  '"$ratetap" -t "<Ann@example.org>" -- -ann@example.org 1/1h >a && "$ratetap" -t Ann@example.org -- -ann@example.org 1/1h | cmp - a && grep "^key ann@example.org$" a'
done_testing
