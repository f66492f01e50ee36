#!/bin/sh
# Tests of what reads alerts in examples/: alert-words, push, alert-json, metrics and the format for lnav. TAP.
# Run from the top folder. It uses ./ratetap.
# shellcheck disable=SC2016,SC2317 # text that "it" evaluates, and functions that are called from it
# shellcheck source=tests/tap.sh
. tests/tap.sh
ex=$top/examples
PATH=$top:$ex:$PATH
export PATH ex

alerts() { ratetap -a 3 "$@" 3>&1 >/dev/null; }
for awk in mawk gawk busybox original-awk; do
  if command -v $awk >/dev/null; then
    mkdir -p "$tmp/awk/$awk"
    printf '#!/bin/sh\nexec %s %s "$@"\n' "$awk" "$([ $awk != busybox ] || echo awk)" >"$tmp/awk/$awk/awk"
    chmod +x "$tmp/awk/$awk/awk"
  fi
done
# same_everywhere COMMAND: gives the same with every awk that is here.
same_everywhere() {
  eval "$1" >want && [ -s want ] || return
  for dir in "$tmp"/awk/*; do
    (PATH=$dir:$PATH && eval "$1") | cmp - want || return
  done
}
# Every alert that there is, and words of strangers in them.
at=@400000006b04021400000001 since=since=@400000006b04021400000000
sample() {
  cat <<END
$at note restored lines=9 over=1
$at note start rules=9 over=1 fold=+-
$at still 100:50/1h/remote/sender ann@example.org count=60 peak=217 total=300 $since from=ann@example.org
$at over 100:50/1h/remote/sender tina@example.org count=101 within=3 msg=1 qp=2 uid=3 from=tina@example.org to=a@b.example
$at note held kind=sender key=tina@example.org rule=100:50/1h/remote/sender
$at more 100:50/1h/remote/sender tina@example.org count=201 within=3600 msg=1 qp=2 uid=3 from=tina@example.org to=a@b.example
$at over 10/30m/line/authuser= J%C3%BCrg%FF%0A%25"\\b count=11 within=1003
$at over 3/1h/line/auth:%20{}*ip:%20{} 007 count=4 within=59 word=1.2.3.4
$at over 5/1h/line/*"\\{} x count=6 within=60
$at under 100:50/1h/remote/sender tina@example.org count=50 peak=217 total=300 $since lasted=9
$at under 100:50/1h/remote/sender ann@example.org count=50 peak=217 total=300 $since lasted=9 reload=exempt
$at note lost alerts=12 over=0
$at note later what=%20
$at later 1/1h/msg/sender x count=2
rubbish
END
}
say() { printf '%s %s\n' "$at" "$*" | alert-words; }
first() { say "$@" | head -n 1; }

# ---- alert-words
it 'what was counted, how fast, and the limit, stand in the first line' '[ "$(first over 100:50/1h/remote/sender tina@example.org count=101 within=3 msg=1 qp=2 uid=3 from=a to=b)" = \
  "tina@example.org: 101 remote recipients within 3 seconds (limit 100 an hour)" ]'
it 'each COUNT has its word, for one and for many' 'for row in "msg:message:messages" "remote:remote recipient:remote recipients" "rcpt:recipient:recipients" "byte:byte:bytes" "fail:failed delivery:failed deliveries" "defer:deferred delivery:deferred deliveries" \
  "bounce:bounced message:bounced messages" "to:different remote recipient:different remote recipients" "host:different domain of recipients:different domains of recipients" "from:different sender:different senders"; do
  IFS=: read -r what one many <<END
$row
END
  [ "$(first over 0/1m/$what/sender a@b count=1 within=0)" = "a@b: 1 $one (limit 0 a minute)" ] && [ "$(first over 0/1m/$what/sender a@b count=2 within=0)" = "a@b: 2 $many within a second (limit 0 a minute)" ] || exit 1; done'
it 'each unit of time has its word' 'for row in "1s:a second" "5s:in 5 seconds" "1m:a minute" "30m:in 30 minutes" "1h:an hour" "12h:in 12 hours" "1d:a day" "7d:in 7 days"; do
  [ "$(first over 9/${row%%:*}/msg/sender a@b count=10)" = "a@b: 10 messages (limit 9 ${row#*:})" ] || exit 1; done
  for row in "1:1 second" "119:119 seconds" "3541:60 minutes" "7201:3 hours" "172801:3 days"; do first over 9/7d/msg/sender a@b count=10 within=${row%%:*} | grep " within ${row#*:} " || exit 1; done'
it 'an alert of an earlier version, without within=, is said too' '[ "$(first over 100:50/1h/remote/sender tina@example.org count=101 msg=1 qp=2 uid=3 from=a to=b)" = "tina@example.org: 101 remote recipients (limit 100 an hour)" ]'
it 'a user ID has its name, and never stands alone' '[ "$(first over 9/1h/msg/uid 0 count=10)" = "the user root (uid 0): 10 messages (limit 9 an hour)" ] && [ "$(first over 9/1h/msg/uid 3999999999 count=10)" = "the user ID 3999999999: 10 messages (limit 9 an hour)" ]'
it 'a domain is said to be one, and all senders are all' '[ "$(first over 9/1h/msg/domain example.org count=10)" = "the domain example.org: 10 messages (limit 9 an hour)" ] && [ "$(first over 9/1h/msg/all "*" count=10)" = "all senders together: 10 messages (limit 9 an hour)" ]'
it 'the word of a line rule stands in its pattern' '[ "$(first over 10/30m/line/authuser= bob count=11 within=1003)" = "the word bob: 11 lines with \"authuser=bob\" within 17 minutes (limit 10 in 30 minutes)" ] &&
  [ "$(first over 3/1h/line/auth:%20{}*ip:%20{} bob count=4 word=1.2.3.4)" = "the word bob: 4 different words in lines with \"auth: bob*ip: {}\", the newest 1.2.3.4 (limit 3 an hour)" ] && first over 3/1h/line/a/{}/b c count=4 | grep "lines with \"a/c/b\" (limit 3 an hour)"'
it '%XX is text where it is UTF-8, and stays where it is none or is not to be seen' '[ "$(first over 9/1h/line/a= J%C3%BCrg%F0%9F%98%80%25%20 count=10 | cut -d : -f 1)" = "the word \"Jürg😀% \"" ] &&
  for bad in %0A %1B%5B2J %7F %FF %C3 %C3%28 %C0%AF %ED%A0%80 %F4%90%80%80 %C2%85 %E2%80%AE %E2%80%8B %E2%81%A6 %EF%BB%BF; do first over 9/1h/line/a= x${bad}y count=10 >got && grep -F "x$(echo $bad | cut -c 1-3)" got && ! tr -d "\n -~" <got | grep . || exit 1; done'
it 'two who are over are two in the first line' '{ echo "$at over 9/1h/msg/uid 1012 count=10"; echo "$at over 9/1h/msg/uid 1013 count=10"; } | alert-words >got && head -n 1 got | grep ", and 1 more over$" && sed -n 2p got | grep "^the user ID 1013: "'
it 'more, still, under and what a reload ends are sentences' 'sample | alert-words >got && for want in "tina@example.org: already 201 remote recipients within 60 minutes (limit 100 an hour)" "ann@example.org: still over, 60 remote recipients, at most 217 (limit 100 an hour)" \
  "tina@example.org: no longer over, 50 remote recipients, at most 217 (limit 100 an hour)" "ann@example.org: exempt by the new rules" "12 alerts were lost: they came faster than they were read"; do grep -qxF "$want" got || { echo "$want"; exit 1; }; done'
it 'held, or not, as the notes say' 'sample | alert-words | grep "^sender:tina@example.org is held: " && sample | sed "s/ held kind/ released kind/" | alert-words | grep "^sender:tina@example.org is not held: " && sample | alert-words | grep "^sender:ann@example.org: whether it is held is not known here"'
it 'or as GATE has it' 'mkdir gate && : >gate/sender:ann@example.org && sample | GATE=$PWD/gate alert-words >got && grep "^sender:ann@example.org is held: " got && grep "^sender:tina@example.org is not held: " got'
it 'a GATE that is not there holds nobody, and a rules file that is not there is not written' 'sample | GATE=$PWD/gate RULES=$PWD/rules alert-words >got && grep -x "sender:tina@example.org is not held: there is no $PWD/gate, as install.md makes it\." got && ! grep -e "^  hold:" -e "^  discard:" -e "^  release:" got &&
  grep -x "  exempt:   the directive -tina@example.org before the rules: .*" got && mkdir gate && sample | GATE=$PWD/gate alert-words | grep "^  hold: "'
it 'what is queued is asked of the queue itself' 'sample | LOGDIR=/var/log/qmail alert-words | grep -x "  queued:   queue-of -q /var/qmail/queue sender:tina@example.org /var/log/qmail"'
it 'how much is queued, if LOGDIR is set' 'mkdir log && sed "s/^/$at /" >log/current <<END && sample | LOGDIR=$PWD/log alert-words | grep "^sender:tina@example.org is held: its new mail is refused. Still queued, by the log: 2.$"
info msg 1: bytes 9 from <tina@example.org> qp 1 uid 9
info msg 2: bytes 9 from <tina@example.org> qp 2 uid 9
info msg 3: bytes 9 from <tina@example.org> qp 3 uid 9
end msg 3
END'
# The commands as they stand in the text, with what they start in place of the real ones.
it 'the commands can be copied: discard, release, hold, exempt' 'mkdir gate bin && : >gate/sender:tina@example.org && echo "9/1h" >rules && printf "#!/bin/sh\necho \"\$@\" >>$PWD/killed\n" >bin/pkill && chmod +x bin/pkill && PATH=$PWD/bin:$PATH &&
  sample | GATE=$PWD/gate RULES="$PWD/rules" alert-words >got && run() { sed -n "/^sender:tina/,/^\$/s/^  $1: *//p" got >command && [ "$(wc -l <command)" = 1 ] && sh ./command; } &&
  run discard && [ -e gate/discard:sender:tina@example.org ] && run release && [ ! -e gate/sender:tina@example.org ] && run exempt && [ "$(head -n 1 rules)" = -tina@example.org ] && [ "$(ratetap -f rules -t tina@example.org | grep -c ": no")" = 1 ] &&
  printf "%s\n" "-ALRM -x qmail-send" "-ALRM -x qmail-send" "-HUP -x ratetap" | cmp - killed && sample | GATE=$PWD/gate alert-words >got && run hold && [ -e gate/sender:tina@example.org ]'
it 'a hostile key is only text in them, whatever it is' 'mkdir bin && printf "#!/bin/sh\n: >$PWD/owned\n" >bin/reboot && printf "#!/bin/sh\n" >bin/pkill && chmod +x bin/* && PATH=$PWD/bin:$PATH && : >rules && mkdir none && for key in "\$(reboot)@x.example" "\`reboot\`" ";reboot;" "\";reboot;\"" "'"'"';reboot;'"'"'" "a&reboot&" "*?[a]" "??/?" "[a]b/c" "-rf" "../../etc/passwd" "a|reboot" "x\\\\y"; do
  printf "%s over 9/1h/msg/sender %s count=10\n" "$at" "$key" | GATE=$PWD/none RULES=rules alert-words >got && sed -n "s/^  exempt: *//p" got >command && sh ./command && ratetap -e -f rules -t "$key" 1/1h | grep ": no" && ratetap -e -f rules -t "ab/c" 1/1h | grep ": yes" && sed -n "s/^  hold: *touch //p" got | grep -x "$PWD/none/sender:[a-z0-9@._+=%A-F-]*" || { echo "$key"; exit 1; }; done; [ ! -e owned ]'
it 'every awk says the same' 'same_everywhere "sample | alert-words"'

# ---- push
letter() { printf 'Subject: =?UTF-8?Q?J=C3=BCrg?=\nTo: root\n\nJürg: 9 messages\n\n$(touch owned) `touch owned` %%s \\n\n'; }
it 'push hands the text to the command, and the first line as its title' 'letter | PUSH="cat; echo \"[\$TITLE]\"" push -i -f "" root >got && { letter | sed "1,/^\$/d"; echo "[Jürg: 9 messages]"; } | cmp - got && [ ! -e owned ]'
it 'push fails as the command does, so that alert-mail tries again' 'letter | PUSH="exit 7" push; [ $? = 7 ] && letter | PUSH= push; [ $? = 100 ]'
it 'push takes the mail of alert-mail' 'mkdir state && alerts 100:50/1h/remote <$ex/breach.log | SENDMAIL=push PUSH="cat >got; printf %s \"\$TITLE\" >title" alert-mail - state root && grep -q "^tina@example.org: 101 remote recipients .*(limit 100 an hour)$" title && tail -n 1 got | grep "^What to do about an alert: "'

# ---- alert-json
if command -v jq >/dev/null; then
  it 'every object is JSON, with numbers as numbers' '[ "$(sample | alert-json | jq -s length)" = 13 ] && sample | alert-json | jq -s -e ".[3] | .alert == \"over\" and .key == \"tina@example.org\" and .time == \"2026-11-23T09:06:18.000000001Z\" and .rule == \"100:50/1h/remote/sender\" and .count == 101 and .within == 3 and .msg == 1 and .qp == 2 and .uid == 3 and .to == \"a@b.example\""'
  it 'a key of digits stays a string, and so does a word' 'sample | alert-json | jq -s -e ".[7] | .key == \"007\" and .word == \"1.2.3.4\" and .rule == \"3/1h/line/auth: {}*ip: {}\""'
  it 'a user ID that is held is a string too' 'echo "$at note held kind=uid key=1012 rule=1/1h/msg/uid" | alert-json | jq -e ".key == \"1012\""'
  it '%XX is undone; what is no UTF-8 stays %XX; quotes and backslashes are themselves' 'sample | alert-json | jq -r "select(.rule == \"10/30m/line/authuser=\").key" >got && printf "Jürg%%FF\n%%\"\\\\b\n" | cmp - got'
  it 'every byte, and every length of UTF-8, is as another decoder has it' 'for text in %00 %01 %09 %20 %22 %5C %7F %C2%80 %DF%BF %E0%A0%80 %EF%BF%BF %F0%90%80%80 %F4%8F%BF%BF; do
    echo "$at over 1/1h/line/a $text count=2"; done >in && alert-json <in | jq -r ".key | @uri" | sed "s/%7F/\x7f/" >got && sed "s/.* \(%[^ ]*\) .*/\1/; s/%7F/\x7f/" in | cmp - got'
  it 'and what is none is kept: overlong, surrogates, beyond the last, cut, alone' 'for text in %C0%AF %C1%81 %E0%80%80 %ED%A0%80 %F0%80%80%80 %F4%90%80%80 %F5%80%80%80 %80 %C3 %E2%82 %F0%9F%98 %FE %G1 % %4; do
    echo "$at over 1/1h/line/a $text count=2"; done >in && alert-json <in | jq -r .key >got && cut -d " " -f 4 in | cmp - got'
  it 'notes have their word, and times are times' 'sample | alert-json | jq -e -s "[.[] | select(.alert == \"note\").note] == [\"restored\", \"start\", \"held\", \"lost\", \"later\"] and (.[] | select(.alert == \"still\").since == \"2026-11-23T09:06:18.000000000Z\")"'
  it 'reports too' 'alerts -r 3 100:50/1h/remote <$ex/breach.log | alert-json | jq -e -s "([.[] | select(.alert == \"top\")] | length) == 3 and (.[] | select(.alert == \"stat\").lines == 2090) and (.[] | select(.alert == \"peaks\")[\"p99.9\"] == 217)"'
else
  skip 'every object is JSON, with numbers as numbers' 'no jq'
fi
it 'times are those that tai64nlocal shows' 'awk "BEGIN { for (i = 0; i < 3000; i++) printf \"@40000000%04x%04x%08x note x\n\", (i * 7919) % 65536, (i * 104729) % 65536 + 0, i }" | sed "s/^@400000000000/@400000000001/" >in && alert-json <in | sed "s/.*time\":\"\([^\"]*\)Z.*/\1/; s/T/ /" >got && tai64nlocal <in | sed "s/ note x//" | cmp - got'
at_once() {
  mkfifo in && exec 5<>in || return
  for dir in "$tmp"/awk/*; do
    (PATH=$dir:$PATH && exec "$@" <in >"$tmp/first" 5<&-) &
    note_pid $!
    sample | head -n 1 >&5
    within 20 'grep -qs -e restored -e "note\"} 1" "$tmp/first" got.prom' || return
    kill $! && rm -f "$tmp/first" got.prom
    wait $! || :
  done
}
it 'each alert comes at once, not when a buffer is full' 'at_once alert-json'
it 'metrics: so does a file' 'at_once metrics got.prom'
it 'every awk writes the same JSON' 'same_everywhere "sample | alert-json"'

# ---- metrics
measured() { sample; alerts -r 5 100:50/1h/remote '5/1h/line/a"b\c={}' <"$ex/breach.log"; }
it 'metrics: the names and values, and no other' 'measured | metrics got.prom && grep -v "^#" got.prom | sed "s/[{ ].*//" | uniq >names && printf "ratetap_%s\n" lines_total events_total odd_lines_total late_events_total alerts_total alerts_lost_total keys_over messages memory_bytes rule_peak report_timestamp_seconds | cmp - names &&
  grep -qx "ratetap_lines_total 2090" got.prom && grep -qx "ratetap_rule_peak{rule=\"100:50/1h/remote/sender\",percentile=\"99.9\"} 217" got.prom && grep -qx "ratetap_alerts_total{word=\"over\"} 5" got.prom && grep -qx "ratetap_report_timestamp_seconds 1795435242" got.prom && [ "$(ls)" = "$(printf "%s\n" got.prom names)" ]'
it 'metrics: no sender is in it' 'measured | metrics got.prom && ! grep -e tina -e ann@ -e rg%FF got.prom'
it 'metrics: a counter is there before the first alert' 'metrics got.prom </dev/null && grep -qx "ratetap_alerts_total{word=\"over\"} 0" got.prom'
it 'metrics: who is over follows the alerts' '{ echo "$at note start rules=1 over=3"; echo "$at over 1/1h/msg/sender a count=2"; } | metrics got.prom && grep -qx "ratetap_keys_over 4" got.prom && { echo "$at note start rules=1 over=3"; echo "$at under 1/1h/msg/sender a count=0"; } | metrics got.prom && grep -qx "ratetap_keys_over 2" got.prom'
it 'metrics: a file that cannot be written is a warning' 'mkdir got.prom got.prom/x; sample | metrics nowhere/got.prom 2>said; grep "cannot" said'
it 'metrics: every awk writes the same' 'same_everywhere "measured | metrics got.prom; cat got.prom"'
if command -v promtool >/dev/null; then
  it 'metrics: promtool finds nothing, before and after a report' 'measured | metrics got.prom && promtool check metrics <got.prom >said 2>&1 && [ ! -s said ] && metrics got.prom </dev/null && promtool check metrics <got.prom >said 2>&1 && [ ! -s said ]'
else
  skip 'metrics: promtool finds nothing, before and after a report' 'no promtool'
fi

# ---- lnav
if command -v lnav >/dev/null && command -v tai64nlocal >/dev/null; then
  it 'lnav takes the format, and reads each line of tai64nlocal with its fields and level' 'export HOME=$PWD && lnav -i $ex/lnav/ratetap_log.json >said && lnav -C && { measured | grep "^@" | grep -v " later "; echo "$at note later what=1"; } | tai64nlocal >in.log &&
    lnav -n -c ";select count(*) as n from ratetap_log" -c ":write-csv-to -" in.log | tail -n 1 >got && wc -l <in.log | cmp - got &&
    lnav -n -c ";select log_time, log_level, word, rule, key from ratetap_log where word = '"'over'"' and key like '"'tina%'"' limit 1" -c ":write-csv-to -" in.log | tail -n 1 >got && echo "2026-11-23 09:06:18.000,error,over,100:50/1h/remote/sender,tina@example.org" | cmp - got'
else
  skip 'lnav takes the format, and reads each line of tai64nlocal with its fields and level' 'no lnav, or no tai64nlocal'
fi

done_testing
