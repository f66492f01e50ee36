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
over() { echo "${3:-$since} over ${4:-$rule/sender} $1 count=101 msg=7 qp=41 uid=89 from=${2-$1} to=bob@example.net"; }
under() { echo "$later under ${2:-$rule/sender} $1 count=50 peak=230 total=450 since=$since lasted=59"; }
still() { echo "$later still ${2:-$rule/sender} $1 count=70 peak=230 total=450 since=${3:-$since} from=$1"; }
start() { echo "$later note start rules=2 over=$1"; }
# The files in GATE, as one line
held() { (cd gate && find . ! -name . ! -name '.held' | sed 's|^\./||' | sort | tr '\n' ' '); }
holds() { [ "$(held)" = "${1:+$1 }" ] || { echo "held: $(held)"; return 1; }; }

it 'over holds the key, not the sender as it was logged' \
  'begin; over ann@example.org Ann+x@Example.org | "$hold" gate && holds sender:ann@example.org &&
   echo "$rule/sender $since Ann+x@Example.org" | cmp - gate/sender:ann@example.org'
it 'under lets go' 'begin; { over ann@example.org; under ann@example.org; } | "$hold" gate && holds ""'
it 'under of another start too' 'begin; over ann@x | "$hold" gate && holds sender:ann@x && under ann@x | "$hold" gate && holds ""'
it 'over and under again' \
  'begin; { over ann@x; under ann@x; over ann@x ann@x $later; } | "$hold" gate && holds sender:ann@x && under ann@x | "$hold" gate && holds ""'
it 'a domain and a user ID are held' \
  'begin; { over example.org a@example.org "" $rule/domain; over 1001 "" "" 5/1m/msg/uid; } | "$hold" gate && holds "domain:example.org uid:1001" &&
   echo "5/1m/msg/uid $since <>" | cmp - gate/uid:1001'
it 'no other key is' 'begin
  { over "*" a@x "" $rule/all; over ann@x ann@x "" 5/1m/line/sender; over ann@x ann@x "" "5/1m/line/a/sender"; over ann@x ann@x "" nonsense
    over ann@x ann@x "" 5/1m/remote; } | "$hold" gate && holds sender:ann@x && ! grep -q nonsense gate/*'
it 'user ID 0 is never held' 'begin; for u in 0 00 -1 "" x 18446744073709551616 01; do over "$u" a@x "" 5/1m/msg/uid; done | "$hold" gate && holds ""'
it 'the null senders are never held' 'begin; { over "#@[]"; over "" ""; } | "$hold" gate && holds ""'
it 'more and other words hold nobody' 'begin; over ann@x | sed "s/ over / more /; p; s/ more / top /; p; s/ top / OVER /" | "$hold" gate && holds ""'
it 'still holds too' 'begin; still ann@x | "$hold" gate && holds sender:ann@x && echo "$rule/sender $since ann@x" | cmp - gate/sender:ann@x'
it 'two rules hold the same key: the first under does not let go' 'begin
  { over ann@x; over ann@x ann@x "" 5/1m/msg/sender; under ann@x; } | "$hold" gate && holds sender:ann@x &&
  under ann@x 5/1m/msg/sender | "$hold" gate && holds ""'
it 'nor does the second' 'begin
  { over ann@x; over ann@x ann@x "" 5/1m/msg/sender; under ann@x 5/1m/msg/sender; } | "$hold" gate && holds sender:ann@x && under ann@x | "$hold" gate && holds ""'

it 'note start over=0 lets all go' 'begin; { over ann@x; over bob@x; start 0; } | "$hold" gate && holds ""'
it 'note start lets go of whom the still lines do not name' \
  'begin; { over ann@x; over bob@x; over carl@x; start 2; still bob@x; still dave@x; } | "$hold" gate && holds "sender:bob@x sender:dave@x"'
it 'but not before they have all come' \
  'begin; { over ann@x; start 2; still bob@x; } | "$hold" gate && holds "sender:ann@x sender:bob@x" && still carl@x | "$hold" gate && holds "sender:bob@x sender:carl@x"'
it 'still lines of other rules count as well' \
  'begin; { over ann@x; start 2; still word 5/1m/line/user=; still "*" $rule/all; } | "$hold" gate && holds ""'
it 'a second start begins anew' 'begin; { over ann@x; over bob@x; start 3; still ann@x; start 1; still bob@x; } | "$hold" gate && holds sender:bob@x'
it 'a start without a number lets nobody go' 'begin; { over ann@x; echo "$later note start rules=2"; echo "$later note start rules=2 over=x"; } | "$hold" gate && holds sender:ann@x'
it 'other notes let nobody go' 'begin; { over ann@x; echo "$later note restored lines=1 over=0"; echo "$later note lost alerts=5"; } | "$hold" gate && holds sender:ann@x'

it '-d: only senders and domains within' 'begin
  { over ann@example.org; over bob@mail.Example.org; over carl@notexample.org; over dave@example.org.evil; over root; over ed@example.net
    over example.org a@b "" $rule/domain; over org a@b "" $rule/domain; over sub.example.org a@b "" $rule/domain; over 5 a@b "" $rule/uid; } |
    "$hold" -d example.org -d EXAMPLE.NET gate &&
    holds "domain:example.org domain:sub.example.org sender:ann@example.org sender:bob@mail.%45xample.org sender:ed@example.net uid:5"'
it '-k: under does not let go' 'begin; { over ann@x; under ann@x; } | "$hold" -k gate && holds sender:ann@x'
it '-k: nor does a start' 'begin; { over ann@x; start 0; } | "$hold" -k gate && holds sender:ann@x && start 0 | "$hold" gate && holds sender:ann@x'
it '-k: removed by hand, it holds anew at the next over' \
  'begin; { over ann@x; under ann@x; } | "$hold" -k gate && rm gate/sender:ann@x && over ann@x ann@x $later | "$hold" -k gate && holds sender:ann@x'
it '-t lets go after that time, and the same episode does not hold again' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" -t 1 gate <pipe & pid=$!; note_pid $pid
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" && within 10 "[ ! -e gate/sender:ann@x ]" || exit 1
  { still ann@x; over ann@x; over bob@x; } >&3; within 10 "[ -e gate/sender:bob@x ]" && holds sender:bob@x || exit 1
  over ann@x ann@x $later >&3; within 10 "[ -e gate/sender:ann@x ]" && kill $pid && wait $pid'
it '-t with -k lets go too' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" -k -t 1 gate <pipe & note_pid $!
  { over ann@x; under ann@x; } >&3; within 10 "[ -e gate/sender:ann@x ]" && within 10 "[ ! -e gate/sender:ann@x ]"'
it 'the time is over while nobody runs' 'begin; over ann@x | "$hold" -t 1 gate && holds sender:ann@x && within 10 "\"$hold\" gate </dev/null && holds \"\""'
it '-n touches nothing, and says what would be done' 'begin; { over ann@x; over bob@x; under bob@x; over ed@y; } | "$hold" -n -d x gate && holds "" && [ ! -e gate/.held ] &&
   grep -q "^ratetap-hold: would hold sender:ann@x: $rule/sender" err &&
   grep -q "^ratetap-hold: would let go sender:bob@x" err && ! grep -q ed@y err && [ "$(wc -l <err)" = 3 ]'
it '-n needs no GATE' 'begin; over ann@x | "$hold" -n nowhere && [ ! -e nowhere ]'
it '-p prints each alert, and nothing else' 'begin
  { over ann@x; echo nonsense; start 0; printf "@nonsense\n\n"; under ann@x; } >in; "$hold" -p gate <in >out; grep "^@4" in | cmp - out'

it 'a file made by hand before is left alone' 'begin; echo mine >gate/sender:ann@x; { over ann@x; under ann@x; } | "$hold" gate && holds sender:ann@x && [ "$(cat gate/sender:ann@x)" = mine ]'
it 'an empty one too' 'begin; : >gate/sender:ann@x; { over ann@x; under ann@x; start 0; } | "$hold" gate && holds sender:ann@x && [ ! -s gate/sender:ann@x ]'
it 'a file made by hand while we hold the key is left alone' \
  'begin; over ann@x | "$hold" gate; rm gate/sender:ann@x; : >gate/sender:ann@x; under ann@x | "$hold" gate && holds sender:ann@x'
it 'a file changed by hand is left alone' 'begin; over ann@x | "$hold" gate; echo note >>gate/sender:ann@x; under ann@x | "$hold" gate && holds sender:ann@x'
it 'links, folders and FIFOs are left alone' 'begin
  echo keep >victim; ln -s ../victim gate/sender:a@x; ln -s nowhere gate/sender:b@x; mkdir gate/sender:c@x; mkfifo gate/sender:d@x; ln victim gate/sender:e@x
  held >before
  for k in a b c d e; do over $k@x; under $k@x; done | "$hold" gate && held | cmp before - && [ "$(cat victim)" = keep ]'
it 'a link in the place of the list is not followed' \
  'begin; echo keep >victim; ln -s ../victim gate/.held; over ann@x | "$hold" gate; [ $? = 111 ] && [ "$(cat victim)" = keep ] && holds ""'
it 'a link in the place of a new list is not followed' \
  'begin; echo keep >victim; ln -s ../victim gate/.held.new; ln -s ../victim gate/.held.file; over ann@x | "$hold" gate && [ "$(cat victim)" = keep ] && holds sender:ann@x'
it 'a file removed by hand is not made again by the same episode' \
  'begin; over ann@x | "$hold" gate; rm gate/sender:*; { still ann@x; over ann@x; } | "$hold" gate && holds ""'
it 'but by the next' 'begin; over ann@x | "$hold" gate; rm gate/sender:*; over ann@x ann@x $later | "$hold" gate && holds sender:ann@x'
it 'keys lead nowhere' 'begin; mkdir sub; { over ../sub/x; over ..; over /etc/passwd; over a/../../b; } | "$hold" gate && holds "sender:%2Fetc%2Fpasswd sender:.. sender:..%2Fsub%2Fx sender:a%2F..%2F..%2Fb" && [ -z "$(ls sub)" ]'
it 'a long key' 'begin; key=$(head -c 890 /dev/zero | tr "\0" k)@x; over $key | "$hold" gate && holds "sender:sha256-$(printf %s $key | sha256sum | cut -d" " -f1)" && under $key | "$hold" gate && holds ""'

it 'GATE that is missing: a warning, and it is filled once it is there' 'begin; rmdir gate
  mkfifo pipe; exec 3<>pipe
  "$hold" -p gate <pipe >out & pid=$!; note_pid $pid
  { over ann@x; over bob@x; under bob@x; } >&3; within 10 "grep -q \"^ratetap-hold: warning: unable to open gate\" err && [ \$(wc -l <out) = 3 ]" || exit 1
  mkdir -m 711 made && mv made gate; within 10 "[ -e gate/sender:ann@x ]" && holds sender:ann@x && kill $pid && wait $pid && [ "$(grep -c warning err)" = 1 ]'
it 'GATE that vanishes is filled when it comes back' 'begin
  mkfifo pipe; exec 3<>pipe
  "$hold" gate <pipe & note_pid $!
  over ann@x >&3; within 10 "[ -e gate/sender:ann@x ]" && rm -r gate && over bob@x >&3 && within 10 "grep -q warning err" && mkdir -m 711 gate || exit 1
  within 10 "[ -e gate/sender:ann@x ] && [ -e gate/sender:bob@x ]"'
crowded() { # more alerts than there is memory for, between two that count
  over first@x
  yes "$(over ann@x | sed 's/ over / more /') $(head -c 3800 /dev/zero | tr '\0' x)" | head -n 6000
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
  "$hold" gate <other & note_pid $!
  { over bob@x; under ann@x; } >&4; within 10 "grep -q \"kept by another\" err" && holds sender:ann@x && kill -9 $first && within 10 "holds sender:bob@x"'
it 'GATE that others cannot search: a warning' 'begin; chmod 700 gate; over ann@x | "$hold" gate && holds sender:ann@x && grep -q "chmod 711" err'
it 'a list that is not ours: what is understood of it counts' 'begin
  over ann@x | "$hold" gate; { echo "still 0"; echo "made ../x a b c"; sed 1d gate/.held; echo "for"; } >new; mv new gate/.held; echo keep >x
  under ann@x | "$hold" gate && holds "" && [ "$(cat x)" = keep ] && grep -q "warning: gate/.held: passing over" err'

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
it 'wrong command lines' 'wrong && wrong a b && wrong -q a && wrong -t 0 a && wrong -t x a && wrong -t && wrong -t 34560001 a && wrong -d "" a && wrong -d a@b a && wrong -d'

done_testing
