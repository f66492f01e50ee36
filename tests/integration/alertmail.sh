#!/bin/sh
# Tests of examples/alert-mail and alert-log: when a mail goes out, what it has to say of whom, what waits, and that
# hostile alerts do nothing. TAP. Run from the top folder. It uses ./ratetap.
# shellcheck disable=SC2317 # functions are called from the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
stay=1
ex=$top/examples
PATH=$top:$ex:$PATH
export PATH
pids=''
trap '[ -z "$pids" ] || kill $pids 2>/dev/null; clean_up' EXIT

alerts() { ratetap -a 3 "$@" 3>&1 >/dev/null; }
for awk in mawk gawk busybox original-awk; do
  if command -v $awk >/dev/null; then
    mkdir -p "$tmp/$awk"
    printf '#!/bin/sh\nexec %s %s "$@"\n' "$awk" "$([ $awk != busybox ] || echo awk)" >"$tmp/$awk/awk"
    chmod +x "$tmp/$awk/awk"
  fi
done

mkdir "$tmp/a"
cd "$tmp/a" || exit 111
over='@400000006b04021400000000 over 100:50/1h/remote/sender'
tail='count=101 within=3 msg=1 qp=2 uid=3'

# ---- alert-log
mkfifo alerts
exec 5<>alerts # so that nothing written is lost before a reader is there
(exec alert-log alerts "$tmp/a/kept") 2>/dev/null &
pids=$!
printf '%s tina@example.org %s from=tina@example.org to=a@b.example\n' "$over" "$tail" 1<>alerts
it 'alert-log keeps an alert from the FIFO' "within 20 'grep -q tina kept/current 2>/dev/null'"
kill "$pids"
wait "$pids"
pids=''

# ---- alert-mail, with a sendmail that keeps each mail in a file, its arguments first
mkdir "$tmp/bin"
cat >"$tmp/bin/sendmail" <<'END'
#!/bin/sh
n=1
while [ -e "$MAILS/$n" ]; do n=$((n + 1)); done
{ printf '<%s>' "$@"; echo; cat; } >"$MAILS/.new"
[ ! -e "$MAILS/refuse" ] || exit 1
mv "$MAILS/.new" "$MAILS/$n"
END
chmod +x "$tmp/bin/sendmail"
SENDMAIL=$tmp/bin/sendmail MAILS=$tmp/mails
export SENDMAIL MAILS
mkdir "$MAILS" state
alerts 100:50/1h/remote <"$ex/breach.log" >three
it 'alert-mail - mails once, at the end of its input' "alert-mail - state postmaster@example.org <three && [ \"\$(ls $MAILS)\" = 1 ]"
for awk in mawk gawk busybox original-awk; do
  if [ -d "$tmp/$awk" ]; then
    it "$awk writes the same mail" "MAILS=$tmp/$awk PATH=$tmp/$awk:\$PATH alert-mail - state postmaster@example.org <three && cmp $tmp/$awk/1 $MAILS/1"
  else
    skip "$awk writes the same mail" "no $awk"
  fi
done
it 'the envelope sender is null' "[ \"\$(head -n 1 $MAILS/1)\" = '<-i><-f><><postmaster@example.org>' ]"
it 'a mail with the null sender is no event for any sender or domain, nor for uid and all after a -' "printf 'info msg 1: bytes 1 from <> qp 1 uid 1\n' |
  alerts 0/1h 0/1h/msg/domain - 0/1h/msg/uid 0/1h/msg/all | cmp - /dev/null"
it 'the subject and the first line say who did what, and under which limit' "grep -Eq '^Subject: tina@example.org: 101 remote recipients within 24 minutes \(limit 100 an hour\)\$' $MAILS/1 &&
  sed -n 's/^Subject: //p' $MAILS/1 >one && sed '1,/^\$/d; q' $MAILS/1 >two && sed '1,/^\$/d' $MAILS/1 | head -n 1 | cmp - one"
it 'every alert is in the mail' "[ \"\$(grep -c ' 100:50/1h/remote/sender tina@example.org ' $MAILS/1)\" = 3 ]"
it 'with local times, where tai64nlocal is' "grep -q '^2026-11-23 09:15:00.9239085' $MAILS/1"
it 'and the last line says where to read on' "[ \"\$(tail -n 1 $MAILS/1)\" = \"What to do about an alert: \$([ -e $top/doc/alert.md ] && echo $top/)doc/alert.md\" ]"
it 'nothing stays behind' "[ -z \"\$(ls state)\" ]"
# mailed WANT COMMAND: the subject of the only mail that COMMAND's alerts make; nothing for no mail.
still() { printf '%s still 100:50/1h/remote/sender %s count=101 peak=217 total=300 since=@400000006b0402140%07x from=%s\n' "${over% over*}" "$1" "${2:-0}" "$1"; }
began() { printf '%s note start rules=1 over=%s\n' "${over% over*}" "$1"; }
one() { printf '%s %s %s from=%s to=a@b.example\n' "$over" "$1" "$tail" "$1"; }
ends() { printf '%s under 100:50/1h/remote/sender %s count=50 peak=120 total=130 since=@400000006b04021400000000 lasted=7\n' "${over% over*}" "$1"; }
was_over() { echo "$1@example.org: 101 remote recipients within 3 seconds (limit 100 an hour)"; }
is_still() { echo "$1@example.org: still over, 101 remote recipients, at most 217 (limit 100 an hour)"; }
has_ended() { echo "$1@example.org: no longer over, not among those that ratetap has just named (limit 100 an hour)"; }
echo tina@example.org >tina
is_under() { echo "$1@example.org: no longer over, 50 remote recipients, at most 120 (limit 100 an hour)"; }
mailed() {
  rm -f "$MAILS"/*
  alert-mail ${3:+"$3"} ${4:+"$4"} - state root || return 1
  got=$(sed -n 's/^Subject: //p' "$MAILS"/* 2>/dev/null)
  [ "$got" = "$1" ] || { echo "subject: $got"; return 1; }
}
it 'a "still" of one who was never mailed is mailed' "rm -rf state/*; { began 1; still tina@example.org; } | mailed \"\$(is_still tina)\" && grep -q ' still 100:50/1h/remote/sender tina@' $MAILS/1"
it 'and then not again, after however many restarts' "{ began 1; still tina@example.org; } | mailed '' && { began 1; still tina@example.org; began 1; still tina@example.org; } | mailed ''"
it 'nor one whose "over" was mailed; a new one beside it is' "one bob@example.org | mailed \"\$(was_over bob)\" && { began 3; still tina@example.org; still bob@example.org; still eve@example.org; } | mailed \"\$(is_still eve)\" && ! grep -q tina $MAILS/1"
it 'who is not named after a start is told to have ended, once' "{ began 1; still tina@example.org; } | alert-mail - state root && grep -qx \"\$(has_ended bob)\" $MAILS/* && grep -qx \"\$(has_ended eve)\" $MAILS/* &&
  grep -q ' ended 100:50/1h/remote/sender bob@' $MAILS/* && { began 1; still tina@example.org; } | mailed ''"
it 'it ends who is not named, also if nobody is' "began 0 | mailed \"\$(has_ended tina)\" && [ -z \"\$(ls state)\" ]"
# told NOTE... of rows: what ratetap says of who is over, in its words and with fields that a later version may add.
told() { printf '%s note %s\n' "${over% over*}" "$*"; }
export lists='start rules=1 over=2|start rules=1 over=2 fold=+|start rules=1 over=2 fold=exact later=over=9|start later=1 over=2 rules=1|lost alerts=3 over=2|lost alerts=3 over=2 later=9'
# A list that is read in pieces, by readers that were started anew between them.
it 'who is over is known when all that were announced are named, and not before' "IFS='|'; for list in \$lists; do unset IFS; { one tina@example.org; one bob@example.org; } | mailed \"\$(was_over tina), and 1 more over\" &&
  case \$list in lost*) want='3 alerts were lost: they came faster than they were read' ;; *) want='' ;; esac && told \$list | mailed \"\$want\" && still bob@example.org | mailed '' && mailed '' </dev/null && still bob2@example.org | mailed \"\$(is_still bob2)\" && grep -qx \"\$(has_ended tina)\" $MAILS/* && ! grep -q ' bob@' $MAILS/* &&
  mailed '' </dev/null && { ends bob@example.org; ends bob2@example.org; } | mailed \"\$(is_under bob)\" && [ -z \"\$(ls state)\" ] || { echo \"\$list\"; exit 1; }; done"
it 'what a list says of itself counts, not what comes between' "{ one tina@example.org; one bob@example.org; } | mailed \"\$(was_over tina), and 1 more over\" && { began 2; still bob@example.org; told held kind=sender key=bob@example.org rule=1/1h/msg/sender; told later what=1; one eve@example.org; } | mailed \"\$(was_over eve)\" && ! grep -q tina $MAILS/* &&
  still new@example.org | mailed \"\$(is_still new)\" && grep -qx \"\$(has_ended tina)\" $MAILS/*"
it 'a list that was not finished counts for nothing when the next one comes' "{ began 9; still bob@example.org; } | mailed '' && { began 3; still new@example.org; still eve@example.org; still bob@example.org; } | mailed ''"
it 'a "still" that does not say since when is one all the same' "still odd@example.org | sed 's/ since=[^ ]*//' | mailed \"\$(is_still odd)\" && grep -q '^known [0-9]* @[0-9a-f]* 100:50/1h/remote/sender odd@' state/known && ends odd@example.org | mailed \"\$(is_under odd)\""
it 'without over= nothing is known, after lost alerts neither' "for note in 'start rules=1' 'start rules=1 fold=over=0' 'start rules=1 over= ' 'start rules=1 over=x'; do told \$note | mailed '' || exit 1; done; told lost alerts=3 | mailed '3 alerts were lost: they came faster than they were read' && { began 3; still eve@example.org; still bob@example.org; still new@example.org; } | mailed '' &&
  sed -i 's/^known [0-9]*/known 1000/' state/known && mailed \"\$(sed -n 's/.* \\([a-z]*@example.org\\)\$/\\1: still over (limit 100 an hour)/p; q' state/known)\" </dev/null && [ \$(grep -c ' remains ' $MAILS/1) = 3 ] && began 0 | alert-mail - state root && [ \$(grep -hc ' ended ' $MAILS/2) = 3 ] && [ -z \"\$(ls state)\" ]"
it 'a "still" that began at another time is another episode' "one tina@example.org | mailed \"\$(was_over tina)\" && { began 1; still tina@example.org | sed 's/since=@400000006b04/since=@400000006b05/'; } | mailed \"\$(is_still tina)\""
it 'a stored label that differs a little from the live one is the same' "{ began 1; still tina@example.org 77 | sed 's/since=@400000006b04/since=@400000006b05/'; } | mailed ''"
it 'an under ends what is known' "ends tina@example.org | mailed \"\$(is_under tina)\" && [ -z \"\$(ls state)\" ]"
it 'a refused mail has told nobody' "rm -f $MAILS/*; : >$MAILS/refuse; one tina@example.org | alert-mail - state root; { began 1; still tina@example.org; } | mailed \"\$(was_over tina)\" && [ \$(grep -c tina@example.org.*count $MAILS/1) = 1 ]"
it 'one who stays over is a reminder when a day has passed, and not before' "mailed '' </dev/null && sed -i 's/^known [0-9]*/known 1000/' state/known && mailed 'tina@example.org: still over (limit 100 an hour)' </dev/null && grep -q ' remains 100:50/1h/remote/sender tina@' $MAILS/1 && mailed '' </dev/null"
it 'a start alone, or a reload, is no mail' "{ began 1; still tina@example.org; printf '%s note reload rules=2\n%s note restored lines=9 over=1\n' @400000006b04021400000000 @400000006b04021400000000; } | mailed ''"
it 'a mail of "more" alone says so' "one tina@example.org | sed 's/ over / more /' | mailed 'tina@example.org: already 101 remote recipients within 3 seconds (limit 100 an hour)'"
it 'a mail of lost alerts alone says so, and who is over is reminded of yet' "printf '%s note lost alerts=12\n' \"\${over% over*}\" | mailed '12 alerts were lost: they came faster than they were read' && sed -i 's/^known [0-9]*/known 1000/' state/known && mailed 'tina@example.org: still over (limit 100 an hour)' </dev/null"
it 'those that are named after lost alerts are no news' "{ told lost alerts=12 over=1; still tina@example.org; } | mailed '12 alerts were lost: they came faster than they were read' && told lost alerts=12 over=0 | mailed '12 alerts were lost: they came faster than they were read' && grep -qx \"\$(has_ended tina)\" $MAILS/* && [ -z \"\$(ls state)\" ]"
it 'a mail of reload-failed alone says so' "printf '%s note reload-failed\n' \"\${over% over*}\" | mailed 'the rules file was refused: standard error of ratetap says why'"
it 'a report is one' "alerts -r 1 $quiet <$ex/breach.log | mailed 'a report'"
it '-q: not mailed, but passed on' "alerts -r 1 $quiet <$ex/breach.log >report && mailed '' '' -q -p <report >passed && cmp report passed && [ -z \"\$(ls state)\" ]"
it 'what it keeps is for nobody else' "(umask 022; one tina@example.org | mailed \"\$(was_over tina)\") && [ \$(stat -c %a state/known) = 600 ] && ends tina@example.org | mailed \"\$(is_under tina)\""
it '-p passes every alert on, and nothing else' "{ cat three; echo tick; echo rubbish; } | alert-mail -p - state root | cmp - three"
it 'an alert of 4,000 bytes is mailed in short lines' "rm -f $MAILS/*; awk 'BEGIN { printf \"@1 over \"; for (i = 0; i < 4000; i++) printf \"x\"; print \"\" }' |
  alert-mail - state root && awk 'length(\$0) > 990 { exit 1 }' $MAILS/1 && [ \"\$(tr -cd x <$MAILS/1 | wc -c)\" -ge 4000 ]"
it 'a "still" of one whose "more" was mailed, and whose beginning was lost, is no news' "one bob@example.org | sed 's/ over / more /' | mailed 'bob@example.org: already 101 remote recipients within 3 seconds (limit 100 an hour)' && { began 1; still bob@example.org | sed 's/since=@400000006b04/since=@400000006b03/'; } | mailed '' && sed -i 's/^known [0-9]*/known 1000/' state/known && mailed 'bob@example.org: still over (limit 100 an hour)' </dev/null && ends bob@example.org | mailed \"\$(is_under bob)\" &&
  one bob@example.org | sed 's/ over / more /' | mailed 'bob@example.org: already 101 remote recipients within 3 seconds (limit 100 an hour)' && sed -i 's/^known [0-9]*/known 1000/' state/known && mailed 'bob@example.org: still over (limit 100 an hour)' </dev/null && ends bob@example.org | mailed \"\$(is_under bob)\""
it 'what -n left out is said by the next reader, too' "rm -f $MAILS/*; : >$MAILS/refuse; { one a@example.org; one b@example.org; one c@example.org; } | alert-mail -n 1 - state root; rm -f $MAILS/*; { one d@example.org; one e@example.org; } | mailed \"\$(was_over a), and 2 more over\" && grep -x '2 alerts more than a mail can hold' $MAILS/1 && rm -f state/*"
it 'a line that a crash has cut stays alone, and makes nobody over' "for file in batch known; do printf '@400000006b04021400000000 over 100:50/1h/remote/sender ti' >state/\$file; done; one tina@example.org | mailed \"ti: 0 remote recipients (limit 100 an hour), and 1 more over\" && grep -qx \"\$(was_over tina)\" $MAILS/1 && sed -n 's/.* //p' state/known | cmp - ./tina && rm -f state/*"
it 'so do NULs that a power cut has left' "for file in batch known; do printf '\\0\\0\\0' >state/\$file; done; one tina@example.org | mailed \"\$(was_over tina)\" && sed -n 's/.* //p' state/known | cmp - ./tina && rm -f state/*"
# It waits at known, in whose place there is a folder, until it is killed.
killed_between() {
  mkdir -p between/known && mkfifo between/alerts && exec 6<>between/alerts || return 1
  (cd between && exec alert-mail -w 600 alerts . root >/dev/null 2>said 6<&-) &
  pid=$! && note_pid $pid
  one tina@example.org >&6
  within 20 'grep -q "cannot write .*known" between/said' && grep -q tina between/batch && kill -9 $pid
}
tries_again() {
  mkdir -p zero/state && mkfifo zero/alerts && exec 6<>zero/alerts || return 1
  printf '#!/bin/sh\necho try >>tries\nexit 1\n' >zero/refuses && chmod +x zero/refuses
  (cd zero && SENDMAIL=./refuses exec alert-mail -w 0 alerts state root >/dev/null 2>&1 6<&-) &
  pid=$! && note_pid $pid
  one tina@example.org >&6
  within 20 '[ -e zero/tries ]' && sleep 3 && kill $pid && wait $pid && [ "$(wc -l <zero/tries)" -le 4 ]
}
it '-w 0: a mail that is refused is tried again after a second, not at once' tries_again
# A disk that is full for a while: a limit on files, with the signal ignored.
full_disk() {
  rm -rf full && mkdir full full/state && mkfifo full/alerts && exec 6<>full/alerts || return 1
  (trap '' XFSZ && cd full && exec prlimit --fsize=512: alert-mail -w 1 alerts state postmaster >/dev/null 2>&1 6<&-) &
  pid=$! && note_pid $pid
  long=$(printf %0600d 0)
  for i in 1 2 3 4; do one "$long$i@example.org" >&6; done
  within 20 '[ -s full/state/batch ]' && sleep 1 && rm -f "$MAILS"/* && prlimit --pid $pid --fsize=unlimited: && within 20 '[ "$(cat $MAILS/* 2>/dev/null | grep -c "^00*[.][.][.]: 101 remote recipients")" = 4 ]' && [ "$(grep -c "^known [0-9]* @[0-9a-f]* 100:50/1h/remote/sender ${long}[1-4]@example.org\$" full/state/known)" = 4 ] && [ "$(wc -l <full/state/known)" = 4 ]
}
if command -v prlimit >/dev/null; then
  it 'a disk that is full for a while costs no alert, and spoils none' full_disk
else
  skip 'a disk that is full for a while costs no alert, and spoils none' 'no prlimit'
fi
# A file system of few pages: where the room ends in the middle of a mail, it does not go out, or the alert is in it.
cat >small_disk <<'END'
for pages in 3 4 5 6 7 8 9 10 12; do
  rm -f "$MAILS"/* && mkdir -p small && mount -t tmpfs -o size=$((pages * 4096)) none small && mkdir small/state || exit 1
  if alert-mail - small/state root <small_alert 2>small_words; then
    grep -q '^Subject: ' "$MAILS/1" && grep -q ' over 100:50/1h/remote/sender tina@example.org ' "$MAILS/1"
  else
    [ ! -e "$MAILS/1" ] && cmp small/state/batch small_alert && grep -q '^alert-mail: warning: ' small_words
  fi || { echo "# wrong with $pages pages" && exit 1; }
  umount small || exit 1
done
END
if unshare -rm mount -t tmpfs none / 2>/dev/null; then
  it 'a mail for which there is no room is not sent without its alerts' 'one tina@example.org >small_alert && unshare -rm sh small_disk'
else
  skip 'a mail for which there is no room is not sent without its alerts' 'no file system can be mounted'
fi
it 'what has ended is added whole, or not at all' "mkdir ended && (cd ended && one tina@example.org >batch && printf 'known 1000 @400000006b04021400000000 100:50/1h/remote/sender bob@example.org\n' >known && began 0 >>known && cp batch want && sed -n '/^settle()/,/^}/p' $ex/alert-mail >settle && cat() { command cat \"\$@\" | dd bs=1 count=150 2>/dev/null; false; } &&
  dir=\$PWD batch=\$PWD/batch known=\$PWD/known && . ./settle && { ! settle; } && cmp batch want && unset -f cat && settle && grep -c ' ended .* bob@' batch)"
it 'an alert waits in batch before it is known: a reader that is killed between the two has told nobody' killed_between
it 'the name of DIRECTORY is only a name' "for name in 'st=a\te' -x; do mkdir -- \"\$name\" && one tina@example.org | alert-mail - \"\$name\" root && { began 1; still tina@example.org; } | alert-mail - \"\$name\" root && [ -s \"./\$name/known\" ] && began 0 | alert-mail - \"\$name\" root && [ -z \"\$(ls -- \"\$name\")\" ] || exit 1; done"
it '-n bounds a mail, and the mail says so' "rm -f $MAILS/*; alert-mail -n 2 - state root <three && grep -q '^1 alert more than a mail can hold\$' $MAILS/1 && ! grep -q ' missed ' $MAILS/1"
it 'a refused mail is kept, and goes out next time' "rm -f $MAILS/*; : >$MAILS/refuse; alert-mail - state root <three; [ \$? = 111 ] &&
  rm $MAILS/refuse && alert-mail - state root </dev/null && [ \"\$(grep -c tina $MAILS/1)\" -ge 3 ]"
for awk in mawk gawk busybox original-awk; do
  if [ -d "$tmp/$awk" ]; then
    it "$awk knows when to remind after 2038" "printf 'known 2600731146 @400000009b04021400000001 1/1h/msg/sender a@b\n' >known && [ \"\$(PATH=$tmp/$awk:\$PATH && known=known remind=86400 && eval \"\$(sed -n '/^next_due()/,/^}/p' $ex/alert-mail)\" && next_due && echo \$due)\" = 2600817546 ]"
  else
    skip "$awk knows when to remind after 2038" "no $awk"
  fi
done
it 'numbers that a shell would take for others are a usage error' "for how in '-w 08' '-w 010' '-n 08' '-r 08' '-r 0000000000' '-w 1234567890' '-w -1' '-n 1k'; do alert-mail \$how - state root <three; [ \$? = 100 ] || exit 1; done; one z@example.org | MAILS=$tmp/a alert-mail -w 0 -r 0 - state root && rm -f 1 state/*"
it 'a bad postmaster is a usage error' "for who in '' -bs 'a b' 'a;b'; do alert-mail - state \"\$who\" <three; [ \$? = 100 ] || exit 1; done"

rm -f "$MAILS"/*
(exec alert-mail -w 600 alerts state postmaster) >/dev/null 2>&1 &
pid=$! pids=$!
one first@example.org 1<>alerts
it 'the first alert is mailed at once, though the collecting takes ten minutes' "within 20 'grep -qs first@example.org $MAILS/1'"
one second@example.org 1<>alerts
it 'what follows is collected' "within 20 'grep -qs second@example.org state/batch' && [ ! -e $MAILS/2 ]"
kill "$pid"
wait "$pid"
pids=''
(exec alert-mail -w 1 alerts state postmaster) >/dev/null 2>&1 &
pid=$! pids=$!
it 'a restart of the reader loses nothing of it' "within 20 'grep -qs second@example.org $MAILS/2' && ! grep -q first@ $MAILS/2"
{ began 2; still first@example.org; } 1<>alerts
still third@example.org 1<>alerts
it 'and it knows yet what was mailed before' "within 20 'grep -qs \" still .* third@example.org\" $MAILS/3' && ! grep -q ' first@' $MAILS/3 && grep -q ' ended .* second@example.org' $MAILS/3"
{ ends first@example.org; ends third@example.org; } 1<>alerts
it 'the ends are mailed too' "within 20 '[ -s $MAILS/4 ] && [ -z \"\$(ls state)\" ]'"
rm -f "$MAILS"/*
cat three 1<>alerts
it 'alert-mail collects what comes from the FIFO into one mail' "within 20 '[ -s $MAILS/1 ]' && [ \"\$(grep -c 100:50/1h $MAILS/1)\" = 3 ]"
cat three 1<>alerts
it 'and what comes later into another' "within 20 '[ -s $MAILS/2 ]' && [ \"\$(grep -c 100:50/1h $MAILS/2)\" = 3 ]"
: >"$MAILS/refuse"
cat three 1<>alerts
it 'a mail that is refused is tried again' "within 20 '[ -s $MAILS/.new ]' && rm $MAILS/refuse && within 20 '[ -s $MAILS/3 ]' && [ \"\$(grep -c 100:50/1h $MAILS/3)\" = 3 ]"
kill "$pid"
wait "$pid"
it 'TERM ends it at once, with 0' "[ $? = 0 ]"
pids=''
# One that is told to end while its mail is being refused: no process waits on for the ten minutes to the next try.
ends_whole() {
  mkdir refusing refusing/state && mkfifo refusing/alerts && exec 6<>refusing/alerts || return 1
  # It still runs when the signal comes, so that the next try is arranged for after it.
  printf '#!/bin/sh\nkill "$(cat pid)"\nsleep 1\nexit 1\n' >refusing/sendmail && chmod +x refusing/sendmail
  (cd refusing && SENDMAIL=./sendmail && export SENDMAIL && exec alert-mail -w 600 alerts state postmaster >/dev/null 2>&1 6<&-) &
  pid=$! && echo $pid >refusing/pid && note_pid $pid
  one first@example.org >&6
  within 20 'gone $pid' && within 20 '[ -z "$(left_over "$tmp/a/refusing")" ]' && grep -q first@ refusing/state/batch
}
it 'and no process of it stays, even if a mail is being refused' ends_whole

# TERM in the middle of a line: the line is finished first, then all waits for the next start.
case $(readlink -f /bin/sh) in
  */dash)
    (exec alert-mail -w 60 alerts state postmaster) >/dev/null &
    pid=$! pids=$!
    has_read() { sed -n 's/^rchar: //p' "/proc/$pid/io"; }
    printf '%s first@example.org\n' "$over" >&5
    within 20 '[ -s state/batch ]'
    want=$(($(has_read) + ${#over} + 5))
    printf '%s half' "$over" >&5
    it 'the first half of a line is taken' "within 20 '[ \$(has_read) -ge $want ]'"
    kill "$pid"
    printf '@example.org %s from=half@example.org\n' "$tail" >&5
    it 'TERM inside a line: the rest is waited for' "within 20 '! kill -0 $pid 2>/dev/null'; [ \"\$(tail -n +2 state/batch)\" = '$over half@example.org $tail from=half@example.org' ]"
    wait "$pid" 2>/dev/null
    pids=''
    ;;
  *)
    skip 'the first half of a line is taken' 'this shell drops it'
    skip 'TERM inside a line: the rest is waited for' 'this shell drops it'
    printf '%s half@example.org %s from=half@example.org\n' "$over" "$tail" >state/batch
    ;;
esac
rm -f "$MAILS"/*
(exec alert-mail -w 1 alerts state postmaster) >/dev/null 2>&1 &
pid=$! pids=$!
it 'the next start mails what waited' "within 20 'grep -q half@example.org $MAILS/1 2>/dev/null'"
kill "$pid"
wait "$pid"
pids=''

it 'a stamp out of this world does not hurt the mail' "rm -f $MAILS/*; { echo '@7fffffffffffffffffffffff over a b c'; cat three; } | alert-mail - state root && [ \"\$(grep -cE ' (a b c|100:50/1h/remote/sender .*)\$' $MAILS/1)\" = 4 ]"

# ---- 10,000 hostile alerts. The commands in them would leave a file called owned.
mkdir "$tmp/h" "$tmp/h/state" "$tmp/h/held" "$tmp/trap"
cd "$tmp/h" || exit 111
for name in reboot owned sh-owned; do
  printf '#!/bin/sh\n: >%s/owned\n' "$tmp" >"$tmp/trap/$name"
  chmod +x "$tmp/trap/$name"
done
PATH=$tmp/trap:$PATH
: >./-rf
: >'./*'
: >./from
awk -v dir="$tmp" 'BEGIN {
  n = split("$(reboot) `reboot` ;reboot; |reboot| &reboot& &&reboot ||reboot $(reboot)@example.org a`reboot`@example.org" \
    " ;rm\011-rf\011. >owned >>" dir "/owned <owned $((reboot)) ${PATH} $IFS ${IFS}reboot \"$(reboot)\" \047$(reboot)\047 \042;reboot;\042" \
    " \047;reboot;\047 \\ \\n \\\\ \\\047 %s%n%d %%%n -rf --help -e -n -f- --@example.org * ? [a-z]* ~ ~root !! !reboot #@[] # @ " \
    " @example.org *@example.org a@b@example.org ../../etc/passwd /etc/passwd -oQ/tmp@x.org -bs {a,b}@x.org <a>@x.org a>b@x.org" \
    " =cmd|reboot /dev/null@x.org count=1 from=a@b.org to=x %0d%0aBcc: \\x41@x.org \\101@x.org 1e3 0x10 -1 . .. .@x.org" \
    " system(\"reboot\") \";system(\"reboot\");\" a@x.org\\ a@-x.org -a@x.org a@.x.org a@x.org. +@x.org =@x.org &>owned", evil, " ")
  gsub(/\011/, "", evil[10])
  for (i = 0; i < 10000; i++) {
    key = evil[1 + i % n]
    from = evil[1 + int(i / 3) % n]
    to = evil[1 + int(i / 7) % n]
    rule = i % 5 ? "10/1h/remote/sender" : "10/1h/line/" evil[1 + int(i / 5) % n]
    if (i % 11 == 10)
      print "@400000006b040214" sprintf("%08x", i), "under", rule, key, "count=9 peak=20 total=30 since=@400000006b04021400000000 lasted=9"
    else if (i % 1000 == 999)
      print "@400000006b040214" sprintf("%08x", i), "over 10/1h/remote/sender plain" i "@example.org count=11 msg=1 qp=2 uid=3 from=plain" i "@example.org to=" to
    else if (i % 5)
      print "@400000006b040214" sprintf("%08x", i), "over", rule, key, "count=11 msg=1 qp=2 uid=3 from=" from, "to=" to
    else
      print "@400000006b040214" sprintf("%08x", i), "over", rule, key, "count=11"
  }
}' >hostile
it 'there are 10,000 of them' "[ \"\$(grep -c '^@' hostile)\" = 10000 ]"
rm -f "$MAILS"/*
find "$tmp" ! -name said | sort >"$tmp/said.before"
alert-mail - state postmaster <hostile >/dev/null 2>"$tmp/said.mail"
status=$?
it 'alert-mail takes them all' "[ $status = 0 ] && [ ! -s $tmp/said.mail ]"
it 'each is in the mail as it was' "sed 's/^[^ ]* //' hostile >$tmp/said.want; sed '1,/^The alerts:\$/d; /^\$/d; /^What to do about an alert: /d' $MAILS/1 |
  sed -E 's/^.* ((over|under) 10)/\1/' | cmp - $tmp/said.want"
it 'their header has not grown' "[ \"\$(sed -n '2,/^\$/p' $MAILS/1 | grep -vcE '^(From|To|Subject|Auto-Submitted|MIME-Version|Content-Type|Content-Transfer-Encoding): ')\" = 1 ]"
ratetap-hold held <hostile >/dev/null 2>"$tmp/said.hold"
status=$?
it 'ratetap-hold takes them all' "[ $status = 0 ]"
it 'it holds the plain senders among them' "[ \"\$(find held -name 'sender:plain*' | wc -l)\" = 10 ]"
it 'and makes no other files than those of senders, and its list' "[ -z \"\$(find held ! -name held ! -name 'sender:*' ! -name .held)\" ]"
it 'no command was run' "[ ! -e $tmp/owned ] && [ ! -e owned ]"
it 'no file was touched but theirs' "find $tmp ! -name 'said*' ! -path '$tmp/h/held/*' | sort >$tmp/said.after; printf '%s\n' $tmp/h/state/known $MAILS/1 | sort - $tmp/said.before | grep -v said | cmp - $tmp/said.after"

done_testing
