#!/bin/sh
# ratetap-gate before a stand-in for qmail-queue: who is held, what passes, what the client is told.

# shellcheck disable=SC2016,SC2034,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

gate=$(dirname "$(readlink -f "$ratetap")")/ratetap-gate
standin=$tools/standin

# A new scratch folder: GATE, what was taken, a message, and the envelope of Ann's.
begin() {
  mkdir gate taken
  export STAND_DIR="$PWD/taken" STAND_END='' STAND_CODE=0
  echo 'Subject: hello' >message
  printf 'FAnn@example.org\0Tbob@example.net\0\0' >ann
}
# send CODE ENVELOPE [OPTION...]: the message with that envelope ends with that exit code
send() {
  want=$1 envelope=$2
  shift 2
  "$gate" "$@" gate "$standin" <message 1<"$envelope"
  got=$?
  [ $got = "$want" ] || { echo "# exit code $got and not $want"; return 1; }
}
taken() { [ "$(find taken -name '*.e' | wc -l)" = "$1" ] && [ -z "$(find taken -name '.*' -type f)" ]; }
# The only message that was taken has this envelope, and the message
took() { taken 1 && cmp taken/*.e "$1" && cmp taken/*.m message; }

it 'nobody is held: message and envelope arrive as they were' 'begin; send 0 ann && took ann'
it 'a held sender is told to come again, and nothing is taken' \
  'begin; touch gate/sender:ann@example.org; send 71 ann && taken 0'
it '-p: for good' 'begin; touch gate/sender:ann@example.org; send 31 ann -p && taken 0'
it 'let go, it passes' 'begin; touch gate/sender:ann@example.org; send 71 ann; rm gate/*; send 0 ann && took ann'
it 'a held domain' 'begin; touch gate/domain:example.org; send 71 ann && taken 0'
it 'a held user ID' 'begin; touch "gate/uid:$(id -u)"; send 71 ann && taken 0'
it 'as ratetap folds by itself, unless GATE/.fold says otherwise' '
  begin; printf "FAnn+x@example.org\0\0" >cover; touch gate/sender:ann+x@example.org; send 71 cover && taken 0'
it '.fold says -e: exact senders' '
  begin; echo exact >gate/.fold; touch gate/sender:ann@example.org; send 0 ann && took ann && touch gate/sender:%41nn@example.org && send 71 ann'
it '.fold says -x: senders that are cut, its characters written as in alerts' '
  begin; touch gate/sender:ann@example.org
  for c in + - %25; do
    printf "FAnn%s@example.org\0\0" "$(printf "$(echo "$c" | sed "s/%25/%%%%/")")x" >cover
    rm -f gate/.fold && send 0 cover && echo "$c" >gate/.fold && send 71 cover || exit 1
  done'
it '.fold that is no file: as by itself' '
  begin; touch gate/sender:ann@example.org; for make in "mkdir gate/.fold" "mkfifo gate/.fold" "ln -s /etc/passwd gate/.fold"; do
    rm -rf gate/.fold; $make; send 71 ann || exit 1; done'
it 'each GATE has its own .fold' '
  begin; mkdir other; echo exact >gate/.fold; touch gate/sender:ann@example.org other/sender:ann@example.org
  "$gate" gate:other "$standin" <message 1<ann 2>said; [ $? = 71 ] && "$gate" other:gate "$standin" <message 1<ann 2>said; [ $? = 71 ]'
it 'a sender is looked for as it is and as qmail-send logs it' '
  begin; printf "F\303\244nn%%20b@example.org\0\0" >cover; touch gate/sender:__nn_20b@example.org; send 71 cover && mv gate/* gate/sender:%C3%A4nn%2520b@example.org && send 71 cover && rm gate/* && send 0 cover'
it 'an account, folded like a word: what a variable of -a has' '
  begin; touch gate/account:ann@example.org; export ONE="" TWO=Ann@Example.org
  send 0 ann && send 0 ann -a ONE && send 0 ann -a NONE && send 71 ann -a ONE -a TWO && echo exact >gate/.fold && send 0 ann -a TWO && rm gate/* && touch gate/account: && send 0 ann -a ONE'
# QMAIL-QUEUE has read all, and would take the message in a moment.
killed() {
  begin && mkfifo ready go && cat >late <<'END'
#!/bin/sh
cat >/dev/null && cat <&1 >/dev/null && echo $$ >ready && read -r word <go && echo "$word" >taken/late.e
END
  chmod +x late && exec 8<>ready 9<>go
  "$gate" gate ./late <message 1<ann 8>&- 9>&- &
  read -r pid <&8 && kill -9 $! && within 5 "grep -q '^State:.Z' /proc/$pid/status || gone $pid" && taken 0
}
it 'SIGKILL, while it waits for QMAIL-QUEUE: the client sends the message again, so that gets SIGALRM' killed
it 'several GATEs: what one of them has is held, empty names and a GATE that is missing are passed over' '
  begin; mkdir other; touch other/sender:ann@example.org
  for gates in gate:other other:gate :other other: nowhere:other "gate::other:"; do "$gate" "$gates" "$standin" <message 1<ann; [ $? = 71 ] || exit 1; done
  for gates in gate: : "" nowhere; do "$gate" "$gates" "$standin" <message 1<ann || exit 1; done'

it 'a refusal is told in one line: which file, and the rule in it' '
  begin; echo "100:50/1h/remote/sender @400000006565656500000000 Ann@Example.org" >gate/sender:ann@example.org
  send 71 ann 2>said; echo "ratetap-gate: refused sender:ann@example.org 100:50/1h/remote/sender" | cmp - said'
it 'the file of the first GATE in order is named' '
  begin; mkdir other; echo one >gate/domain:example.org; echo two >other/sender:ann@example.org
  "$gate" gate:other "$standin" <message 1<ann 2>said; "$gate" other:gate "$standin" <message 1<ann 2>>said
  printf "ratetap-gate: refused %s\n" "domain:example.org one" "sender:ann@example.org two" | cmp - said'
it 'the key is shown as alerts show it' '
  begin; printf "F\303\244nn%%b@example.org\0\0" >cover; echo r >gate/sender:%C3%A4nn%25b@example.org; send 71 cover 2>said; grep -qFx "ratetap-gate: refused sender:%C3%A4nn%25b@example.org r" said'
rule_is() { # WORD: what a refusal says of the rule
  send 71 ann 2>said
  [ "$(cat said)" = "ratetap-gate: refused sender:ann@example.org $1" ] || { cat said; return 1; }
}
it 'of a file made by hand the first word is shown, unsafe bytes as _' '
  begin; f=gate/sender:ann@example.org; : >$f; rule_is - || exit 1; printf " \t\nto ann\n" >$f; rule_is to || exit 1
  printf "a\033[2J\377b c" >$f; rule_is "a_[2J_b" || exit 1; head -c 5000 /dev/zero | tr "\0" y >$f; rule_is "$(head -c 900 $f)"'
it 'a file that cannot be read holds all the same' '
  begin; f=gate/sender:ann@example.org; ln -s nowhere $f; rule_is - || exit 1; rm $f; mkdir $f; rule_is - || exit 1; rmdir $f; mkfifo $f; rule_is - || exit 1
  rm $f; ln -s /etc/passwd $f; rule_is -'
it '-q: no word' 'begin; touch gate/sender:ann@example.org; send 71 ann -q 2>said; [ ! -s said ]'
it 'an internet socket as standard error gets no word, a unix socket does' '
  begin; touch gate/sender:ann@example.org; "$tools/fdtool" stderr tcp tcp "$gate" -e gate "$standin" <message 1<ann; [ $? = 71 ] && [ ! -s tcp ] || exit 1
  "$tools/fdtool" stderr unix unix "$gate" gate "$standin" <message 1<ann; [ $? = 71 ] && grep -q "^ratetap-gate: refused " unix'
it 'nor of what is wrong with the command line, or with QMAIL-QUEUE' '
  begin; for words in "gate $PWD/nowhere" "gate" "-z gate $standin" "-a = gate $standin"; do
    "$tools/fdtool" stderr tcp tcp "$gate" $words <message 1<ann; [ ! -s tcp ] && "$tools/fdtool" stderr unix unix "$gate" $words <message 1<ann; [ -s unix ] && [ ! -s tcp ] || { echo "of: $words"; cat tcp; exit 1; }; done'
it 'standard error that is full is not waited for' '
  begin; touch gate/sender:ann@example.org; mkfifo full; exec 4<>full; "$tools/fdtool" fill 4; timeout 10 "$gate" gate "$standin" <message 1<ann 2>full; [ $? = 71 ]'
refused() { # WORDS ARGUMENT...: exit code 100, and these words
  words=$1
  shift
  "$gate" "$@" 2>said <message 1<ann
  [ $? = 100 ] && grep -q "^ratetap-gate: fatal: $words" said || { cat said; exit 1; }
}
it 'wrong command lines' 'begin
  refused "bad -a : the name of" -a "" gate "$standin"; refused "bad -a A=b: the name of" -a A=b gate "$standin"; refused "-z: unknown option" -z gate "$standin"; refused "-a needs an argument" -a
  set --; for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do export A$n=x; set -- "$@" -a A$n; done; export A17=x; "$gate" "$@" gate "$standin" <message 1<ann && refused "bad -a A17: at most 16" "$@" -a A17 gate "$standin"
  "$gate" gate 2>said <message 1<ann; [ $? = 100 ] && grep -q "^ratetap-gate: usage: " said'
it '-e and -x of earlier versions do nothing, and say so' '
  begin; touch gate/sender:ann@example.org; send 71 ann -e 2>said && grep -q "^ratetap-gate: warning: -e and -x do nothing" said && send 71 ann -x + 2>said && grep -q "^ratetap-gate: warning: -e and -x do nothing" said && rm gate/* && send 0 ann -e -x +'
needs() { # MESSAGE-PROGRAM...: the least limit on memory under which it runs to its end, in pages
  low=400 high=4000
  while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    # shellcheck disable=SC3045 # dash and busybox have it
    if (ulimit -v $((middle * 4)); "$@") <message 1<ann 2>/dev/null; then high=$middle; else low=$middle; fi
  done
  echo $high
}
holds_ann() { "$gate" gate "$standin"; [ $? = 71 ]; }
native 'it judges under the limit on memory that QMAIL-QUEUE itself needs, and passes mail with less if that can' '
  begin; unset STAND_DIR; least=$(needs "$standin"); touch gate/sender:ann@example.org; mine=$(needs holds_ann); echo "# QMAIL-QUEUE $((least * 4)) KiB, the gate $((mine * 4)) KiB"
  [ "$mine" -le "$least" ]'
it 'null senders are held by a user ID only' '
  begin; touch gate/sender: gate/domain: "gate/sender:#@[]" gate/domain:[]
  for sender in "" "#@[]"; do printf "F%s\0Tbob@example.net\0\0" "$sender" >cover; send 0 cover || exit 1; done
  taken 2 && touch "gate/uid:$(id -u)" && send 71 cover && taken 2'

it 'envelopes that are cut or malformed go on as they are' '
  begin; touch gate/sender:ann@example.org
  cat >show <<END
#!/bin/sh
cat >/dev/null
exec cat <&1 >got
END
  chmod +x show
  for e in "" F Fann@example.org "Fann@example.org\0" "Fann@example.org\0Tb" "Fann@example.org\0Tb\0" \
    "Fann@example.org\0Fb\0\0" "Tb\0\0" "\0" "Xann@example.org\0Tb\0\0"; do
    printf "$e" >cover
    "$gate" gate ./show <message 1<cover && cmp cover got || { echo "# $e"; exit 1; }
  done'
it 'so do bytes after the end of an envelope' '
  begin; { cat ann; head -c 300000 /dev/zero; echo x; } >cover
  printf "#!/bin/sh\ncat >/dev/null\nexec cat <&1 >got\n" >show && chmod +x show
  "$gate" gate ./show <message 1<cover && cmp cover got'
it 'an envelope that is cut is refused by QMAIL-QUEUE' 'begin; printf "Fann@x\0Tb" >cover; send 54 cover && taken 0'
it 'a malformed one too' 'begin; printf "Tann@x\0Tb\0\0" >cover; send 91 cover && taken 0'
it 'a client that writes nothing more but holds on is answered at the end of the envelope' '
  begin; mkfifo pipe; exec 3<>pipe
  cat ann >&3; send 0 /dev/fd/3 && took ann'
many() { awk 'BEGIN { printf "Fann@example.org%c", 0; for (i = 0; i < 20000; i++) printf "Tuser%d@example.net%c", i, 0; printf "%c", 0 }'; }
it '20,000 recipients pass' 'begin; many >cover; send 0 cover && took cover'
it 'and are held' 'begin; many >cover; touch gate/sender:ann@example.org; send 71 cover && taken 0'

# of BYTES: an envelope of Ann of so many bytes
of() {
  printf 'FAnn@example.org\0' >cover
  head -c $(($1 - 19)) /dev/zero | tr '\0' T >>cover
  printf '\0\0' >>cover
}
it 'an envelope of 64 MiB is judged' \
  'begin; touch gate/sender:ann@example.org; of 67108864; [ "$(wc -c <cover)" = 67108864 ] && send 71 cover && taken 0'
it 'a longer one passes' 'begin; touch gate/sender:ann@example.org; of 67108866; send 0 cover && took cover'
it 'a message of 20 MB passes' 'begin; head -c 20000000 /dev/urandom >message; send 0 ann && took ann'
it 'a held one is read to its end by QMAIL-QUEUE' '
  begin; head -c 20000000 /dev/urandom >message; touch gate/sender:ann@example.org
  mkfifo pipe; cat message >pipe & writer=$!
  "$gate" gate "$standin" <pipe 1<ann; [ $? = 71 ] && wait $writer && taken 0'

for code in 0 11 31 51 53 54 71 81 91 100 111 120 255; do
  for point in start message envelope sender late; do
    it "QMAIL-QUEUE ends with $code ($point), and so does the gate" "begin; STAND_END=$point STAND_CODE=$code; send $code ann"
  done
done
for signal in 9 11 15; do
  it "QMAIL-QUEUE dies of signal $signal: the gate says that it is broken" \
    "begin; export ASAN_OPTIONS=handle_segv=0; STAND_END=envelope STAND_CODE=-$signal; send 81 ann && [ -z \"\$(find taken -name '*.e' ! -name '.*')\" ]"
done
it 'QMAIL-QUEUE dies before it has read the message: who writes that learns it' '
  begin; STAND_END=start STAND_CODE=53; mkfifo pipe
  { head -c 10000000 /dev/zero; echo $? >wrote; } 2>/dev/null >pipe & writer=$!
  "$gate" gate "$standin" <pipe 1<ann; [ $? = 53 ] && wait $writer && [ "$(cat wrote)" != 0 ]'
it 'QMAIL-QUEUE dies while the client still writes the envelope: the client is not waited for' '
  begin; STAND_END=start STAND_CODE=53; mkfifo pipe; exec 3<>pipe
  printf Fann >&3; send 53 /dev/fd/3'
it 'QMAIL-QUEUE dies while the client has no end of it: so does the client learn that' '
  begin; STAND_END=start STAND_CODE=53; mkfifo pipe
  { printf "Fann@x\0"; yes Tb | tr "\n" "\0"; } >pipe 2>/dev/null & writer=$!
  send 53 pipe && wait $writer; [ $? != 0 ]'

# The gate runs in the foreground, since INT and QUIT are ignored in the background.
signals() {
  begin
  for signal in TERM HUP INT QUIT ALRM; do
    printf '#!/bin/sh\ntrap "exit 40" %s\n>ready\nfor i in %s; do sleep 0.05; done\nexit 41\n' $signal "$(seq -s ' ' 400)" >trapper
    chmod +x trapper
    rm -f ready
    { within 20 '[ -e ready ]' && kill -$signal "$(cat pid)"; } &
    sh -c 'echo $$ >pid; exec "$0" gate ./trapper <message 1<ann' "$gate"
    [ $? = 40 ] || { echo "# $signal"; return 1; }
  done
}
it 'signals reach QMAIL-QUEUE' signals
it 'a client that ignores SIGCHLD gets the exit code all the same' \
  'begin; STAND_END=late STAND_CODE=53; (trap "" CHLD; send 53 ann)'

it 'GATE that is not there: mail flows' 'begin; rmdir gate; send 0 ann && took ann'
it 'GATE that is a file: mail flows' 'begin; rmdir gate; touch gate; send 0 ann && took ann'
it 'GATE with too long a name: mail flows' '
  begin; long=$(head -c 5000 /dev/zero | tr "\0" /)
  "$gate" "$long" "$standin" <message 1<ann && took ann'
native 'no memory for a long envelope: it passes unjudged' '
  begin; touch gate/sender:ann@example.org; of 50000000; (ulimit -v 40000; send 0 cover) && took cover'
it 'no descriptor left: QMAIL-QUEUE takes the place of the gate' '
  begin; touch gate/sender:ann@example.org; cp ann cover; exec 3<&- 4<&- 5<&- 6<&- # what the caller may have left open
  prlimit --nofile=4 "$gate" gate "$(command -v cat)" <message 1<>cover && head -n 1 cover | cmp - message
  for n in 5 6 7; do # musl needs two more to start a program
    prlimit --nofile=$n "$gate" gate "$standin" <message 1<ann; got=$?; [ $got = 71 ] || [ $n$got = 50 ] || [ $n$got = 60 ] || exit 1
  done'
for fd in 0 1 2; do
  it "descriptor $fd is closed: nothing is taken for it" "
    begin; touch gate/sender:ann@example.org
    \"\$gate\" gate \"\$standin\" <message 1<ann $fd<&-
    code=\$?; echo \"# exit code \$code\"
    # without a message QMAIL-QUEUE may have ended before it is told that there is no envelope
    case $fd-\$code in 0-71 | 0-54 | 1-54 | 2-71) taken 0 ;; *) false ;; esac"
done

it 'nothing is left open for QMAIL-QUEUE but what the gate was given, and the end of one pipe' '
  begin; printf "#!/bin/sh\nls /proc/\$\$/fd >>\"%s/fds\"\nexec cat >/dev/null\n" "$PWD" >show && chmod +x show
  ./show <message 1<ann 7<message; mv fds want; "$gate" gate ./show <message 1<ann 7<message && cat fds &&
  [ "$(comm -13 want fds | wc -l)" = 1 ] && [ -z "$(comm -23 want fds)" ]'
it 'the gate reads no byte of the message' '
  begin; "$gate" gate /bin/true <message 1<ann; printf "#!/bin/sh\nexec cat >got\n" >show && chmod +x show
  "$gate" gate ./show <message 1<ann && cmp got message'
it 'QMAIL-QUEUE that is not there: 111, and why' \
  'begin; "$gate" gate ./nowhere <message 1<ann 2>err; [ $? = 111 ] && grep -q "^ratetap-gate: fatal: unable to start ./nowhere: No such" err'

wrong() { # OPTION... : exit code 100 and a word on it
  "$gate" "$@" <message 1<ann 2>err
  [ $? = 100 ] && grep -q '^ratetap-gate: ' err
}
it 'wrong command lines' '
  begin; wrong && wrong gate && wrong gate a b && wrong -k gate a && wrong -x && wrong -a && wrong -a "" gate a && wrong -a A=b gate a'

done_testing
