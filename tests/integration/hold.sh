#!/bin/sh
# ratetap-hold: which alerts hold whom, what it does in GATE and what it leaves alone.

# shellcheck disable=SC2016,SC2034,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

hold=$(dirname "$(readlink -f "$ratetap")")/ratetap-hold
rule=100:50/1h/remote
since=@400000006565656500000000
later=@400000006565656600000000

begin() {
  mkdir -m 711 gate
  exec 2>err
}
over() { echo "${3:-$since} over ${4:-$rule/sender} $1 count=101 within=3 msg=7 qp=41 uid=89 from=${2-$1} to=bob@example.net"; }
under() { echo "$later under ${2:-$rule/sender} $1 count=50 peak=230 total=450 since=$since lasted=59"; }
still() { echo "$later still ${2:-$rule/sender} $1 count=70 peak=230 total=450 since=${3:-$since} from=$1"; }
start() { echo "$later note start rules=2 over=$1"; }
# The files in GATE, as one line
held() { (cd gate && find . ! -name . ! -name '.held' | sed 's|^\./||' | sort | tr '\n' ' '); }
holds() { [ "$(held)" = "${1:+$1 }" ] || { echo "held: $(held)"; return 1; }; }

it 'over holds the key, not the sender as it was logged' \
  'begin; over ann@example.org Ann+x@Example.org | "$hold" gate && holds sender:ann@example.org &&
   echo "$rule/sender $since Ann+x@Example.org" | cmp - gate/sender:ann@example.org'
it 'under does not let go, nor does a start' 'begin; { over ann@example.org; under ann@example.org; start 0; } | "$hold" gate && holds sender:ann@example.org'
it 'nor after the next start of ratetap-hold' 'begin; over ann@x | "$hold" gate; { under ann@x; start 0; } | "$hold" gate && holds sender:ann@x'
it 'who is held and over again stays held, and his file is as it was' \
  'begin; { over ann@x; under ann@x; over ann@x ann@x $later; } | "$hold" gate && holds sender:ann@x && [ "$(cat gate/*)" = "$rule/sender $since ann@x" ]'
it 'a hundred held, listed and released need no more descriptors than one' 'begin
  for i in $(seq 100); do over u$i@x; done | prlimit --nofile=20 "$hold" -u gate && prlimit --nofile=20 "$hold" -l gate >listed && [ "$(wc -l <listed)" = 100 ] &&
  for i in $(seq 100); do under u$i@x; done | prlimit --nofile=20 "$hold" -u gate && holds "" && ! grep warning err'
it 'more and still hold who was missed' 'begin
  { over ann@x | sed "s/ over / more /"; still bob@x; } | "$hold" gate && holds "sender:ann@x sender:bob@x" && [ "$(cat gate/sender:bob@x)" = "$rule/sender $since bob@x" ]'
it 'still is understood with words that are not known' 'begin; still bob@x | sed "s/count=/new=9 count=/; s/$/ more=1/" | "$hold" gate && holds sender:bob@x'
it 'an alert without its newline was cut, and is none' 'begin
  over ann@x | tr -d "\n" | "$hold" gate && holds "" && { over ann@x; under ann@x | tr -d "\n"; } | "$hold" -u gate && holds sender:ann@x &&
  { over ann@x; start 0 | tr -d "\n"; } | "$hold" -u gate && holds sender:ann@x'
it 'an alert of which a field is missing, or no number, is none' 'begin
  for f in count msg qp uid from to; do over $f@x | sed "s/ $f=[^ ]*//"; done >log; for f in count msg qp uid; do over $f@x | sed "s/ $f=/&x/"; done >>log
  for f in count peak total since from; do still $f@x | sed "s/ $f=[^ ]*//"; done >>log; over word@x "" "" "5/1h/line/{}%20of%20{}" | sed "s/ msg=.*//" >>log
  "$hold" -r "*" gate <log && holds "" || exit 1
  for f in count peak total since lasted; do over $f@x; under $f@x | sed "s/ $f=[^ ]*//"; done | "$hold" -u gate && [ "$(held | wc -w)" = 5 ]'
it 'an alert of an earlier version, without within=, holds' 'begin; over ann@x | sed "s/ within=3//" | "$hold" gate && holds sender:ann@x'
it 'by default only remote, to and host of a sender hold' 'begin
  for count in msg remote rcpt byte fail defer bounce to host; do over $count@x $count@x "" 5/1m/$count/sender; done | "$hold" gate &&
  holds "sender:host@x sender:remote@x sender:to@x"'
it 'by default no other key is held' 'begin
  { over example.org a@example.org "" $rule/domain; over 1001 a@x "" 10/1h/from/uid; over 1001 a@x "" $rule/uid; over "*" a@x "" $rule/all
    over ann@x ann@x "" 5/1m/line/sender; over ann@x ann@x "" 5/1m/line/a/sender; over ann@x ann@x "" nonsense; over ann@x ann@x "" 5/1m/remote/domain; } |
  "$hold" gate && holds ""'
it 'a short rule is read as its long form' 'begin; over ann@x ann@x "" 5/1m/remote | "$hold" gate && holds sender:ann@x'

# -r
it '-r names other rules, and then only these hold' 'begin
  { over ann@x; over bob@x bob@x "" 5/1m/fail/sender; over example.org a@b "" $rule/domain; over 1001 "" "" 5/1m/msg/uid; } | "$hold" -r "5/1m/*" -r "*/domain" gate &&
  holds "domain:example.org sender:bob@x uid:1001" && echo "5/1m/msg/uid $since <>" | cmp - gate/uid:1001'
it '-r: a line rule holds an account, its word as it is' 'begin
  echo "$since over 30/10m/line/login%20success%20{}: ann%40b%C3%A4@x count=31 within=5" | "$hold" -r "30/10m/line/login success {}:" gate && holds "account:ann%40b%C3%A4@x" || holds "account:ann@b%C3%A4@x"'
it '-r: a line rule whose pattern ends with a blank, as -n prints it' 'begin
  echo "$since over 5/1h/line/to%20 bob count=6 within=0" | "$hold" -r "$("$ratetap" -n "5/1h/line/to ")" gate && holds account:bob'
it '-r: uid 0 and KEY * are never held' 'begin
  { for u in 0 00 -1 "" x 18446744073709551616 01; do over "$u" a@x "" 5/1m/msg/uid; done; over "*" a@x "" 5/1m/msg/all; over "*" a@x "" 5/1m/line/a; } | "$hold" -r "*" gate && holds ""'
it 'the null senders are never held' 'begin; { over "#@[]"; over "" ""; } | "$hold" -r "*" gate && holds ""'
it 'other words hold nobody' 'begin; over ann@x | sed "s/ over / top /; p; s/ top / OVER /; p; s/ OVER / overs /" | "$hold" gate && holds ""'
it 'keys are read with %XX undone' 'begin; echo "$since over $rule/sender a%25b%2F%C3%A4@x count=1 within=0 msg=1 qp=1 uid=1 from=a to=b" | "$hold" gate && holds "sender:a%25b%2F%C3%A4@x"'
it 'a key that may have been cut is told, never held' 'begin
  { over "$(head -c 896 /dev/zero | tr "\0" k)@x"; over "$(head -c 896 /dev/zero | tr "\0" l)@x"; } | cut -c -2000 | "$hold" gate && holds "" && [ "$(grep -c "not held, the alert may have cut" err)" = 2 ] || exit 1
  over "$(head -c 895 /dev/zero | tr "\0" k)@x" | "$hold" gate && [ "$(held | grep -c sha256)" = 1 ]'

# What strangers bring about, by the rules of examples/rules.
strangers() { # FIRST: 26 messages from boss@example.org as he wrote them, to dead mailboxes here
  for i in $(seq 26); do
    echo "@400000006ab13b8a10000000 info msg $i: bytes 900 from <boss@example.org> qp $i uid 7791"
    echo "@400000006ab13b8a10000000 starting delivery $i: msg $i to local example.org-nobody$i@example.org"
    echo "@400000006ab13b8a10000000 delivery $i: failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/"
    echo "@400000006ab13b8a10000000 end msg $i"
  done
}
it 'forged mail to dead mailboxes is told, and holds nobody' 'begin
  strangers | "$ratetap" -a 3 -f "$top/examples/rules" 3>alerts >/dev/null && grep -q " over 25:10/1h/fail/sender boss@example.org " alerts && "$hold" -d example.org gate <alerts && holds "" && [ ! -s err ]'
it 'eleven strangers are told, and do not hold the user ID of qmail-smtpd' 'begin
  for i in $(seq 11); do echo "info msg $i: bytes 9 from <s$i@example.net> qp $i uid 7791"; done | "$ratetap" -a 3 10/1h/from/uid 3>alerts >/dev/null && grep -q " over 10/1h/from/uid 7791 " alerts && "$hold" gate <alerts && holds ""'

# Who is released.
it 'released by hand: the same episode does not hold again' 'begin
  over ann@x | "$hold" gate; rm gate/sender:*; { still ann@x; over ann@x; over ann@x | sed "s/ over / more /"; start 1; still ann@x; } | "$hold" gate && holds ""'
it 'nor does any other that was open then' 'begin
  { over ann@x; over ann@x ann@x "" 5/1m/to/sender; } | "$hold" gate; rm gate/sender:*
  { start 2; still ann@x; still ann@x 5/1m/to/sender; } | "$hold" gate && holds "" && { still ann@x 5/1m/to/sender; over ann@x ann@x "" 5/1m/to/sender; } | "$hold" gate && holds ""'
it 'nor if still gives it another since, by up to a minute' 'begin
  over ann@x | "$hold" gate; rm gate/sender:*
  for s in 6565656500000005 65656564ffffffff 656565293fffffff 65656565a0000000; do still ann@x "" @40000000$s; done | sed "s/ since=@400000006565656500000005/ since=@400000006565656500000005/" | "$hold" gate && holds ""'
it 'nor do two times that TAI64 reserves' 'begin
  over ann@x ann@x @ffffffffffffffff00000000 | "$hold" gate; rm gate/sender:*; still ann@x "" @ffffffffffffffff00000001 | "$hold" gate && holds ""'
it 'but one that begins later does' 'begin
  over ann@x | "$hold" gate; rm gate/sender:*; still ann@x "" @40000000656565a200000000 | "$hold" gate && holds sender:ann@x'
it 'the next over does' 'begin; over ann@x | "$hold" gate; rm gate/sender:*; over ann@x ann@x $later | "$hold" gate && holds sender:ann@x'
it 'also under another rule' 'begin; over ann@x | "$hold" gate; rm gate/sender:*; over ann@x ann@x $later 5/1m/to/sender | "$hold" gate && holds sender:ann@x'
it 'released by hand while it runs, and over again at once: both are told, and the file says why' 'begin
  mkfifo pipe; exec 3<>pipe; "$hold" -p gate <pipe >out & note_pid $!
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" && rm gate/sender:ann@x && over ann@x ann@x $later 5/1m/to/sender >&3
  within 10 "[ -e gate/sender:ann@x ]" && [ "$(cat gate/sender:ann@x)" = "5/1m/to/sender $later ann@x" ] &&
  within 10 "[ \$(grep -c note out) = 3 ]" && grep note out | sed "s/^@[0-9a-f]* //" >got &&
  printf "note %s kind=sender key=ann@x rule=%s/sender\n" held "$rule" released "$rule" held 5/1m/to | cmp - got'
it 'a release outlasts a new GATE' 'begin
  mkfifo pipe; exec 3<>pipe; "$hold" gate <pipe & note_pid $!
  { over ann@x; over bob@x; } >&3; within 10 "[ -e gate/sender:bob@x ]" && rm gate/sender:ann@x || exit 1
  within 20 "grep -q \"released by hand sender:ann@x\" err" && rm -r gate && over carl@x >&3 && mkdir -m 711 gate || exit 1
  within 20 "[ -e gate/sender:bob@x ] && [ -e gate/sender:carl@x ]" && [ ! -e gate/sender:ann@x ]'
it 'exempted: under with reload=exempt lets go' 'begin; { over ann@x; under ann@x | sed "s/$/ reload=exempt/"; } | "$hold" gate && holds ""'
it 'unless another open episode holds the key' 'begin; { over ann@x; over ann@x ann@x "" 5/1m/to/sender; under ann@x | sed "s/$/ reload=exempt/"; } | "$hold" gate && holds sender:ann@x &&
  under ann@x 5/1m/to/sender | sed "s/$/ reload=exempt/" | "$hold" gate && holds ""'
it 'a limit that was edited frees no thief' 'begin; { over ann@x; under ann@x | sed "s/$/ reload=rule/"; } | "$hold" gate && holds sender:ann@x'

# -u
it '-u: under lets go' 'begin; { over ann@example.org; under ann@example.org; } | "$hold" -u gate && holds ""'
it '-u: under of another start too' 'begin; over ann@x | "$hold" -u gate && holds sender:ann@x && under ann@x | "$hold" -u gate && holds ""'
it '-u: reload=rule lets go too' 'begin; { over ann@x; under ann@x | sed "s/$/ reload=rule/"; } | "$hold" -u gate && holds ""'
it '-u: over and under again' \
  'begin; { over ann@x; under ann@x; over ann@x ann@x $later; } | "$hold" -u gate && holds sender:ann@x && under ann@x | "$hold" -u gate && holds ""'
it '-u: two rules hold the same key: neither under alone lets go' 'begin
  { over ann@x; over ann@x ann@x "" 5/1m/to/sender; under ann@x; } | "$hold" -u gate && holds sender:ann@x && under ann@x 5/1m/to/sender | "$hold" -u gate && holds "" || exit 1
  { over ann@x; over ann@x ann@x "" 5/1m/to/sender; under ann@x 5/1m/to/sender; } | "$hold" -u gate && holds sender:ann@x && under ann@x | "$hold" -u gate && holds ""'
it '-u: note start over=0 lets all go' 'begin; { over ann@x; over bob@x; start 0; } | "$hold" -u gate && holds ""'
it '-u: note start lets go of whom the still lines do not name' \
  'begin; { over ann@x; over bob@x; over carl@x; start 2; still bob@x; still dave@x; } | "$hold" -u gate && holds "sender:bob@x sender:dave@x"'
it '-u: so does note lost' \
  'begin; { over ann@x; over bob@x; echo "$later note lost alerts=7 over=1"; still bob@x; } | "$hold" -u gate && holds sender:bob@x'
it '-u: but not before they have all come' \
  'begin; { over ann@x; start 2; still bob@x; } | "$hold" -u gate && holds "sender:ann@x sender:bob@x" && still carl@x | "$hold" -u gate && holds "sender:bob@x sender:carl@x"'
it '-u: still lines of other rules count as well' \
  'begin; { over ann@x; start 2; still word 5/1m/line/user=; still "*" $rule/all; } | "$hold" -u gate && holds ""'
it '-u: a second start begins anew' 'begin; { over ann@x; over bob@x; start 3; still ann@x; start 1; still bob@x; } | "$hold" -u gate && holds sender:bob@x'
it '-u: a note without a number lets nobody go' 'begin
  { over ann@x; echo "$later note start rules=2"; echo "$later note start rules=2 over=x"; echo "$later note lost alerts=5"; } | "$hold" -u gate && holds sender:ann@x'
it '-u: other notes let nobody go' 'begin; { over ann@x; echo "$later note restored lines=1 over=0"; echo "$later note full evicted=5 over=0"; } | "$hold" -u gate && holds sender:ann@x'

# How ratetap folds.
it 'note start says how ratetap folds, GATE/.fold keeps it' 'begin; start 0 | sed "s/$/ fold=+%25/" | "$hold" gate && [ "$(cat gate/.fold)" = "+%25" ] && [ "$(stat -c %a gate/.fold)" = 644 ] || exit 1
  start 0 | sed "s/$/ fold=exact/" | "$hold" gate && [ "$(cat gate/.fold)" = exact ] && start 0 | "$hold" gate && [ ! -e gate/.fold ]'
it 'files have their modes, whatever the umask' 'begin; umask 077; { over ann@x; start 0 | sed "s/$/ fold=+/"; } | "$hold" gate && [ "$(stat -c %a gate/sender:ann@x gate/.fold gate/.held | tr "\n" " ")" = "644 644 600 " ]'

it '-d: only senders and domains within' 'begin
  { over ann@example.org; over bob@mail.Example.org; over carl@notexample.org; over dave@example.org.evil; over root; over ed@example.net
    over example.org a@b "" $rule/domain; over org a@b "" $rule/domain; over sub.example.org a@b "" $rule/domain; over 5 a@b "" $rule/uid; } |
    "$hold" -r "*" -d .example.org -d EXAMPLE.NET gate &&
    holds "domain:example.org domain:sub.example.org sender:ann@example.org sender:bob@mail.%45xample.org sender:ed@example.net uid:5"'
it '-d: who is left out is named once' 'begin
  { over ann@y; over ann@y ann@y $later; over bob@y; } | "$hold" -d x gate && [ "$(cat err)" = "ratetap-hold: not held, within no domain of -d: sender:ann@y
ratetap-hold: not held, within no domain of -d: sender:bob@y" ]'
it '-k of an earlier version does nothing, and says so' 'begin; over ann@x | "$hold" -k gate && holds sender:ann@x && grep -q "warning: -k does nothing" err'
it '-t lets go after that time, and the same episode does not hold again' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" -t 1 gate <pipe & pid=$!; note_pid $pid
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" && within 10 "[ ! -e gate/sender:ann@x ]" || exit 1
  { still ann@x; over ann@x; over bob@x; } >&3; within 10 "[ -e gate/sender:bob@x ]" && holds sender:bob@x || exit 1
  over ann@x ann@x $later >&3; within 10 "[ -e gate/sender:ann@x ]" && kill $pid && wait $pid'
it '-t: the newest over counts' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" -t 3600 gate <pipe & pid=$!; note_pid $pid
  over ann@x >&3; within 10 "grep -q ^made gate/.held" || exit 1
  until=$(sed -n "s/^made .* //p" gate/.held); now=$(date +%s); [ "$until" -ge $((now + 3500)) ] && [ "$until" -le $((now + 3700)) ]'
it 'the time is over while nobody runs' 'begin; over ann@x | "$hold" -t 1 gate && holds sender:ann@x && within 10 "\"$hold\" gate </dev/null && holds \"\""'
it '-n touches nothing, and says what would be done, and when' 'begin; { over ann@x; over bob@x; under bob@x; over ed@y; } | "$hold" -n -u -d x gate && holds "" && [ ! -e gate/.held ] &&
   grep -q "^$since ratetap-hold: would hold sender:ann@x: $rule/sender" err &&
   grep -q "^$later ratetap-hold: would let go sender:bob@x" err && [ "$(grep -c would err)" = 3 ]'
it '-n with -t: by the clock of the lines' 'begin; { over ann@x; over bob@x bob@x @400000006565656d00000000; } | "$hold" -n -t 9 gate && ! grep -q "let go" err || exit 1
  { over ann@x; over bob@x bob@x @400000006565656e00000000; } | "$hold" -n -t 9 gate && grep -q "^@400000006565656e00000000 ratetap-hold: would let go sender:ann@x" err'
it '-n with -t: a line of a time that has no end in 400 days' 'begin
  { over ann@x ann@x @4000000225c17d0900000000; over bob@x bob@x @4000000225c17d0a00000000; } | "$hold" -n -t 34560000 gate && ! grep "let go" err && [ "$(grep -c "would hold" err)" = 2 ]'
refused() { # WORDS ARGUMENT...: exit code 100, and these words
  words=$1
  shift
  "$hold" "$@" </dev/null 2>said >out
  [ $? = 100 ] && [ ! -s out ] && grep -q "^ratetap-hold: fatal: $words" said || { cat said; exit 1; }
}
it 'wrong command lines' 'mkdir gate
  for t in 0 -1 1x 34560001 99999999999999999999 ""; do refused "bad -t $t: a whole number of seconds" -t "$t" gate; done
  refused "bad -d : a domain" -d "" gate; refused "bad -r: a pattern" -r "" gate; refused "-u with -t" -u -t 9 gate
  for o in -n -p -u "-t 9" "-d example.org" "-r *"; do set -f; refused "-l with other options" -l $o gate; done
  refused "-z: unknown option" -z gate; refused "-t needs an argument" -t; "$hold" 2>said; [ $? = 100 ] && grep -q "^ratetap-hold: usage: " said; "$hold" gate gate 2>said; [ $? = 100 ]'
it '-l of no folder, or to nowhere' '"$hold" -l nowhere 2>said; [ $? = 111 ] && grep -q "unable to list nowhere: " said || exit 1; mkdir gate && : >gate/sender:ann@x && "$hold" -l gate 2>said >/dev/full; [ $? = 111 ] && { "$hold" -l gate 2>said >&-; [ $? = 111 ]; }'
it '-n needs no GATE' 'begin; over ann@x | "$hold" -n nowhere && [ ! -e nowhere ]'
it '-p prints each alert, and what was done' 'begin
  { over ann@x; echo nonsense; start 0; printf "@nonsense\n\n"; under ann@x; } >in; "$hold" -p -u gate <in >out; grep "^@4" in >want; grep -v " note held \| note released " out | cmp want - &&
  { over ann@x | "$hold" -p -u gate; under ann@x | "$hold" -p -u gate; } >out; sed "s/^@[0-9a-f]* //" out | grep "note held\|note released" >notes; printf "note %s kind=sender key=ann@x rule=$rule/sender\n" held released | cmp - notes'
it '-p: a release by hand is told, too' 'begin; over ann@x | "$hold" gate; rm gate/sender:*; "$hold" -p gate </dev/null >out; sed "s/^@[0-9a-f]* //" out >got; echo "note released kind=sender key=ann@x rule=$rule/sender" | cmp - got'
it '-p: a file that stands is not told again' 'begin
  { over ann@x | "$hold" -p gate; over ann@x ann@x $later | "$hold" -p gate; } >out; [ "$(grep -c "note held" out)" = 1 ] && [ "$(grep -c "hold sender" err)" = 1 ]'
it '-p: fields of notes are written as those of alerts' 'begin
  echo "$since over 5/1h/line/a%20{}%25 %C3%A4%25 count=6 within=0" | "$hold" -p -r "*" gate | tail -n 1 | sed "s/^@[0-9a-f]* //" >got; echo "note held kind=account key=%C3%A4%25 rule=5/1h/line/a%20{}%25" | cmp - got'

it 'what is damaged in the list is passed over, line by line, and the rest of it counts' 'begin
  over ann@x | "$hold" gate; made=$(grep "^made " gate/.held); cp gate/.held whole
  for line in "for r/1 @4" "for" "for r/1" "for r/1 @4 x y z" "for r/1 @4 - d - d" "still 1" "made sender:bob@x r/1" "some sender:bob@x r/1 @4 b b -" \
    "made sender:bob@x r/1 @4 b b 99999999999999999999" "made sender:bob@x r/1 @4 b b x" "made other:bob@x r/1 @4 b b -" "made sender:b/b r/1 @4 b b -" "made sender:BOB@x r/1 @4 b b -" " " "$made"; do
    { head -n 1 whole; [ "$line" != "for r/1 @4" ] || echo "$line"; [ "$line" = "for r/1 @4" ] || { sed 1d whole; echo "$line"; }; [ "$line" != "for r/1 @4" ] || sed 1d whole; } >gate/.held
    : >err; over ann@x | "$hold" gate 2>err && holds sender:ann@x && cmp whole gate/.held && [ "$(grep -c "warning: gate/.held: passing over" err)" = 1 ] || { echo "of: $line"; cat gate/.held err; exit 1; }
  done
  for first in "still" "still x" "stil 0" "still 0 0" ""; do { echo "$first"; sed 1d whole; } >gate/.held; over ann@x | "$hold" gate 2>err && cmp whole gate/.held && grep -q "passing over" err || { echo "of: $first"; exit 1; }; done'
it 'and a key that is longer than alerts write one, before its release is told' 'begin; over ann@x | "$hold" gate; cp gate/.held whole
  { cat whole; echo "made sender:bob@x r/1 @4 b $(head -c 6000 /dev/zero | tr "\0" k) -"; } >gate/.held
  "$hold" -p gate </dev/null >out && [ ! -s out ] && cmp whole gate/.held && grep -q "passing over" err'
it 'more than 64 rules that one key is over: a warning, he stays held, and a release covers those that are known' 'begin
  for i in $(seq 65); do over ann@x ann@x "" $i/1h/remote/sender; done | "$hold" gate && holds sender:ann@x && grep -q "too many are held: one more is not" err'
it '-l: of a file made by hand what can be known' 'mkdir gate
  : >gate/sender:a@x; echo "  some_word here" >gate/sender:b@x; echo "r/1 @400000006565656500000000" >gate/sender:c@x; ln -s nowhere gate/sender:d@x; mkdir gate/sender:e@x; head -c 9000 /dev/zero | tr "\0" x >gate/sender:f@x
  : >gate/discard:sender:nobody@x; : >gate/other; touch -d "1 hour ago" gate/discard:sender:a@x
  "$hold" -l gate >got && sed "s/x\{800,\}/LONG/" got | diff - - <<END
discard:sender a@x - - -
discard:sender nobody@x - - -
sender a@x - - -
sender b@x some_word - -
sender c@x r/1 @400000006565656500000000 -
sender d@x - - -
sender e@x - - -
sender f@x LONG - -
END'
it '-p: what the next reader does not take is lost in the end, and a note says how much' 'begin
  mkfifo pipe; exec 4<>pipe; awk "BEGIN { for (i = 0; i < 170000; i++) printf \"$since over 10/1h/msg/sender s%d@example.org count=11 within=3 msg=7 qp=41 uid=89 from=s%d@example.org\n\", i, i }" >in
  "$hold" -p gate <in >pipe 4>&- & pid=$!; note_pid $pid; within 20 "[ \"\$(sed -n s/pos:.//p /proc/$pid/fdinfo/0)\" -ge $(wc -c <in) ]" || exit 1
  exec 5<pipe; cat <&5 4>&- >out & reader=$!; note_pid $reader; exec 4>&- 5<&-; within 20 "gone $pid" && within 20 "gone $reader" || exit 1
  lost=$(sed -n "s/.* note lost alerts=//p" out); passed=$(grep -c " over " out); echo "# passed $passed, told as lost $lost"; [ $((passed + lost)) = 170000 ] && [ "$lost" -gt 0 ]'
it 'a file made by hand before is left alone' 'begin; echo mine >gate/sender:ann@x; { over ann@x; under ann@x; } | "$hold" -u gate && holds sender:ann@x && [ "$(cat gate/sender:ann@x)" = mine ]'
it 'an empty one too' 'begin; : >gate/sender:ann@x; { over ann@x; under ann@x; start 0; } | "$hold" -u gate && holds sender:ann@x && [ ! -s gate/sender:ann@x ]'
it 'a file made by hand while we hold the key is left alone' \
  'begin; over ann@x | "$hold" gate; rm gate/sender:ann@x; : >gate/sender:ann@x; under ann@x | "$hold" -u gate && holds sender:ann@x'
it 'a file changed by hand is left alone' 'begin; over ann@x | "$hold" gate; echo note >>gate/sender:ann@x; under ann@x | "$hold" -u gate && holds sender:ann@x'
it 'links, folders and FIFOs are left alone' 'begin
  echo keep >victim; ln -s ../victim gate/sender:a@x; ln -s nowhere gate/sender:b@x; mkdir gate/sender:c@x; mkfifo gate/sender:d@x; ln victim gate/sender:e@x
  held >before
  for k in a b c d e; do over $k@x; under $k@x; done | "$hold" -u gate && held | cmp before - && [ "$(cat victim)" = keep ]'
it 'a link in the place of the list is not followed' \
  'begin; echo keep >victim; ln -s ../victim gate/.held; over ann@x | "$hold" gate; [ $? = 111 ] && [ "$(cat victim)" = keep ] && holds ""'
it 'a folder or a FIFO in the place of the list: a warning, and it ends all the same' 'for make in mkdir mkfifo; do
  mkdir -p -m 711 gate && $make gate/.held && over ann@x | timeout -s KILL 10 "$hold" gate 2>err; [ $? = 111 ] && holds "" && grep -q "^ratetap-hold: warning: unable to read gate/.held" err && rm -r gate || exit 1; done'
it 'a link in the place of a new list is not followed' \
  'begin; echo keep >victim; ln -s ../victim gate/.held.new; ln -s ../victim gate/.held.file; over ann@x | "$hold" gate && [ "$(cat victim)" = keep ] && holds sender:ann@x'
it 'keys lead nowhere' 'begin; mkdir sub; { over ../sub/x; over ..; over /etc/passwd; over a/../../b; } | "$hold" gate && holds "sender:%2Fetc%2Fpasswd sender:.. sender:..%2Fsub%2Fx sender:a%2F..%2F..%2Fb" && [ -z "$(ls sub)" ]'
it 'a long key' 'begin; key=$(head -c 890 /dev/zero | tr "\0" k)@x; over $key | "$hold" gate && holds "sender:sha256-$(printf %s $key | sha256sum | cut -d" " -f1)" && under $key | "$hold" -u gate && holds ""'

it 'GATE that is missing: a warning, and it is filled once it is there' 'begin; rmdir gate
  mkfifo pipe; exec 3<>pipe
  "$hold" -p -u gate <pipe >out & pid=$!; note_pid $pid
  { over ann@x; over bob@x; under bob@x; } >&3; within 10 "grep -q \"^ratetap-hold: warning: unable to open gate\" err && [ \$(wc -l <out) = 3 ]" || exit 1
  mkdir -m 711 made && mv made gate; within 10 "[ -e gate/sender:ann@x ]" && holds sender:ann@x && kill $pid && wait $pid && [ "$(grep -c warning err)" = 1 ]'
it 'GATE that vanishes is filled when it comes back' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" gate <pipe & note_pid $!
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" && rm -r gate && over bob@x >&3 && within 10 "grep -q warning err" && mkdir -m 711 gate || exit 1
  within 10 "[ -e gate/sender:ann@x ] && [ -e gate/sender:bob@x ]"'
crowded() { # more alerts than there is memory for, between two that count
  over first@x
  yes "$(over ann@x | sed 's/ over / top /') $(head -c 3800 /dev/zero | tr '\0' x)" | head -n 6000
  over last@x
}
it 'GATE that is missing: no alert is forgotten, however many there are' 'begin; rmdir gate; crowded >in
  "$hold" gate <in & pid=$!; note_pid $pid
  within 20 "grep -q \"^ratetap-hold: warning: no memory\" err" || exit 1
  mkdir -m 711 gate; wait $pid && holds "sender:first@x sender:last@x"'
it 'a second one waits for the first' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" gate <pipe & first=$!; note_pid $first
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" || exit 1
  mkfifo other; exec 4<>other
  "$hold" -u gate <other & second=$!; note_pid $second
  { over bob@x; under ann@x; } >&4; within 10 "grep -q \"kept by another\" err" && holds sender:ann@x && kill -9 $first && within 10 "holds sender:bob@x" && kill -TERM $second && within 10 "gone $second"'
it 'GATE that others cannot search: a warning' 'begin; chmod 700 gate; over ann@x | "$hold" gate && holds sender:ann@x && grep -q "chmod 711" err'
it 'GATE that others can list: a warning' 'begin; chmod 755 gate; over ann@x | "$hold" gate && holds sender:ann@x && grep -q "chmod 711" err'
it 'a list of the earlier version is understood' 'begin
  printf "still 0\nmade sender:ann@x r/1 @4 ann@x\nfor r/1 @4 - -\nnone sender:bob@x r/1 @4 bob@x\nfor r/1 @4 - s\n" >gate/.held; echo "r/1 @4 ann@x" >gate/sender:ann@x
  "$hold" gate </dev/null && holds sender:ann@x && ! grep -q warning err && start 0 | "$hold" -u gate && holds ""'
it 'a list that is not ours: what is understood of it counts' 'begin
  over ann@x | "$hold" gate; { echo "still 0"; echo "made ../x a b c"; sed 1d gate/.held; echo "for"; } >new; mv new gate/.held; echo keep >x
  under ann@x | "$hold" -u gate && holds "" && [ "$(cat x)" = keep ] && grep -q "warning: gate/.held: passing over" err'

it '-p: standard output that nobody reads holds nothing up' 'begin
  mkfifo pipe out; exec 3<>pipe 4<>out
  "$hold" -p gate <pipe >out & pid=$!; note_pid $pid
  i=0; while [ $i -lt 1500 ]; do over u$i@x; i=$((i + 1)); done >&3
  within 60 "[ -e gate/sender:u1499@x ]" && kill $pid && wait $pid'
it '-p: standard output that is gone holds nothing up' 'begin
  mkfifo pipe out; exec 3<>pipe; cat <out >/dev/null & reader=$!
  "$hold" -p gate <pipe >out & pid=$!; note_pid $pid; note_pid $reader
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" && kill $reader; wait $reader
  over bob@x >&3; within 10 "[ -e gate/sender:bob@x ] && grep -q \"standard output\" err" && kill $pid && wait $pid'

hostile() {
  awk 'BEGIN { srand(7); for (i = 0; i < 2000; i++) { line = ""; n = int(rand() * 60)
    for (j = 0; j < n; j++) line = line sprintf("%c", 1 + int(rand() * 255)); print line } }'
  printf '\0\0\n%s over\n%s\n%s over  \n' $since $since $since
  head -c 100000 /dev/zero | tr '\0' '@'; echo
  over "$(head -c 10000 /dev/zero | tr '\0' a)"
  over ann@x | sed 's/ /  /g'
  over ann@x | tr ' ' '\t'
  over ann@x | sed 's/over/over\r/'
  over ann@x | cut -c 2-
}
it 'lines that are no alerts do nothing' 'begin; hostile | "$hold" -p gate >out && holds "" && [ ! -s out ]'
it 'an alert that is cut is none' 'begin; over ann@x.org | cut -d" " -f-4 | tr -d "\n" | "$hold" gate && holds ""'

wrong() {
  "$hold" "$@" </dev/null 2>said
  [ $? = 100 ] && grep -q '^ratetap-hold: ' said
}
it 'wrong command lines' 'wrong && wrong a b && wrong -q a && wrong -t 0 a && wrong -t x a && wrong -t && wrong -t 34560001 a && wrong -d "" a && wrong -d a@b a && wrong -d && wrong -u -t 5 a && wrong -r "" a && wrong -l && wrong -l -n a && wrong -l a b'

# -l
it '-l lists who is held' 'begin
  { over ann@x; over "$(head -c 300 /dev/zero | tr "\0" k)@x"; } | "$hold" gate; echo note >gate/uid:7; : >gate/domain:%41; echo " two words" >gate/account:bob; mkdir gate/sub; : >gate/other
  "$hold" -l gate >got; printf "%s\n" "account bob two - -" "domain A - - -" "sender ann@x $rule/sender $since -" "sender $(head -c 300 /dev/zero | tr "\0" k)@x $rule/sender $since -" "uid 7 note - -" | cmp - got'
it '-l: until when' 'begin; over ann@x | "$hold" -t 9999 gate; "$hold" -l gate | grep -q "^sender ann@x $rule/sender $since @40000000[0-9a-f]*$"'
it '-l: what is discarded, if it counts' 'begin; over ann@x | "$hold" gate; touch gate/discard:sender:ann@x gate/discard:sender:bob@x; "$hold" -l gate >got
  printf "%s\n" "discard:sender ann@x $rule/sender $since -" "discard:sender bob@x - - -" "sender ann@x $rule/sender $since -" | cmp - got || exit 1
  touch -d "2001-01-01" gate/discard:sender:ann@x; "$hold" -l gate | grep -qx "discard:sender ann@x - - -"'
it '-l of no GATE' 'begin; ! "$hold" -l nowhere && grep -q "unable to list nowhere" err'

done_testing
