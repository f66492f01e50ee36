#!/bin/sh
# Tests of examples/: the sample logs and what is claimed of them, the alert readers, the small tools. TAP.
# Run from the top folder. It uses ./ratetap.
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
keys() { awk '{ print $2, $4 }' | sort -u | tr '\n' ';'; }

mkdir "$tmp/a"
cd "$tmp/a" || exit 111

# ---- the sample logs
for name in breach forged smtpd; do
  it "make-breach $name writes the sample as it is kept" "make-breach $name | cmp - $ex/$name.log"
done
for awk in mawk gawk busybox original-awk; do
  if command -v $awk >/dev/null; then
    mkdir -p "$tmp/$awk"
    printf '#!/bin/sh\nexec %s %s "$@"\n' "$awk" "$([ $awk != busybox ] || echo awk)" >"$tmp/$awk/awk"
    chmod +x "$tmp/$awk/awk"
    it "$awk writes the same breach.log" "PATH=$tmp/$awk:\$PATH make-breach breach | cmp - $ex/breach.log"
  else
    skip "$awk writes the same breach.log" "no $awk"
  fi
done
it 'breach.log has about 2,000 lines' "n=\$(wc -l <$ex/breach.log); [ \$n -gt 1900 ] && [ \$n -lt 2200 ]"
it 'every line of breach.log is one of the six kinds' "! grep -vE \
  '^@[0-9a-f]{24} (new msg [0-9]+|info msg [0-9]+: bytes [0-9]+ from <[^ ]*> qp [0-9]+ uid [0-9]+|starting delivery [0-9]+: msg [0-9]+ to (local|remote) [^ ]+|delivery [0-9]+: (success|failure|deferral): [^ ]+|status: local [0-9]+/10 remote [0-9]+/20|bounce msg [0-9]+ qp [0-9]+|end msg [0-9]+)\$' $ex/breach.log"
it 'its stamps never go back' "cut -c1-25 $ex/breach.log | sort -c"
it 'every message in it ends, every delivery too' "awk '{ n[\$2]++ } END { exit n[\"new\"] != n[\"end\"] || n[\"starting\"] != n[\"delivery\"] }' $ex/breach.log"

# ---- what is claimed of them
it 'breach.log passes through unchanged' "ratetap 100:50/1h/remote <$ex/breach.log 2>/dev/null | cmp - $ex/breach.log"
it '100:50/1h/remote names the stolen account, and nobody else' "[ \"\$(alerts 100:50/1h/remote <$ex/breach.log | keys)\" = \
  'more tina@example.org;over tina@example.org;under tina@example.org;' ]"
it 'the newsletter is the next busiest: under 100, over 40' \
  "alerts 40/1h/remote <$ex/breach.log | grep -q 'over 40/1h/remote/sender news-return@lists.example.org count=41 '"
it 'authuser= names the stolen account in smtpd.log, and nobody else' "[ \"\$(alerts '30/10m/line/ authuser=' <$ex/smtpd.log | keys)\" = \
  'over tina@example.org;under tina@example.org;' ]"
it 'no sender in forged.log does much' "[ -z \"\$(alerts -- '-*@example.org' 5/10m/remote <$ex/forged.log)\" ]"
it 'but all that are not ours, pooled, do' "[ \"\$(alerts -- '-*@example.org' 50/10m/remote/all <$ex/forged.log | keys)\" = 'over *;under *;' ]"
it 'the same hours without the thief trip nothing' "[ -z \"\$(make-breach honest | alerts -- '-*@example.org' 50/10m/remote/all)\" ]"
it 'though local users alone send more than that' "make-breach honest | alerts 50/10m/remote/all | grep -q ' over '"
it 'examples/rules names the stolen account only' "[ \"\$(alerts -f $ex/rules <$ex/breach.log | awk '{ print \$4 }' | sort -u)\" = tina@example.org ]"
it 'examples/rules finds the forger too' "alerts -f $ex/rules <$ex/forged.log | grep -q ' over 50:25/10m/remote/all \* '"
it 'examples/rules stands a check' "ratetap -n -f $ex/rules"
it 'it gives a mailing list limits of its own' "ratetap -f $ex/rules -t news-return-7-bob=a.example@lists.example.org >said &&
  grep -q '^100:50/1h/remote/sender: no' said && grep -q '^20000/1d/remote/sender: yes' said"

# ---- tools
mkdir log
head -n 1000 "$ex/breach.log" >log/@400000006b0400000000000a.s
tail -n +1001 "$ex/breach.log" >log/current
it 'choose-limits: 100 an hour would have reported one sender' "choose-limits log | grep -Eq '^ +100 +1  tina@example.org \(217\)\$'"
it 'choose-limits: 20 an hour would have reported the newsletter too' "choose-limits log | grep -Eq '^ +20 +2  tina@example.org \(217\), news-return@lists.example.org \(46\)\$'"
it 'choose-limits: a selection leaves the newsletter out' "choose-limits log '-*-return@*' | grep -Eq '^ +20 +1  tina@example.org \(217\)\$'"
it 'choose-limits: without an answer there is no table' "! choose-limits log 1/1x 2>/dev/null | grep ."
it 'choose-limits: different recipients' "choose-limits -c to -l 100 log | grep -q '^ *100  *1  tina@example.org ([12]'"
it 'choose-limits: says so when nothing in a log was understood' \
  "sed 's/^[^ ]* /FOO: /' $ex/breach.log >foo && ! choose-limits foo 2>said >table && [ ! -s table ] && grep '^choose-limits: fatal: nothing in foo was understood: no message among its [1-9][0-9]* lines' said"
it 'choose-limits: says nothing of it where a selection leaves all out' "choose-limits log '-*' 2>said | grep ': 0 names' && [ ! -s said ]"
it 'choose-limits: a file will do' "choose-limits -l 100 $ex/breach.log | grep -q 'tina@example.org (217)'"
if command -v gnuplot >/dev/null; then
  alerts 100:50/1h/remote <"$ex/breach.log" >plotted
  it 'plot-rates draws a PNG' "plot-rates $ex/breach.log plotted out.png && [ \"\$(dd bs=1 skip=1 count=3 if=out.png 2>/dev/null)\" = PNG ]"
  it 'plot-rates draws an SVG with the names in it' "plot-rates $ex/breach.log plotted out.svg && grep -q tina@example.org out.svg"
  it 'plot-rates says so when nothing in a log was understood' \
    "sed 's/^[^ ]* /FOO: /' $ex/breach.log >foo && ! plot-rates foo plotted out.png 2>said && grep '^plot-rates: fatal: nothing in foo was understood' said"
  it 'plot-rates leaves nothing in the folder but the picture' "rm -f out.*; plot-rates $ex/breach.log plotted out.png && [ \"\$(echo out*)\" = out.png ]"
else
  skip 'plot-rates draws a PNG' 'no gnuplot'
  skip 'plot-rates draws an SVG with the names in it' 'no gnuplot'
  skip 'plot-rates says so when nothing in a log was understood' 'no gnuplot'
  skip 'plot-rates leaves nothing in the folder but the picture' 'no gnuplot'
fi

# ---- queue-of. Each row of a log says what its message is, so that only what was wanted can come out.
queued() { queue-of "$@" | tr '\n' ,; }
info() { printf '%sinfo msg %s: bytes 900 from <%s> qp %s uid %s%s\n' "$1" "$2" "$3" "${5:-41}" "${4:-89}" "${6:+ $6}"; }
ended() { printf '%send msg %s%s\n' "$1" "$2" "${3:+ $3}"; }
head -n 1500 "$ex/breach.log" >part
it 'queue-of names what has no end yet, and no other' "awk '/ info msg .*<tina@/ { n[\$4] } / end msg / { delete n[\$4 \":\"] } END { for (m in n) print m + 0 }' part | sort -n >want && [ -s want ] &&
  queue-of tina@example.org part >got && cmp want got && [ -z \"\$(queue-of tina@example.org $ex/breach.log)\" ]"
it 'queue-of: a log directory is read in its order, and several logs' "[ -z \"\$(queue-of tina@example.org log)\" ] && head -n 1000 $ex/breach.log >one && tail -n +1001 $ex/breach.log >two &&
  [ -z \"\$(queue-of tina@example.org one two)\" ] && queue-of tina@example.org two one | grep -q ."
it 'queue-of: every prefix that ratetap knows' "{ n=1; for p in '' '@400000006b04021400000000 ' '2026-11-23 12:44:00.123456789 ' '2026-11-23_12:44:00.12345 ' '1461492794.123456 ' 'Nov 23 12:44:00 host qmail: 1461492794.123456 ' \
  '<22>1 2026-11-23T12:44:00Z host qmail 77 - - ' 'mail.info: Nov 23 12:44:00 qmail: ' '2026-11-23T12:44:00.12345Z stdout F ' 'Nov  3 12:44:00 host qmail[7]: [ID 1 mail.info] '; do
  info \"\$p\" 7\$n ann@example.org; info \"\$p\" 6\$n ann@example.org; ended \"\$p\" 6\$n; n=\$((n + 1)); done; } >in && [ \"\$(queued ann@example.org in | sed 's/@host//g')\" = 71,72,73,74,75,76,77,78,79,710, ]"
it 'queue-of: senders are folded as ratetap folds them, with -x and -e too' "{ info '' 1 Ann@Example.org; info '' 2 prvs=0123=ann@example.org; info '' 3 list-return-7-bob=b.example@example.org; info '' 4 ann+shop@example.org; info '' 5 ann@example.org-@[]; info '' 6 bann@example.org; } >in &&
  [ \"\$(queued ann@example.org in)\" = 1,2,5, ] && [ \"\$(queued -x + ann@example.org in)\" = 1,2,4,5, ] && [ \"\$(queued -e Ann@Example.org in)\" = 1, ] && [ \"\$(queued list-return@example.org in)\" = 3, ]"
it 'queue-of: what ratetap-hold holds: sender, domain, uid' "{ info '' 1 ann@example.org; info '' 2 bob@example.org 33; info '' 3 '' 33; info '' 4 eve@b.example 33; } >in &&
  [ \"\$(queued sender:ann@example.org in)\" = 1, ] && [ \"\$(queued domain:example.org in)\" = 1,2, ] && [ \"\$(queued uid:33 in)\" = 2,3,4, ]"
it 'queue-of: a number is used again' "{ info '' 1 ann@example.org; ended '' 1; info '' 1 bob@example.org; info '' 2 ann@example.org; info '' 2 bob@example.org 9 42; info '' 3 bob@example.org; info '' 3 ann@example.org 9 43; } >in &&
  [ \"\$(queued ann@example.org in)\" = 3, ] && [ \"\$(queued bob@example.org in)\" = 1,2, ]"
it 'queue-of: queues and hosts with the same numbers are different' "{ info '' 1 ann@example.org 9 41 queue1; info '' 1 ann@example.org 9 41 slowq; ended '' 1 'qmail-send: queue1'; info 'Nov 23 12:44:00 a qmail: ' 1 ann@example.org; info 'Nov 23 12:44:00 b qmail: ' 1 ann@example.org; ended 'Nov 23 12:44:00 a qmail: ' 1; } >in &&
  queue-of ann@example.org in | sort >got && printf '1 slowq\n1@b\n' | cmp - got"
it 'queue-of: look-alikes are none, and hostile senders are only text' "{ echo 'delivery 3: failure: he said: info msg 9: bytes 1 from <ann@example.org> qp 1 uid 1'; echo 'mail recv: pid 9 from <ann@example.org> qp 1'; echo 'info msg 8: bytes 1 from <ann@example.org qp 1 uid 1'; echo 'info msg -7: bytes 1 from <ann@example.org> qp 1 uid 1';
  echo 'delivery 4: failure: end msg 1'; info '' 1 '\$(touch owned)@example.org'; info '' 2 \"';touch owned;'@example.org\"; info '' 3 '-e@example.org'; info '' 4 'a> qp 1 uid 1@example.org'; info '' 5 'a<b>c@example.org'; info '' 6 '\\\\n@example.org'; } >in 2>/dev/null
  [ -z \"\$(queued ann@example.org in)\" ] && [ \"\$(queued a\<b\>c@example.org in)\" = 5, ] && [ \"\$(queued -e@example.org in 2>/dev/null)\" = '' ] && [ \"\$(queued -- -e@example.org in)\" = 3, ] && [ ! -e owned ] && queue-of domain:example.org in | grep -qx 3"
it 'queue-of: without a log, or with one that cannot be read, it says so' "queue-of ann@example.org; [ \$? = 100 ] && { queue-of ann@example.org nowhere; [ \$? = 111 ]; }"
over='@400000006b04021400000000 over 100:50/1h/remote/sender'
tail='count=101 msg=1 qp=2 uid=3'

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
it 'a mail with the null sender is no event for any sender or domain, nor for uid and all behind a -' "printf 'info msg 1: bytes 1 from <> qp 1 uid 1\n' |
  alerts 0/1h 0/1h/msg/domain - 0/1h/msg/uid 0/1h/msg/all | cmp - /dev/null"
it 'the subject counts, and names a plain sender' "grep -q '^Subject: ratetap on .*: 1 over (tina@example.org), 1 under\$' $MAILS/1"
it 'every alert is in the mail' "[ \"\$(grep -c ' 100:50/1h/remote/sender tina@example.org ' $MAILS/1)\" = 3 ]"
it 'nothing stays behind' "[ -z \"\$(ls state)\" ]"
# mailed WANT COMMAND: the subject of the only mail that COMMAND's alerts make; nothing for no mail.
still() { printf '%s still 100:50/1h/remote/sender %s count=101 peak=217 total=300 since=@400000006b0402140%07x from=%s\n' "${over% over*}" "$1" "${2:-0}" "$1"; }
began() { printf '%s note start rules=1 over=%s\n' "${over% over*}" "$1"; }
one() { printf '%s %s %s from=%s to=a@b.example\n' "$over" "$1" "$tail" "$1"; }
ends() { printf '%s under 100:50/1h/remote/sender %s count=50 peak=120 total=130 since=@400000006b04021400000000 lasted=7\n' "${over% over*}" "$1"; }
mailed() {
  rm -f "$MAILS"/*
  alert-mail ${3:+"$3"} ${4:+"$4"} - state root || return 1
  got=$(sed -n 's/^Subject: ratetap on [^:]*: //p' "$MAILS"/* 2>/dev/null)
  [ "$got" = "$1" ] || { echo "subject: $got"; return 1; }
}
it 'a "still" of one who was never mailed is mailed' "rm -rf state/*; { began 1; still tina@example.org; } | mailed '1 still over (tina@example.org)' && grep -q ' still 100:50/1h/remote/sender tina@' $MAILS/1"
it 'and then not again, after however many restarts' "{ began 1; still tina@example.org; } | mailed '' && { began 1; still tina@example.org; began 1; still tina@example.org; } | mailed ''"
it 'nor one whose "over" was mailed; a new one beside it is' "one bob@example.org | mailed '1 over (bob@example.org)' && { began 3; still tina@example.org; still bob@example.org; still eve@example.org; } | mailed '1 still over (eve@example.org)' && ! grep -q tina $MAILS/1"
it 'who is not named after a start is told to have ended, once' "{ began 1; still tina@example.org; } | mailed '2 no longer over' && grep -q ' ended 100:50/1h/remote/sender bob@' $MAILS/1 && { began 1; still tina@example.org; } | mailed ''"
it 'a "note start" without over= is one of a ratetap that knows nobody' "printf '%s note start rules=1\n' \"\${over% over*}\" | mailed '1 no longer over' && [ -z \"\$(ls state)\" ]"
it 'a "still" that began at another time is another episode' "one tina@example.org | mailed '1 over (tina@example.org)' && { began 1; still tina@example.org | sed 's/since=@400000006b04/since=@400000006b05/'; } | mailed '1 still over (tina@example.org)'"
it 'a stored label that differs a little from the live one is the same' "{ began 1; still tina@example.org 77 | sed 's/since=@400000006b04/since=@400000006b05/'; } | mailed ''"
it 'an under ends what is known' "ends tina@example.org | mailed '1 under' && [ -z \"\$(ls state)\" ]"
it 'a refused mail has told nobody' "rm -f $MAILS/*; : >$MAILS/refuse; one tina@example.org | alert-mail - state root; { began 1; still tina@example.org; } | mailed '1 over (tina@example.org)' && [ \$(grep -c tina@example.org.*count $MAILS/1) = 1 ]"
it 'one who stays over is a reminder when a day has passed, and not before' "mailed '' </dev/null && sed -i 's/^known [0-9]*/known 1000/' state/known && mailed '1 still over (tina@example.org)' </dev/null && grep -q '^Still over' $MAILS/1 && mailed '' </dev/null"
it 'a start alone, or a reload, is no mail' "{ began 1; still tina@example.org; printf '%s note reload rules=2\n%s note restored lines=9 over=1\n' @400000006b04021400000000 @400000006b04021400000000; } | mailed ''"
it 'a mail of "more" alone says so' "one tina@example.org | sed 's/ over / more /' | mailed '1 more (tina@example.org)'"
it 'a mail of lost alerts alone says so, and after it nobody is reminded of' "printf '%s note lost alerts=12\n' \"\${over% over*}\" | mailed '12 alerts lost' && [ -z \"\$(ls state)\" ]"
it 'a mail of reload-failed alone says so' "printf '%s note reload-failed\n' \"\${over% over*}\" | mailed reload-failed"
it 'a report is one' "alerts -r 1 $quiet <$ex/breach.log | mailed 'a report'"
it 'what it keeps is for nobody else' "(umask 022; one tina@example.org | mailed '1 over (tina@example.org)') && [ \$(stat -c %a state/known) = 600 ] && ends tina@example.org | mailed '1 under'"
it '-p passes every alert on, and nothing else' "{ cat three; echo tick; echo rubbish; } | alert-mail -p - state root | cmp - three"
it 'an alert of 4,000 bytes is mailed in short lines' "rm -f $MAILS/*; awk 'BEGIN { printf \"@1 over \"; for (i = 0; i < 4000; i++) printf \"x\"; print \"\" }' |
  alert-mail - state root && awk 'length(\$0) > 990 { exit 1 }' $MAILS/1 && [ \"\$(tr -cd x <$MAILS/1 | wc -c)\" -ge 4000 ]"
it '-n bounds a mail, and the mail says so' "rm -f $MAILS/*; alert-mail -n 2 - state root <three && grep -q '^1 alerts more' $MAILS/1"
it 'a refused mail is kept, and goes out next time' "rm -f $MAILS/*; : >$MAILS/refuse; alert-mail - state root <three; [ \$? = 111 ] &&
  rm $MAILS/refuse && alert-mail - state root </dev/null && [ \"\$(grep -c tina $MAILS/1)\" -ge 3 ]"
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
it 'each is in the mail as it was' "sed 's/^[^ ]* //' hostile >$tmp/said.want; sed '1,/^\$/d; /^\$/d' $MAILS/1 |
  sed -E 's/^.* ((over|under) 10)/\1/' | cmp - $tmp/said.want"
it 'their header has not grown' "[ \"\$(sed -n '2,/^\$/p' $MAILS/1 | grep -vcE '^(From|To|Subject|Auto-Submitted): ')\" = 1 ]"
ratetap-hold held <hostile >/dev/null 2>"$tmp/said.hold"
status=$?
it 'ratetap-hold takes them all' "[ $status = 0 ]"
it 'it holds the plain senders among them' "[ \"\$(find held -name 'sender:plain*' | wc -l)\" = 10 ]"
it 'and makes no other files than those of senders, and its list' "[ -z \"\$(find held ! -name held ! -name 'sender:*' ! -name .held)\" ]"
it 'no command was run' "[ ! -e $tmp/owned ] && [ ! -e owned ]"
it 'no file was touched but theirs' "find $tmp ! -name 'said*' ! -path '$tmp/h/held/*' | sort >$tmp/said.after; printf '%s\n' $tmp/h/state/known $MAILS/1 | sort - $tmp/said.before | grep -v said | cmp - $tmp/said.after"

done_testing
