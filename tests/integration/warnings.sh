#!/bin/sh
# What is wrong with a log is said on standard error, once: lines without a time, deliveries of messages that were never
# announced. And what is not wrong is not warned of.

# shellcheck disable=SC2016,SC2034,SC2317 # the claims use what is set here
# shellcheck source=tests/tap.sh
. tests/tap.sh

info() { echo "info msg $1: bytes 9 from <${2-ann@example.org}> qp $1 uid 89"; }
# deliveries FROM TO: started, of messages that nothing has announced
deliveries() { seq "$1" "$2" | sed 's/.*/starting delivery &: msg 9& to remote r&@example.net/'; }
# warns COUNT WORDS RULE... <LOG: so many warnings, each with these words
warns() {
  count=$1 words=$2
  shift 2
  "$ratetap" -a 3 "$@" 3>alerts 2>err >out && [ "$(wc -l <err)" -eq "$count" ] && [ "$(grep -c "^ratetap: warning: .*$words" err)" -eq "$count" ]
}

# ---- a time that is not known
no_time='no time is known of this line'
it 'PHP, two mails a day apart: no alert, no warning' '
  for day in 01 02; do echo "[$day-Sep-2026 10:00:00 UTC] mail() on [/a.php:1]: To: x"; done >log && warns 0 "" "1/1h/line/mail() on [{}:" <log && [ ! -s alerts ]'
it 'a file without stamps: one warning, with the first line that counts' '
  { echo banner; info 1; info 2; } >log && warns 1 "$no_time.*: info msg 1: bytes 9 from <ann@example.org> qp 1 uid 89$" 1/1h <log'
it 'likewise for a line rule' '{ echo "login ann"; echo "login bob"; } >log && warns 1 "$no_time.*: login ann$" "1/1h/line/login " <log'
it 'with at most 80 bytes of it, all visible' '
  printf "login \001%0200d\n" 0 >log && warns 1 "$no_time" "1/1h/line/login " <log && [ "$(sed "s/.*wrong: //" err | wc -c)" = 81 ] && ! LC_ALL=C tr -d "\n -~" <err | grep .'
it 'a stamp that is not read, of every line' '{ echo "1st of May, login ann"; } >log && warns 1 "$no_time" "1/1h/line/login " <log'
it 'a pipe cannot be told from a live log' 'info 1 | warns 0 "" 1/1h'
it 'a line that counts for no rule needs no time' '{ info 1 ""; echo "end msg 1"; echo "login ann"; } >log && warns 0 "" 1/1h <log'
it 'one damaged line in a file with stamps counts at the newest one' '
  { echo "@400000006a00000000000000 $(info 1)"; info 2; } >log && warns 0 "" 1/1h <log && grep -q "^@400000006a00000000000000 over .* count=2 within=0 " alerts'
it 'a file that has one stamp at its end: what came before counted as of now' '
  { info 1; echo "@400000006a00000000000000 $(info 2)"; } >log && warns 1 "$no_time" 1/1h <log && [ ! -s alerts ]'

# ---- messages that are not known
unknown='100 deliveries in a row were of messages without an info msg line'
it '100 deliveries of unknown messages in a row: a warning, with the hundredth' '
  deliveries 1 100 | warns 1 "$unknown.*: starting delivery 100: msg 9100 to remote r100@example.net$" 100/1h/remote/all && [ ! -s alerts ]'
it '99: none' 'deliveries 1 99 | warns 0 "" 100/1h/remote/all'
it 'a known one starts the count anew' '
  { info 1; deliveries 1 99; echo "starting delivery 200: msg 1 to remote x@y"; deliveries 300 398; } | warns 0 "" 100/1h/remote/all'
it 'other lines between them do not' '{ deliveries 1 60; info 1; echo banner; echo "end msg 1"; deliveries 61 100; } | warns 1 "$unknown" 100/1h/remote/all'
it 'no rule that needs deliveries: none' 'deliveries 1 200 | warns 0 "" 100/1h 1/1h/line/x='
it 'a rule on failures needs them' 'deliveries 1 100 | warns 1 "$unknown" 25/1h/fail'
it 'a thousand within an hour: one' 'deliveries 1 1000 | warns 1 "$unknown" 100/1h/remote/all'
it 'those of -w do not count' '
  mkdir main && deliveries 1 99 | sed "s/^/@400000006a00000000000000 /" >main/current && deliveries 100 198 | warns 0 "" -w main 100/1h/remote/all'
it 'a log daemon that drops info lines: told, though nothing is over' '
  { info 1; for i in 1 2 3; do echo "starting delivery $i: msg 1 to remote r$i@example.net"; done; deliveries 10 509; } | warns 1 "$unknown" 100/1h/remote/all && [ ! -s alerts ]'

# ---- standard error that takes a part
# A file at its limit has the beginning of a warning. The next one, when the limit is gone, does not go on in that line.
torn() {
  mkfifo in && exec 5<>in && echo 10/1h >rules
  sh -c 'echo $$ >pid; exec prlimit --fsize=20:unlimited "$ratetap" -a 3 -f rules' <in 3>/dev/null 2>err 5>&- | cat >out &
  note_pid $!
  echo banner >&5 && within 10 '[ -s out ]' && rt=$(cat pid) && note_pid "$rt" && echo bad >rules
  kill -HUP "$rt" && within 10 '[ "$(wc -c <err)" = 20 ]' && prlimit --pid "$rt" --fsize=unlimited && kill -HUP "$rt" &&
    within 10 'grep -q "^ratetap: warning: .*bad" err' && [ "$(head -n 1 err)" = 'ratetap: warning: ru' ]
}
# A pipe that nobody reads, and then somebody does.
dropped() {
  mkfifo in said && exec 5<>in 6<>said && echo 10/1h >rules
  "$ratetap" -a 3 -f rules <in 3>alerts 2>said >out 5>&- 6>&- &
  rt=$! && note_pid "$rt"
  echo banner >&5 && within 10 '[ -s out ]' && "$tools/fdtool" fill 6 && echo first >rules && kill -HUP "$rt" &&
    within 10 'grep -q reload-failed alerts' && drain said >/dev/null && echo second >rules && kill -HUP "$rt" &&
    next=$(timeout 10 head -n 1 <&6) && echo "$next" | grep '^ratetap: warning: .*second' && ! echo "$next" | grep first && [ "$(unread 6)" = 0 ]
}
it 'a warning after one that was not taken is told alone' dropped
if command -v prlimit >/dev/null; then it 'a warning after one that was cut short has a line of its own' torn; fi

done_testing
