#!/bin/sh
# Tests of examples/: the sample logs and what is claimed of them, choose-limits, plot-rates, queue-of. TAP.
# Run from the top folder.
# shellcheck disable=SC2317 # functions are called from the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
stay=1
ex=$top/examples
PATH=$(dirname "$ratetap"):$ex:$PATH
export PATH

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
it 'choose-limits: limits are those of ratetap, with their suffixes' "choose-limits -l '0 100 1k 5M 5G 20 18446744073709551615' log | sed -n 's/^ *\([0-9]*\)  *[0-9]*  *tina.*/\1/p; s/^ *\([0-9]*\)  *0\$/\1/p' | tr '\n' , | grep -x '0,100,1000,5000000,5000000000,20,18446744073709551615,'"
it 'choose-limits: what is none is an error that says what is right, and no table' "for l in '5k x' 5x '' ' ' -5 +5 1e3 5:2 5/1h/msg/all '*' 99999999999999999999 0x10 5kk k -- -1/1h; do choose-limits -l \"\$l\" log >got 2>said; [ \$? = 100 ] && [ ! -s got ] && [ \"\$(wc -l <said)\" = 1 ] && grep -q 'fatal: bad .*\(number\|suffix\|large\)' said || { echo \"\$l\"; cat got said; exit 1; }; done; choose-limits -c to -l 65536 log 2>said; [ \$? = 100 ] && grep 'at most 65535' said && choose-limits -p 1x log 2>said; [ \$? = 100 ] && grep 'period' said"
it 'choose-limits: a file will do' "choose-limits -l 100 $ex/breach.log | grep -q 'tina@example.org (217)'"
for awk in mawk gawk busybox original-awk; do
  if [ -d "$tmp/$awk" ]; then
    it "choose-limits: $awk says the same" "choose-limits log >want && PATH=$tmp/$awk:\$PATH choose-limits log | cmp - want"
  else
    skip "choose-limits: $awk says the same" "no $awk"
  fi
done
# Files as a logger leaves them that was killed or stopped, and a name of the usual form whose file was compressed.
mkdir torn packed
at=@400000006b0b42a600000000
printf '%s info msg 1: bytes 9 from <ann@example.org> qp 1 uid 7\n%s status: local 0/10 rem' $at $at >torn/@400000006b0b42a500000000.u
{
  echo "$at info msg 2: bytes 9 from <tina@example.org> qp 2 uid 7"
  for i in $(seq 50); do echo "$at starting delivery $i: msg 2 to remote r$i@example.net"; done
} >torn/current
sed 's/@40/x@40/' torn/current | gzip >packed/@400000006b0b42a500000000.s
head -n 4 torn/current >packed/current
it 'choose-limits: a line that was cut does not spoil the first of the next file' "choose-limits -l '10 40' torn >got && grep -Eq '^ +40 +1  tina@example.org \(50\)\$' got"
it 'choose-limits: a compressed file is told, whatever its name' "choose-limits -l '2 40' packed >got 2>said && grep -Eq '^ +2 +1  tina@example.org \(3\)\$' got && grep '^ratetap: warning: skipping ./@400000006b0b42a500000000.s: ' said"
it 'choose-limits: it counts what -w counts' "for dir in torn packed log; do ratetap -r 1 -w \$dir 1000000/1h/remote </dev/null 2>&1 >/dev/null | sed -n 's/.* max=//p' >want && [ -s want ] && choose-limits \$dir 2>/dev/null | sed -n '1s/.* reached //p' | cmp - want || exit 1; done"
it 'choose-limits: a running logger has the lock, and nobody waits for it' "cp -R torn held && flock held/lock choose-limits held >got 2>said && grep '(50)' got && [ ! -s said ]"
it 'choose-limits: nothing is written into LOG, and no scratch stays' "mkdir scratch && ls -lR torn >want && TMPDIR=\$PWD/scratch choose-limits torn >/dev/null && ls -lR torn | cmp - want && [ -z \"\$(ls scratch)\" ]"
proposed() { sed -n 's/^  \([-+0-9]\)/\1/p'; }
export strange='x$(touch${IFS}owned)`touch${IFS}owned`";touch${IFS}owned;_s\n'\''@example.org'
# sends N NAME: N recipients.
sends() { seq "$1" | who=$2 awk -v m="$1" 'NR == 1 { print "info msg " m ": bytes 9 from <" ENVIRON["who"] "> qp 1 uid 7" } { print "starting delivery " ++n m ": msg " m " to remote r" n "@example.net" } END { print "end msg " m }'; }
it 'choose-limits: the few who are far above all others get a rule of their own, as a rules file takes it' "choose-limits log >got && proposed <got >rules && printf '%s\n' -tina@example.org -news-return@lists.example.org 20/1h/remote/sender '-*' +tina@example.org +news-return@lists.example.org 500/1h/remote/sender | cmp - rules && ratetap -n -f rules | cmp - rules &&
  [ -z \"\$(alerts -f rules <$ex/breach.log)\" ]"
it 'choose-limits: with the selections that were given before it' "choose-limits log '-*-return@*' '-foo@*' >got && proposed <got >rules && printf '%s\n' '-*-return@*' '-foo@*' -tina@example.org 20/1h/remote/sender '-*' +tina@example.org 500/1h/remote/sender | cmp - rules"
ordinary() { for i in 1 2 3 4 5 6 7 8; do sends 1$i user$i@example.org; done; }
it 'choose-limits: no such rule where nobody is far above the others' "{ ordinary; sends 30 ann@example.org; } >even && choose-limits even >got && grep 'ann@example.org (30)' got && ! grep '^  [-+]' got"
it 'choose-limits: nor where all but one are' "{ sends 500 ann@example.org; sends 501 bob@example.org; sends 502 eve@example.org; sends 1 low@example.org; } >even && ! choose-limits even | grep '^  [-+]'"
it 'choose-limits: a proposed limit is one, of different values too' "for i in \$(seq 5); do sends \$i u\$i@example.org; done >odd && sends 50000 many@example.org >>odd && choose-limits -c to odd | proposed >rules && grep -x 65535/1h/to/sender rules && ratetap -n -f rules"
it 'choose-limits: a name is no pattern' "{ ordinary; sends 900 '*?[a]@example.org'; } >odd && choose-limits odd | proposed >rules && ratetap -f rules -t user1@example.org | grep '^50/1h/remote/sender: yes' && ratetap -f rules -t '*?[a]@example.org' | grep '^2000/1h/remote/sender: yes'"
it 'choose-limits: names that reach 0 are the others, too' "for i in 90000 4000 0 0 0 0 0 0 0; do echo \"info msg \$((m += 1)): bytes \$i from <u\$m@example.org> qp 1 uid 7\"; done >odd && choose-limits -c byte odd 2>/dev/null | proposed | tr '\n' , | grep -x -- '-u1@example.org,-u2@example.org,10/1h/byte/sender,-\*,+u1@example.org,+u2@example.org,200000/1h/byte/sender,'"
it 'choose-limits: domains and user IDs are selected as such' "{ for i in 1 2 3 4 5 6 7 8; do sends 1\$i a@b\$i.example; done; sends 900 x@big.example; } >odd && choose-limits -k domain odd | grep '^  -\*@big.example\$' && for i in 1 2 3 4 5 6 7 8; do sends 1\$i a@b.example | sed s/uid.7/uid\ \$i/; done >odd && sends 900 x@y.example >>odd && choose-limits -k uid odd | grep -- '^  -uid 7\$'"
it 'choose-limits: names of strangers are only text' "{ ordinary; sends 900 \"\$strange\"; } >odd && choose-limits odd | grep '(900)\$' && [ ! -e owned ]"

for awk in mawk gawk busybox original-awk; do
  if [ -d "$tmp/$awk" ]; then
    it "choose-limits: $awk has large numbers in full" "for i in 1 2 3 4 5 6; do echo \"info msg \$i: bytes \${i}000000000 from <u\$i@example.org> qp \$i uid 7\"; done >odd && echo 'info msg 7: bytes 900000000000 from <big@example.org> qp 7 uid 7' >>odd && PATH=$tmp/$awk:\$PATH choose-limits -c byte -l '5G 9G' odd >got && grep '7 names, the busiest reached 900000000000\$' got && grep '^ *9000000000 *1  big' got && proposed <got | tr '\n' , | grep -x -- '-big@example.org,20000000000/1h/byte/sender,-\*,+big@example.org,2000000000000/1h/byte/sender,'"
  else
    skip "choose-limits: $awk has large numbers in full" "no $awk"
  fi
done

# plotted NAME...: a claim about a picture, where gnuplot is.
pictured() { if command -v gnuplot >/dev/null; then it "plot-rates $1" "$2"; else skip "plot-rates $1" 'no gnuplot'; fi; }
demo() { ratetap -a 3 -- '-*@lists.example.org' 100:50/1h/remote <"$ex/breach.log" 3>&1 >/dev/null; }
by=$(gnuplot --version 2>/dev/null | awk '{ print $2, "patchlevel", $4 }')
demo >plotted
pictured 'draws a PNG' "plot-rates $ex/breach.log plotted out.png && [ \"\$(dd bs=1 skip=1 count=3 if=out.png 2>/dev/null)\" = PNG ]"
pictured 'says so when nothing in a log was understood' \
  "sed 's/^[^ ]* /FOO: /' $ex/breach.log >foo && ! plot-rates foo plotted out.png 2>said && grep '^plot-rates: fatal: nothing in foo was understood' said"
pictured 'leaves nothing in the folder but the picture' "rm -f out.*; plot-rates $ex/breach.log plotted out.svg && [ \"\$(echo out*)\" = out.svg ]"
pictured 'names who is over beside the curve, and all below' "[ \"\$(grep -c '>tina@example.org<' out.svg)\" = 2 ] && [ \"\$(grep -c '>news-return@lists.example.org<' out.svg)\" = 1 ]"
text() { tai64nlocal <"$ex/breach.log" | sed "s/^\([^ ]*\) \([^ ]*\) /$1/"; }
pictured 'reads every stamp that ratetap reads: the same picture from each' \
  "text '\1 \2 ' >a.log && text '\1T\2Z stdout F ' >b.log && text '\1T\2+00:00 mx qmail[7]: ' >c.log && awk '{ split(\$1, d, \"@\"); \$1 = \"\"; print substr(\$0, 2) }' $ex/breach.log >text && text '\1 \2|' | date -f /dev/null && tai64nlocal <$ex/breach.log | cut -c 1-29 | date -f - +%s.%N | paste -d ' ' - text >d.log &&
  for log in a b c d; do plot-rates \$log.log plotted got.svg && cmp got.svg out.svg || exit 1; done"
pictured 'draws another rule for senders, and none' "alerts 3/10m/msg <$ex/breach.log >few && plot-rates $ex/breach.log few got.svg && grep 'counted: 3/10m/msg/sender' got.svg && : >none && plot-rates $ex/breach.log none got.svg 2>said && grep 'no alert in sight' got.svg && [ ! -s said ]"
pictured 'takes a name with an = for a name' "plot-rates $ex/breach.log plotted want.svg && cp plotted a=b && plot-rates $ex/breach.log a=b got.svg </dev/null && cmp got.svg want.svg"
pictured 'leaves out a name that may be cut' "{ ordinary; sends 300 \"\$(printf %0900d 0)@example.org\"; sends 200 plain@example.org; } | sed 's/^/2026-11-23T09:00:00Z /' >odd && alerts 100/1h/remote <odd >few && plot-rates odd few got.svg && grep '>plain@example.org<' got.svg && ! grep 0000000000 got.svg"
pictured 'takes names of strangers for text' "{ ordinary; sends 300 \"\$strange\"; } | sed 's/^/2026-11-23T09:00:00Z /' >odd && alerts 100/1h/remote <odd >few && plot-rates odd few got.svg && grep '>x__touch__ifs_owned_' got.svg && [ ! -e owned ]"
for awk in mawk gawk busybox original-awk; do
  if [ -d "$tmp/$awk" ]; then
    pictured "with $awk draws after 2038, and large numbers" "sed 's/^@400000006b0/@40000000800/; s/: bytes /&9000000/' $ex/breach.log >late && alerts 100:50/1h/remote <late >few && PATH=$tmp/$awk:\$PATH plot-rates late few got.svg && grep 'from 2038-01-2' got.svg && grep -c 'tina@example.org<' got.svg | grep -x 2 && alerts 9G/1h/byte <late >few && PATH=$tmp/$awk:\$PATH plot-rates late few got.svg && [ \"\$(grep -c 'tina@example.org<' got.svg)\" = 2 ]"
    pictured "with $awk draws the same" "PATH=$tmp/$awk:\$PATH plot-rates $ex/breach.log plotted got.svg && cmp got.svg out.svg"
  else
    skip "plot-rates with $awk draws the same" "no $awk"
  fi
done
undated() { sed '/^<desc>/d' "$1"; }
if grep -q "GNUPLOT $by " "$top/doc/breach.svg"; then
  it 'doc/breach.svg is the picture of the demo, drawn by plot-rates' "undated out.svg >got && undated $top/doc/breach.svg | cmp - got"
else
  skip 'doc/breach.svg is the picture of the demo, drawn by plot-rates' "it was drawn by another gnuplot${by:+ than $by}"
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
it 'queue-of: an unknown option, and an output that is full' 'mkdir -p q/info && { queue-of -q q ann@example.org part 2>said; [ $? = 111 ]; } && grep "^queue-of: fatal: unable to read q/todo: " said && queue-of -z ann@example.org part 2>said; [ $? = 100 ] && grep "^queue-of: fatal: -z: unknown option" said && { queue-of tina@example.org part 2>said >/dev/full; [ $? = 111 ]; }'
it 'queue-of: wrong command lines, and a log that cannot be read' "queue-of ann@example.org; [ \$? = 100 ] && { queue-of ann@example.org nowhere; [ \$? = 111 ]; } && { queue-of account:ann part 2>said; [ \$? = 100 ]; } && grep -q '^queue-of: fatal: bad KEY account:ann: ' said &&
  { queue-of '' part; [ \$? = 100 ]; } && { queue-of -k ann part; [ \$? = 100 ]; } && { queue-of -e -x + ann part; [ \$? = 100 ]; } && { queue-of -q nowhere ann part; [ \$? = 111 ]; }"
stored() { # NUMBER SENDER...: lines of a stored log
  n=$1; shift
  for s; do info '@400000006b0b42a600000000 ' $n "$s"; n=$((n + 1)); done
}
it 'queue-of: a stored file that ends within a line is not joined to the next' "rm -rf cut && mkdir cut && { stored 1 ann@example.org; printf '@400000006b0b426a00000000 status: local 0/10 rem'; } >cut/@400000006b0b42a600000000.u && stored 2 tina@example.org >cut/current &&
  [ \"\$(queued tina@example.org cut)\" = 2, ] && [ \"\$(queued ann@example.org cut)\" = 1, ]"
it 'queue-of: zero bytes at the beginning of a file, as a power cut leaves them' "rm -rf cut && mkdir cut && { head -c 4096 /dev/zero; stored 2 tina@example.org; } >cut/current && [ \"\$(queued tina@example.org cut)\" = 2, ]"
it 'queue-of: a file that the logger has compressed is told, whatever its name' "rm -rf cut && mkdir cut && stored 1 tina@example.org | gzip >cut/@400000006b0b445400000000.s && stored 2 tina@example.org >cut/current &&
  queue-of tina@example.org cut >got 2>said && [ \"\$(cat got)\" = 2 ] && grep -q '^queue-of: warning: skipping cut/@400000006b0b445400000000.s: it is compressed' said"
it 'queue-of: a line that splogger has cut is one' "{ printf 'Nov 23 12:44:00 h qmail: 1461492794.123456 info msg 7: bytes 9 from <%s\n' \"\$(head -c 740 /dev/zero | tr '\0' a)\"; printf 'Nov 23 12:44:00 h qmail: 1461492794.123456+%s@example.org> qp 4 uid 5\n' \"\$(head -c 100 /dev/zero | tr '\0' b)\"; } >in &&
  [ \"\$(queued domain:example.org in)\" = 7@h, ]"
it 'queue-of: a key as an alert shows it' "info '' 1 'a_b@example.org' >in && [ \"\$(queued a%5Fb@example.org in)\" = 1, ]"

# A qmail queue: info files with the sender, envelopes in todo.
in_queue() { mkdir -p "queue/info/$(($1 % 23))" && printf 'F%s\0' "$2" >"queue/info/$(($1 % 23))/$1"; }
in_todo() { printf 'u%s\0p7\0F%s\0Tbob@example.net\0' "${3:-89}" "$2" >"queue/$1"; }
queue() { rm -rf queue && n=0 && while [ $n -lt 23 ]; do mkdir -p queue/info/$n queue/todo; n=$((n + 1)); done; }
it 'queue-of -q: only what the queue has from that sender, for numbers are used again' "queue && { info '' 100 Ann@example.org; info '' 101 ann@example.org; info '' 102 ann@example.org; info '' 103 ann@example.org; } >in && in_queue 100 Ann@example.org && in_queue 101 bob@example.org && in_queue 103 ann@example.org.evil &&
  [ \"\$(queued ann@example.org in)\" = 100,101,102,103, ] && [ \"\$(queued -q queue ann@example.org in)\" = 100, ] && [ \"\$(queued -q queue domain:example.org in)\" = 100, ] && [ \"\$(queued -q queue uid:89 in)\" = 100, ]"
it 'queue-of -q: a sender as qmail-send logs it' "queue && info '' 100 '__nn_20@example.org' >in && in_queue 100 \"\$(printf '\303\244nn%%20@example.org')\" && [ \"\$(queued -q queue __nn_20@example.org in)\" = 100, ]"
it 'queue-of -q: and what is in todo, by its envelope, once' "queue && info '' 100 ann@example.org >in && in_queue 100 ann@example.org && in_todo todo/100 ann@example.org && in_todo todo/200 ANN@example.org 33 && in_todo todo/201 bob@example.org && mkdir queue/todo/7 && in_todo todo/7/300 ann@example.org && printf 'u7' >queue/todo/400 && : >queue/todo/401 && mkfifo queue/todo/402 && ln -s 200 queue/todo/403 &&
  [ \"\$(queue-of -q queue ann@example.org in | sort -n | tr '\n' ,)\" = 100,200,300, ] && [ \"\$(queued -q queue uid:33 in)\" = 200, ] && [ \"\$(queue-of -q queue domain:example.org in | sort -n | tr '\n' ,)\" = 100,200,201,300, ]"
it 'queue-of -q: a queue that is not split' "rm -rf queue && mkdir -p queue/info queue/todo && info '' 100 ann@example.org >in && printf 'Fann@example.org\0' >queue/info/100 && [ \"\$(queued -q queue ann@example.org in)\" = 100, ]"
it 'queue-of -q: what is empty, cut or no file says nothing, and nothing waits for it' "queue && for n in 100 101 102 103; do info '' \$n ann@example.org; done >in && : >queue/info/8/100 && printf Fann@example.org >queue/info/9/101 && mkfifo queue/info/10/102 && in_queue 103 ann@example.org && [ \"\$(timeout -s KILL 10 queue-of -q queue ann@example.org in)\" = 103 ]"
it 'queue-of -q touches nothing' "queue && info '' 100 ann@example.org >in && in_queue 100 ann@example.org && in_todo todo/200 ann@example.org && find queue -printf '%p %m %s %T@ %C@\n' | sort >before && queue-of -q queue ann@example.org in && find queue -printf '%p %m %s %T@ %C@\n' | sort | cmp before -"
done_testing
