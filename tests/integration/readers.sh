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
it 'a brace that a backslash makes plain is no place for a word' '[ "$(first over 1/1h/line/a\\{}b{} bob count=2)" = "the word bob: 2 lines with \"a\\{}bbob\" (limit 1 an hour)" ] && [ "$(first over 1/1h/line/a{}b\\{} bob count=2)" = "the word bob: 2 lines with \"abobb\\{}\" (limit 1 an hour)" ] && [ "$(first over 1/1h/line/a\\{} bob count=2)" = "the word bob: 2 lines with \"a\\{}bob\" (limit 1 an hour)" ] &&
  [ "$(first over 1/1h/line/a\\\\{} bob count=2)" = "the word bob: 2 lines with \"a\\\\bob\" (limit 1 an hour)" ] && first over 1/1h/line/a\\{}{}{} bob count=2 | grep " 2 different words in lines with "'
it '%XX is text where it is UTF-8, and stays where it is none or is not to be seen' '[ "$(first over 9/1h/line/a= J%C3%BCrg%F0%9F%98%80%25%20 count=10 | cut -d : -f 1)" = "the word \"Jürg😀% \"" ] &&
  for bad in %0A %1B%5B2J %7F %FF %C3 %C3%28 %C0%AF %ED%A0%80 %F4%90%80%80 %C2%85 %E2%80%AE %E2%80%8B %E2%81%A6 %EF%BB%BF; do first over 9/1h/line/a= x${bad}y count=10 >got && grep -F "x$(echo $bad | cut -c 1-3)" got && ! tr -d "\n -~" <got | grep . || exit 1; done'
it 'two who are over are two in the first line' '{ echo "$at over 9/1h/msg/uid 1012 count=10"; echo "$at over 9/1h/msg/uid 1013 count=10"; } | alert-words >got && head -n 1 got | grep ", and 1 more over$" && sed -n 2p got | grep "^the user ID 1013: "'
it 'more, still, under and what a reload ends are sentences' 'sample | alert-words >got && for want in "tina@example.org: already 201 remote recipients within 60 minutes (limit 100 an hour)" "ann@example.org: still over, 60 remote recipients, at most 217 (limit 100 an hour)" \
  "tina@example.org: no longer over, 50 remote recipients, at most 217 (limit 100 an hour)" "ann@example.org: exempt by the new rules" "12 alerts were lost: they came faster than they were read"; do grep -qxF "$want" got || { echo "$want"; exit 1; }; done'
# overs N: so many go over. ended N: so many are under.
overs() { seq "$1" | sed "s/.*/$at over 9\/1h\/msg\/sender u&@example.org count=10/"; }
ended() { seq "$1" | sed "s/.*/$at under 9\/1h\/msg\/sender u&@example.org count=9 peak=10 total=10 $since lasted=1/"; }
it 'twenty lines are enough, and the rest is counted' 'for n in 1 2 20 21 22 23 3000; do overs $n | alert-words | sed "/^\$/q" >got && rest=$((n - 21)) && [ "$rest" -gt 0 ] || rest=0; [ "$(grep -c "^u.*limit" got)" = $((n - rest)) ] && [ "$(sed -n "s/^and \(.*\) more\$/\1/p" got)" = "${rest#0}" ] || { echo $n; exit 1; }; done'
it 'the first line is the most important, wherever it comes' 'for n in 0 3 20 21 22 3000; do { ended $n; overs 1; ended 1; } | alert-words | sed "/^\$/q" >got && head -n 1 got | grep "^u1@example.org: 10 messages" && [ "$(grep -c "10 messages (limit" got)" = 1 ] && rest=$((n + 1 - 20)) && { [ "$rest" -gt 0 ] || rest=0; } && [ "$(sed -n "s/^and \(.*\) more\$/\1/p" got)" = "${rest#0}" ] || { echo $n; exit 1; }; done'
it 'what is missing or wrong is always said, once' '{ overs 30; for n in "lost alerts=12 over=0" reload-failed "full evicted=1" "timeline back=7200" "full evicted=2" "lost alerts=1"; do echo "$at note $n"; done; echo "@ missed 200"; } | alert-words | sed "/^\$/q" >got && head -n 1 got | grep ", and 29 more over\$" && for want in "13 alerts were lost: they came faster than they were read" "the rules file was refused: standard error of ratetap says why" "the memory is full: 3 counters were dropped" \
  "the time of the log went back by 2 hours: all counts began anew" "200 alerts more than a mail can hold"; do [ "$(grep -cxF "$want" got)" = 1 ] || { echo "$want"; exit 1; }; done; [ "$(wc -l <got)" = 28 ] && echo "@ missed 3" | alert-words | head -n 1 | grep -x "3 alerts more than a mail can hold" && [ "$(echo "@ missed 3" | alert-words | grep -c "more than")" = 1 ]'
it 'the commands are for those who went over, then for those who are' '{ for i in 7 8 9; do echo "$at still 9/1h/msg/sender s$i@example.org count=10 peak=11 total=12 $since"; done; echo "$at more 9/1h/msg/sender m@example.org count=20"; overs 2; echo "$at note held kind=sender key=u2@example.org rule=9/1h/msg/sender"; echo "$at note held kind=sender key=s8@example.org rule=9/1h/msg/sender"; } | alert-words >got && grep "^sender:" got | cut -d : -f 2 | cut -d " " -f 1 | tr "\n" " " | grep -x "u1@example.org u2@example.org s7@example.org " && grep -x "sender:u2@example.org is held: .*" got && grep -x "s8@example.org: held" got && ! grep -x "u2@example.org: held" got'
it 'held, or not, as the notes say' 'sample | alert-words | grep "^sender:tina@example.org is held: " && sample | sed "s/ held kind/ released kind/" | alert-words | grep "^sender:tina@example.org is not held: " && sample | grep -v /line/ | alert-words | grep "^sender:ann@example.org: whether it is held is not known here"'
it 'or as GATE has it' 'mkdir gate && : >gate/sender:ann@example.org && sample | grep -v /line/ | GATE=$PWD/gate alert-words >got && grep "^sender:ann@example.org is held: " got && grep "^sender:tina@example.org is not held: " got'
it 'what it would mean to hold a user ID or a domain is said with the command' 'mkdir gate && for row in "uid 1012:all new mail of this user ID is refused: with that of qmail-smtpd, all mail by SMTP" "domain example.org:the mail of all in this domain is refused, and what they have queued waits"; do
  echo "$at over 9/1h/msg/${row%% *} $(expr "$row" : "[a-z]* \([^:]*\)") count=10" | GATE=$PWD/gate alert-words | grep -A 1 "^  hold: " | tail -n 1 | grep -x "            then ${row#*:}" || exit 1; done; echo "$at over 9/1h/msg/sender a@b count=10" | GATE=$PWD/gate alert-words >got && ! grep "then" got'
it 'a GATE that is not there holds nobody, and a rules file that is not there is not written' 'sample | grep -v " note held " | GATE=$PWD/gate RULES=$PWD/rules alert-words >got && grep -x "sender:tina@example.org is not held: there is no $PWD/gate, as install.md makes it\." got && ! grep -e "^  hold:" -e "^  discard:" -e "^  release:" got &&
  grep -x "  exempt:   the directive -tina@example.org before each rule: .*" got && mkdir gate && sample | GATE=$PWD/gate alert-words | grep "^  hold: "'
it 'what "note held" says is believed if GATE cannot be seen from here' 'sample | GATE=$PWD/gate alert-words >got && grep "^sender:tina@example.org is held: " got && grep "^  release:  rm $PWD/gate/sender:tina@example.org " got'
it 'what is queued is asked of the queue itself' 'sample | LOGDIR=/var/log/qmail alert-words | grep -x "  queued:   queue-of -q /var/qmail/queue sender:tina@example.org /var/log/qmail"'
it 'how much is queued, if LOGDIR is set' 'mkdir log && sed "s/^/$at /" >log/current <<END && sample | LOGDIR=$PWD/log alert-words | grep "^sender:tina@example.org is held: its new mail is refused. Still queued, by the log: 2.$"
info msg 1: bytes 9 from <tina@example.org> qp 1 uid 9
info msg 2: bytes 9 from <tina@example.org> qp 2 uid 9
info msg 3: bytes 9 from <tina@example.org> qp 3 uid 9
end msg 3
END'
it 'queue-of folds as GATE says, but for bytes that no sender has' 'mkdir gate && for row in "=" "exact=-e " "+-=-x +- " "%25+%C3=-x + " "%25="; do echo "${row%%=*}" >gate/.fold && sample | GATE=$PWD/gate LOGDIR=/nowhere alert-words >got && grep -xF "  queued:   queue-of ${row#*=}-q /var/qmail/queue sender:tina@example.org /nowhere" got || { echo "$row"; cat got; exit 1; }; done'
# The commands as they stand in the text, with what they start in place of the real ones.
it 'the commands can be copied: discard, release, hold, exempt' 'mkdir gate bin && : >gate/sender:tina@example.org && echo "9/1h" >rules && printf "#!/bin/sh\necho \"\$@\" >>$PWD/killed\n" >bin/pkill && chmod +x bin/pkill && PATH=$PWD/bin:$PATH &&
  sample | GATE=$PWD/gate RULES="$PWD/rules" alert-words >got && run() { sed -n "/^sender:tina/,/^\$/s/^  $1: *//p" got >command && [ "$(wc -l <command)" = 1 ] && sh ./command; } &&
  run discard && [ -e gate/discard:sender:tina@example.org ] && run release && [ ! -e gate/sender:tina@example.org ] && run exempt && printf " -tina@example.org\n9/1h\n" | cmp - rules && [ "$(ratetap -f rules -t tina@example.org | grep -c ": no")" = 1 ] && run undo && echo 9/1h | cmp - rules &&
  printf "%s\n" "-ALRM -x qmail-send" "-ALRM -x qmail-send" "-HUP -x ratetap" "-HUP -x ratetap" | cmp - killed && sample | GATE=$PWD/gate alert-words >got && run hold && [ -e gate/sender:tina@example.org ]'
it 'a hostile key is only text in them, whatever it is' 'mkdir bin && printf "#!/bin/sh\n: >$PWD/owned\n" >bin/reboot && printf "#!/bin/sh\n" >bin/pkill && chmod +x bin/* && PATH=$PWD/bin:$PATH && mkdir none && for key in "\$(reboot)@x.example" "\`reboot\`" ";reboot;" "\";reboot;\"" "'"'"';reboot;'"'"'" "a&reboot&" "*?[a]" "??/?" "[a]b/c" "-rf" "../../etc/passwd" "a|reboot" "x\\\\y"; do
  echo 1/1h >rules && printf "%s over 9/1h/msg/sender %s count=10\n" "$at" "$key" | GATE=$PWD/none RULES=rules alert-words >got && sed -n "s/^  exempt: *//p" got >command && sh ./command && ratetap -e -f rules -t "$key" | grep ": no" && ratetap -e -f rules -t "ab/c" | grep ": yes" && sed -n "s/^  undo: *//p" got >command && sh ./command && echo 1/1h | cmp - rules && sed -n "s/^  hold: *touch //p" got | grep -x "$PWD/none/sender:[a-z0-9@._+=%A-F-]*" || { echo "$key"; exit 1; }; done; [ ! -e owned ]'
# helps RULES: rules in the file RULES, and ratetap under them with the log on descriptor 5. helped takes the command out of
# the mail about the first alert, which is to be about $1, and runs it.
helps() {
  mkfifo log && mkdir bin && printf '#!/bin/sh\nkill -HUP "$(cat pid)"\n' >bin/pkill && chmod +x bin/pkill && cp "$1" "$1.before" || return 1
  exec 5<>log
  ratetap -a 3 -f "$1" <log 3>told >/dev/null 5<&- &
  echo $! >pid
  note_pid $!
}
helped() {
  grep -F " over $1 " told | head -n 1 | RULES=rules alert-words >got && sed -n "s/^  $2: *//p" got >typed && [ "$(wc -l <typed)" = 1 ] && PATH=$PWD/bin:$PATH sh ./typed
}
# exempts KEY-AS-SHOWN ADDRESS: no rule concerns ADDRESS any more, and who is over is under at once. undo leaves nothing.
exempts() {
  within 20 "grep -qF ' over $1 ' told" && ratetap -f rules -t "$2" | grep ': yes' && helped "$1" exempt && ratetap -f rules -t "$2" >said && ! grep -v -e '^key ' -e ': no' said && within 20 "grep -q 'note reload ' told" || return 1
  grep -F " under $1 " told | grep reload=exempt && helped "$1" undo && cmp rules rules.before && ls >left && ! grep new left
}
sends() { seq "$2" | who=$1 uid=${3:-33} awk 'NR == 1 { print "info msg 1: bytes 9 from <" ENVIRON["who"] "> qp 1 uid " ENVIRON["uid"] } { print "starting delivery " $1 ": msg 1 to remote r" $1 "@example.net" }' >&5; }
enters() { seq "$2" | who=$1 uid=${3:-33} awk '{ print "info msg " $1 ": bytes 9 from <" ENVIRON["who"] "> qp " $1 " uid " ENVIRON["uid"] }' >&5; }
it 'exempt exempts, whatever the rules file takes in again: a sender in examples/rules' 'cp $ex/rules rules && helps rules && enters tina@example.org 31 && exempts 30:10/1m/msg/sender\ tina@example.org tina@example.org'
it 'a list there, whose rules come after a + of its own' 'cp $ex/rules rules && helps rules && sends news-return-1-@lists.example.org 1001 && exempts 1000:500/30m/remote/sender\ news-return@lists.example.org news-return@lists.example.org'
it 'a user ID, after a + that takes all in' 'printf "%s\n" "-uid 7" "+*" "  2/1h/msg/uid" +bob@example.org "+uid 33" "	1/1h/from/uid" >rules && helps rules && enters ann@example.org 3 33 && within 20 "grep -q \" over 2/1h/msg/uid 33 \" told" && helped 2/1h/msg/uid\ 33 exempt && within 20 "grep -q \" under 2/1h/msg/uid 33 .* reload=exempt\" told" &&
  [ "$(ratetap -f rules -t bob@example.org | grep -c ": yes.* unless uid 33\$")" = 2 ] && helped 2/1h/msg/uid\ 33 undo && cmp rules rules.before && grep -x "            then no rule counts mail of this user ID: a thief who uses it is not found" got'
it 'a word of a line rule, with a pattern in it' 'printf "%s\n" "# 9/1h" "+*b*" "1/1h/line/authuser=" "+[a]*" "2/1h/line/login {}:/" >rules && helps rules && printf "%s\n" "authuser=a[*]\bc" "authuser=a[*]\bc" >&5 && exempts "1/1h/line/authuser= a[*]\bc" "a[*]\bc"'
it 'a word in UTF-8, as it is' 'printf "%s\n" "-*" "+*" "1/1h/line/authuser=" >rules && helps rules && printf "authuser=j\303\274rg%%\nauthuser=j\303\274rg%%\n" >&5 && exempts 1/1h/line/authuser=\ j%C3%BCrg%25 "$(printf "j\303\274rg%%")"'
it 'a domain' 'printf "%s\n" "+*@example.org" "1/1h/msg/domain" "+ann@example.org" "9/1h" >rules && helps rules && enters ann@example.org 2 && within 20 "grep -q \" over 1/1h/msg/domain example.org \" told" && helped 1/1h/msg/domain\ example.org exempt && ratetap -f rules -t ann@example.org >said && ! grep ": yes" said && helped 1/1h/msg/domain\ example.org undo && cmp rules rules.before'
it 'exempt and undo keep the mode of the rules file, and the link to it; a file that is not whole is never there' 'mkdir etc && printf "9/1h\r\n# x\r\n	8/1h" >etc/real && chmod 640 etc/real && ln -s etc/real rules && helps rules && enters ann@example.org 10 && within 20 "grep -q \" over 9/1h\" told" && helped 9/1h/msg/sender\ ann@example.org exempt && [ -h rules ] && [ "$(stat -c %a etc/real)" = 640 ] &&
  printf " -ann@example.org\n9/1h\r\n# x\r\n -ann@example.org\n	8/1h\n" | cmp - etc/real && ln rules other && helped 9/1h/msg/sender\ ann@example.org undo && printf "9/1h\r\n# x\r\n	8/1h\n" | cmp - etc/real && [ "$(stat -c %a etc/real)" = 640 ] && [ "$(ls etc)" = real ] && printf "#!/bin/sh\nexit 1\n" >bin/awk && chmod +x bin/awk && ! helped 9/1h/msg/sender\ ann@example.org exempt && [ -s etc/real ]'
it 'every awk exempts' 'for dir in "$tmp"/awk/*; do rm -rf bin log && cp $ex/rules rules && helps rules && enters tina@example.org 31 && PATH=$dir:$PATH && exempts 30:10/1m/msg/sender\ tina@example.org tina@example.org && kill "$(cat pid)" || exit 1; done'
it 'what cannot stand in a command is said not to' 'for key in %0A %FF x%20y x%E2%80%AEy; do say over 9/1h/line/a= $key count=10 >got && ! grep "^  undo:" got && grep -x "  exempt:   not by a command: KEY has bytes that cannot stand in one" got || exit 1; done'

# A key as long as KEY gets, in a file name as ratetap-hold has it.
long() { awk -v n="$1" 'BEGIN { while (n-- > 12) printf "%s", substr("abcdefghij", n % 10 + 1, 1); print "@example.org" }'; }
it 'a long key is held or not, and has its commands' 'mkdir gate && for n in 193 194 300 700 897; do key=$(long $n) && rm -f gate/* && say over 100/1h/remote/sender $key count=101 >in 2>/dev/null; printf "%s over 100/1h/remote/sender %s count=101 msg=1 qp=2 uid=3 from=x to=a@b.example\n" "$at" "$key" >in && GATE=$PWD/gate alert-words <in >got && ratetap-hold gate <in && file=$(ls gate) && [ -n "$file" ] &&
  sed -n "s/^  hold: *touch //p" got | grep -xF "$PWD/gate/$file" && GATE=$PWD/gate alert-words <in >got && grep "^sender:abc.* is held: " got || grep "^sender:[a-j]*.* is held: " got && sed -n "s/^  release: *rm \([^ ]*\) .*/\1/p" got | grep -xF "$PWD/gate/$file" && ! grep ".\{990\}" got || { echo "$n"; exit 1; }; done'
it 'and of bytes that are %XX' 'mkdir gate && key=$(awk "BEGIN { while (n++ < 99) printf \"%%%02X\", 127 + n; print \"%09%25_x\" }") && echo "$at over 1/1h/line/a= $key count=2" >in && ratetap-hold -r "*" gate <in && GATE=$PWD/gate alert-words <in | grep "^account:.* is held: "'
it 'one that may be cut is said not to be held' 'key=$(long 898) && mkdir gate && echo "$at over 1/1h/msg/sender $key count=2" | GATE=$PWD/gate alert-words >got && grep "^sender:[^ ]*\.\.\. is not held: KEY is too long, and may be cut here\.$" got && ! grep -e "^  [a-z]*:" got'
it 'every awk says the same' 'same_everywhere "{ sample | alert-words; for n in 193 300 897 898; do echo \"\$at over 1/1h/msg/sender \$(long \$n) count=2\" | alert-words; done; }"'

# An awk may count in 32 bits: bytes, and the seconds of 2038.
it 'every awk says large numbers in full' 'same_everywhere "say over 5G/1d/byte/sender a@b count=5000000001 within=9; say still 5G/1d/byte/sender a@b count=5000000001 peak=9000000001; say note lost alerts=5000000000" && grep -x "a@b: 5000000001 bytes within 9 seconds (limit 5G a day)" want && grep "at most 9000000001 " want && grep -x "5000000000 alerts were lost: .*" want'

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
it 'metrics: a file that cannot be written is a warning, and the next one is written' 'for dir in "$tmp"/awk/*; do rm -rf nowhere && mkfifo in && exec 5<>in && { (PATH=$dir:$PATH && exec metrics nowhere/got.prom <in 2>said 5<&-) & pid=$!; } && note_pid $pid && within 20 "grep -qs warning: said" &&
  mkdir nowhere && echo "$at note x" >&5 && within 20 "grep -qs \"note.} 1\" nowhere/got.prom" && kill $pid && rm in said || { echo "$dir"; cat said; exit 1; }; done'
it 'metrics: every awk writes large numbers in full, and dates beyond 2038' 'same_everywhere "{ echo @400000009b04021400000001 peaks 5G/1d/byte/sender keys=1 p50=1 p90=1 p99=1 p99.9=1 max=5000000001; echo @400000009b04021400000001 stat lines=5000000002 over=0; } | metrics got.prom; cat got.prom" && grep "} 5000000001\$" want && grep "^ratetap_lines_total 5000000002\$" want && grep "^ratetap_report_timestamp_seconds 2600731146\$" want'
it 'metrics: two rules that look the same, as selections allow, are one with the higher values; no sample comes twice' '{ alerts -r 1 -- 100/1h/remote "-tina@example.org" 100/1h/remote <$ex/breach.log; alerts -r 1 -- "-tina@example.org" 100/1h/remote "+*" 100/1h/remote <$ex/breach.log | grep -v " stat "; alerts -r 1 -- "-tina@example.org" 100/1h/remote "+*" 100/1h/remote <$ex/breach.log; } | metrics got.prom && grep -c rule_peak{ got.prom | grep -x 5 && grep "percentile=\"100\"} 217\$" got.prom && cut -d " " -f 1 got.prom | grep -v "#" | sort | uniq -d >twice && [ ! -s twice ]'
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
