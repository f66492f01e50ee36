#!/bin/sh
# ratetap-remote before a stand-in for qmail-remote, called as qmail-rspawn calls it: who is deferred, who is discarded,
# what goes on, and that nothing ever makes mail bounce.

# shellcheck disable=SC2016,SC2034,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

remote=$(dirname "$(readlink -f "$ratetap")")/ratetap-remote
unset RATETAP_REMOTE RATETAP_QMAILREMOTE RATETAP_GATE

# A new scratch folder: GATE, the real qmail-remote, a queue whose folder mess is where we are, and a message.
begin() {
  mkdir -m 711 gate && mkdir bin mess && cd mess || return 1
  cat >../bin/real <<END
#!/bin/sh
printf '%s\n' "\$0" "\$@" >../args
cat >../got
printf 'r\0Kreal said so\n\0'
END
  chmod +x ../bin/real
  echo 'Subject: hello' >message
  RATETAP_GATE=$(readlink -f ../gate) RATETAP_QMAILREMOTE=$(readlink -f ../bin/real)
  export RATETAP_GATE RATETAP_QMAILREMOTE
  printf 'r\0Kreal said so\n\0' >../delivered
}
# call SENDER [RECIPIENT [HOST]]: the report, with whatever comes on standard error, is in ../report
call() { "$remote" "${3-example.net}" "$1" "${2-bob@example.net}" <message >../report 2>&1; }
delivers() {
  rm -f ../args ../got
  call "$@" && cmp ../report ../delivered && cmp ../got message && [ -s ../args ]
}
# says REPORT SENDER [RECIPIENT]: that is the whole report, and nothing was delivered
says() {
  rm -f ../args
  text=$1
  shift
  call "$@" || return 1
  printf '%s\n\0' "$text" | cmp - ../report && [ ! -e ../args ]
}
# puts_off ...: exit code 111, no report and no delivery
puts_off() {
  rm -f ../args
  "$@" example.net ann@example.org bob@example.net <message >../report 2>&1
  code=$?
  [ $code = 111 ] && [ ! -s ../report ] && [ ! -e ../args ] || { echo "# exit code $code"; od -c ../report; return 1; }
}
rule=100:50/1h/remote/sender
hold() { echo "$rule @400000006565656500000000 Ann@Example.org" >"../gate/$1"; }
no_ann="Zratetap: ann@example.org is over $rule, held"

it 'nobody is held: the real qmail-remote gets the message and its arguments, and its report is the report' \
  'begin && delivers ann@example.org && printf "%s\n" "$RATETAP_QMAILREMOTE" example.net ann@example.org bob@example.net | cmp - ../args'
it 'a held sender is deferred' 'begin; hold sender:ann@example.org; says "$no_ann" Ann@Example.org'
it 'and so is one of a held domain' 'begin; hold domain:example.org; says "Zratetap: example.org is over $rule, held" Ann@Example.org'
it 'let go, it is delivered' 'begin; hold sender:ann@example.org; says "$no_ann" ann@example.org && rm ../gate/* && delivers ann@example.org'
it 'user IDs and accounts are not known here' 'begin; touch "../gate/uid:$(id -u)" ../gate/account:ann@example.org; delivers ann@example.org'
it 'null senders are never held' '
  begin; touch ../gate/sender: ../gate/domain: "../gate/sender:#@[]" ../gate/sender:%23@%5B%5D ../gate/domain:%5B%5D
  delivers "" && delivers "#@[]"'
it 'the sender is folded, as GATE/.fold says' '
  begin; hold sender:ann@example.org; says "$no_ann" prvs=0123=ann@example.org && delivers ann+x@example.org && echo + >../gate/.fold && says "$no_ann" ann+x@example.org &&
  echo exact >../gate/.fold && delivers Ann@example.org'
it 'it is looked for as it is and as qmail-send logs it' '
  begin; hold sender:___nn@example.org; who=$(printf "%%\303\244nn@example.org"); says "Zratetap: ___nn@example.org is over $rule, held" "$who" && mv ../gate/s* ../gate/sender:%25%C3%A4nn@example.org &&
  says "Zratetap: %25%C3%A4nn@example.org is over $rule, held" "$who"'
it 'several GATEs, and one that is missing' '
  begin; mkdir ../other; hold sender:ann@example.org; g=$RATETAP_GATE
  for RATETAP_GATE in "$g:/nowhere" "/nowhere:$g" ":$g" "${g%gate}other:$g"; do says "$no_ann" ann@example.org || exit 1; done'

it 'VERP: the sender without the recipient that qmail-send put into it' '
  begin; hold sender:owner-@example.org; x="Zratetap: owner-@example.org is over $rule, held"
  says "$x" owner-bob=example.net@example.org bob@example.net && says "$x" owner-Bob=Example.NET@example.org Bob@Example.NET && says "$x" "owner-a@b=c@example.org" a@b@c'
it 'VERP: another recipient, byte for byte, or none' '
  begin; hold sender:owner-@example.org
  delivers owner-bob=example.net@example.org Bob@example.net && delivers owner-bob=example.net@example.org rob@example.net && delivers owner-bob=example.net@example.org bob@example.com &&
  delivers owner-bob=example.net@example.org bob && delivers owner-bob=example.net@example.org "" && delivers owner-bob-example.net@example.org bob@example.net && delivers owner-bob=example.net bob@example.net && delivers =@example.org @'
it 'VERP: the sender as it stands is held too' 'begin; hold sender:owner-bob=example.net@example.org; says "Zratetap: owner-bob=example.net@example.org is over $rule, held" owner-bob=example.net@example.org'

it 'discarded: it leaves the queue as if delivered' 'begin; hold sender:ann@example.org; touch ../gate/discard:sender:ann@example.org; says "Kratetap: ann@example.org is discarded" ann@example.org'
it 'a domain is discarded' 'begin; hold domain:example.org; touch ../gate/discard:domain:example.org; says "Kratetap: example.org is discarded" ann@example.org'
it 'a discard as old as the file counts, an older one does not' '
  begin; hold sender:ann@example.org; d=../gate/discard:sender:ann@example.org; touch -r ../gate/sender:ann@example.org $d; says "Kratetap: ann@example.org is discarded" ann@example.org || exit 1
  touch -d "2026-01-01 10:00:00.5" ../gate/sender:ann@example.org; touch -d "2026-01-01 10:00:00.4" $d; says "$no_ann" ann@example.org && touch -d "2026-01-01 09:00:00.9" $d && says "$no_ann" ann@example.org'
it 'a discard of somebody who is not held does nothing' 'begin; touch ../gate/discard:sender:ann@example.org ../gate/discard:domain:example.org; delivers ann@example.org'
it 'nor does one in another GATE, or of another key' '
  begin; mkdir ../other; hold sender:ann@example.org; touch ../other/discard:sender:ann@example.org ../gate/discard:domain:example.org ../gate/discard:sender:bob@example.org
  RATETAP_GATE=$RATETAP_GATE:${RATETAP_GATE%gate}other; says "$no_ann" ann@example.org'
it 'discard: of a long key' '
  begin; key=$(head -c 300 /dev/zero | tr "\0" k)@x; f=sender:sha256-$(printf %s $key | sha256sum | cut -d" " -f1); hold $f; touch ../gate/discard:$f
  says "Kratetap: $key is discarded" $key && rm ../gate/d* && says "Zratetap: $key is over $rule, held" $key'
it 'the longest report is whole, ends with NUL, and fits into a pipe at once' '
  begin; key=$(printf "\001%.0s" $(seq 890))@x; head -c 5000 /dev/zero | tr "\0" r >"../gate/sender:sha256-$(printf %s "$key" | sha256sum | cut -d" " -f1)"
  call "$key" && [ "$(tail -c 2 ../report | od -An -tx1 | tr -d " ")" = 0a00 ] && [ "$(head -c 4 ../report)" = Zrat ] && n=$(wc -c <../report) && echo "# $n bytes" && [ "$n" -gt 1700 ] && [ "$n" -le 4096 ]'
it 'a rule that cannot be read' 'begin; : >../gate/sender:ann@example.org; says "Zratetap: ann@example.org is over -, held" ann@example.org'
preloaded 'the report is one write' '
  begin; hold sender:ann@example.org
  LD_PRELOAD=$tools/interpose.so FAULT_CALL=write FAULT_DO=EIO FAULT_NTH=2 FAULT_MARK=$PWD/two FAULT_ONLY=ratetap-remote call ann@example.org && [ ! -e two ] && grep -qa "^Zrat" ../report'

it 'without RATETAP_GATE everything is delivered' 'begin; hold sender:ann@example.org; unset RATETAP_GATE; delivers ann@example.org'
it 'GATE that is not there, a file, or too long a name: all is delivered' '
  begin; for RATETAP_GATE in /nowhere "$PWD/message" "" : "/$(head -c 5000 /dev/zero | tr "\0" a)"; do delivers ann@example.org || exit 1; done'
it 'what strangers choose is no option' 'begin; delivers ann@example.org --help -V && delivers -x -- -e && delivers "-n" "bob@-" "" && hold sender:ann@example.org && says "$no_ann" ann@example.org -@example.net'
it 'a sender of any length' 'begin; delivers "$(head -c 100000 /dev/zero | tr "\0" a)@example.org" && delivers "$(head -c 100000 /dev/zero | tr "\0" @)"'

# ---- which program is the real one
it 'by default qmail-remote by PATH' 'begin; unset RATETAP_QMAILREMOTE; mv ../bin/real ../bin/qmail-remote; PATH=/nowhere:$PWD/../bin:$PATH; delivers ann@example.org'
it 'an empty RATETAP_QMAILREMOTE is none' 'begin; RATETAP_QMAILREMOTE=; mv ../bin/real ../bin/qmail-remote; PATH=$PWD/../bin:$PATH; delivers ann@example.org'
it 'what is in the queue is never run' '
  begin; unset RATETAP_QMAILREMOTE; printf "#!/bin/sh\nprintf Downed\n" >qmail-remote; chmod +x qmail-remote; cp qmail-remote qmail-remote.real
  for PATH in :/nowhere /nowhere: /nowhere "" ::; do puts_off "$remote" || exit 1; done'
it 'called as qmail-remote by PATH, it is qmail-remote.real by PATH' '
  begin; unset RATETAP_QMAILREMOTE; mv ../bin/real ../bin/qmail-remote.real; ln -s "$remote" ../bin/qmail-remote; PATH=$PWD/../bin:$PATH; remote=qmail-remote; delivers ann@example.org &&
  hold sender:ann@example.org && says "$no_ann" ann@example.org'
it 'called as qmail-remote in a folder, it is qmail-remote.real there' '
  begin; unset RATETAP_QMAILREMOTE; mv ../bin/real ../bin/qmail-remote.real; ln -s "$remote" ../bin/qmail-remote; remote=$PWD/../bin/qmail-remote; delivers ann@example.org'
it 'RATETAP_QMAILREMOTE comes before that' 'begin; ln -s "$remote" ../bin/qmail-remote; remote=$PWD/../bin/qmail-remote; delivers ann@example.org'
it 'RATETAP_REMOTE=1 is set for it, and all else in its environment is as it was' '
  begin; printf "#!/bin/sh\nexec env\n" >../bin/real; env | grep -v "^_=" | sort >../want; call ann@example.org; grep -v "^_=" ../report | sort | comm -13 ../want - >../more; [ "$(cat ../more)" = RATETAP_REMOTE=1 ] && [ -z "$(grep -v "^_=" ../report | sort | comm -23 ../want -)" ]'
it 'the real one that is ourselves is a loop: 111' 'begin; RATETAP_QMAILREMOTE=$remote; puts_off "$remote" && unset RATETAP_QMAILREMOTE && ln -s "$remote" ../bin/qmail-remote && PATH=$PWD/../bin:$PATH && puts_off "$remote"'
it 'nothing is left open for it but what we were given' '
  begin; printf "#!/bin/sh\nls /proc/\$\$/fd >../fds\n" >../bin/real; ../bin/real <message 7<message; mv ../fds ../want; "$remote" h ann@example.org b@h <message 7<message && cmp ../want ../fds'
it 'its exit code is the exit code' 'begin; for code in 0 1 100 111 255; do printf "#!/bin/sh\nexit $code\n" >../bin/real; call ann@example.org; [ $? = $code ] || exit 1; done'

# ---- what would make mail bounce
it 'the real one is missing, a folder, no program, half a program, not executable: 111 and not a word' '
  begin; for RATETAP_QMAILREMOTE in /nowhere real "$PWD" "$PWD/message/x" "$(head -c 5000 /dev/zero | tr "\0" b)"; do puts_off "$remote" || exit 1; done
  RATETAP_QMAILREMOTE=$PWD/../bin/real; chmod -x ../bin/real; puts_off "$remote" || exit 1
  echo "printf Kwrong" >../bin/real; chmod +x ../bin/real; puts_off "$remote" || exit 1
  head -c 100 "$remote" >../bin/real; puts_off "$remote" || exit 1; : >../bin/real; puts_off "$remote" || exit 1
  printf "#!/nowhere/sh\n" >../bin/real; puts_off "$remote"'
it 'and so by PATH' '
  begin; unset RATETAP_QMAILREMOTE; keep=$PATH; PATH=/nowhere:$PWD/message; puts_off "$remote" || exit 1; unset PATH; puts_off "$remote"; code=$?; PATH=$keep; [ $code = 0 ] || exit 1
  echo "printf Kwrong" >../bin/qmail-remote; chmod +x ../bin/qmail-remote; PATH=$PWD/../bin:$keep; puts_off "$remote"'
it 'one that is being written: 111' 'begin; cp /bin/true ../bin/real; exec 5>>../bin/real; puts_off "$remote"'
it 'a report that cannot be written: 111' '
  begin; hold sender:ann@example.org; "$remote" h ann@example.org b@h >/dev/full; [ $? = 111 ] || exit 1; "$remote" h ann@example.org b@h >&-; [ $? = 111 ] || exit 1
  mkfifo gone; (sleep 0; exec cat /dev/null) <gone & exec 5>gone; wait; "$remote" h ann@example.org b@h >&5 2>said; code=$?; [ $code = 111 ] || [ $code -gt 128 ]'
it 'too few arguments are the business of the real one' 'begin; "$remote" >../report 2>&1 <message; [ $? = 0 ] && cmp ../report ../delivered && "$remote" host ann@example.org <message >../report && cmp ../report ../delivered'
it 'no argument at all, not even a name: no crash' 'begin; "$tools/fdtool" nameless "$remote" <message >../report 2>&1; code=$?; [ $code = 0 ] || [ $code = 111 ]'

# ---- installed while mail flows
# at_once COMMAND: while deliveries go on, all the time, COMMAND is done again and again; none bounces
at_once() {
  (while [ ! -e ../stop ]; do eval "$1" || { echo "# failed: $1"; exit 1; }; done; : >../stopped) & note_pid $!
  n=0 later=0 wrong=0
  while [ $n -lt 150 ]; do
    said=$("$remote" h eve@example.org b@h 2>&1 </dev/null)
    case $?$said in 0) ;; 111) later=$((later + 1)) ;; *) wrong=$((wrong + 1)) && echo "# $said" ;; esac
    n=$((n + 1))
  done
  : >../stop
  within 20 '[ -e ../stopped ]' && echo "# $n deliveries, $later put off, $wrong wrong" && [ $wrong = 0 ] && [ $later -lt 50 ]
}
it 'make install while deliveries go on: none bounces' '
  begin; cp /bin/true ../bin/real
  install="(cd \"\$top\" && make -s install NODEPS=1 ${SAN:+SAN=1} DESTDIR=\"\$tmp/dest\" PREFIX=/usr MAKEFLAGS= >/dev/null)"
  eval "$install" && remote=$tmp/dest/usr/bin/ratetap-remote && at_once "$install"'
it 'linked and renamed over qmail-remote, and back, while deliveries go on: none bounces' '
  begin; cp /bin/true ../bin/qmail-remote; unset RATETAP_QMAILREMOTE; theirs=$remote remote=$PWD/../bin/qmail-remote
  at_once "ln ../bin/qmail-remote ../bin/qmail-remote.real && cp \"\$theirs\" ../bin/new && mv -f ../bin/new ../bin/qmail-remote && mv -f ../bin/qmail-remote.real ../bin/qmail-remote"'

done_testing
