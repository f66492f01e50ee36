#!/bin/sh
# Each allocation fails in turn, once or for good, while rules are read, shown and taken over: nothing is half done.

# shellcheck disable=SC2016,SC2034,SC2015,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

all_preloaded
lib=$tools/interpose.so

# spoil N TIMES [PROGRAM]: from now on, its allocation N and those after it fail; the file reached is there if there were
# so many
spoil() {
  rm -f reached
  export FAULT_ONLY="${3:-ratetap}" FAULT_CALL=malloc FAULT_DO=ENOMEM FAULT_NTH="$1" FAULT_TIMES="$2" FAULT_MARK=reached
}

cat >"$tmp/rules" <<'END'
# with all that a script can have
-Ann@example.org
-[!a-y]*@example.org
10:5/1h/remote
+*.[[:digit:]]@lists.example.org
-news\@example.org
2k/1d/byte/uid
30/10m/line/user=
END

# answers TIMES PROGRAM OPTION...: whichever allocation fails, the answer is whole, or there is none and a 111 that says
# why
answers() {
  times=$1 program=$(dirname "$(readlink -f "$ratetap")")/$2 name=$2
  shift 2
  "$program" "$@" >want || return 1
  n=1 refused=0
  while :; do
    spoil $n $times "$name"
    LD_PRELOAD=$lib timeout -s KILL 10 "$program" "$@" >got 2>err
    code=$?
    [ -e reached ] || break
    case $code in
    0) cmp want got && [ ! -s err ] ;;
    111) refused=$((refused + 1)) && [ ! -s got ] && [ "$(wc -l <err)" -eq 1 ] && grep -q "^$name: fatal: .*\(Cannot allocate memory\|no memory .*\)$" err ;;
    *) false ;;
    esac || { echo "# allocation $n: exit code $code"; cat err; return 1; }
    n=$((n + 1))
  done
  echo "# $((n - 1)) allocations, $refused refusals"
  [ $refused -gt 3 ]
}
# keys: GATE with held ones of all kinds
keys() {
  mkdir gate && : >gate/uid:7 && : >gate/account:ann && : >gate/discard:sender:s2@x &&
    for i in 1 2 3; do
      echo "@400000006565656500000000 over 9/1h/remote/sender s$i@x count=10 within=3 msg=1 qp=2 uid=3 from=s$i@x to=y@z"
    done | "$(dirname "$(readlink -f "$ratetap")")/ratetap-hold" -t 9999 gate 2>/dev/null
}
for times in 1 1000000; do
  case $times in 1) once='one allocation fails' ;; *) once='no memory from one allocation on' ;; esac
  it "-n: $once" "answers $times ratetap -f ../rules -n -- -bob@example.org 1/1h"
  for address in Ann@example.org zoe@example.org ann.7@lists.example.org Bob@example.org; do
    it "-t $address: $once" "answers $times ratetap -f ../rules -t $address -x + -- -bob@example.org 1/1h"
  done
  it "ratetap-hold -l: $once" "keys && answers $times ratetap-hold -l gate"
  it "queue-of: $once" "answers $times queue-of tina@example.org $top/examples/breach.log"
done

# warm: whichever allocation fails, what is not restored is told, and the log comes through
warm() {
  mkdir main
  for i in 1 2 3; do echo "@40000000500000000000000$i end msg $i" >main/@$i.s; done
  echo '@400000005000000000000004 end msg 4' >main/current
  echo 'new msg 5' >in
  n=1 refused=0 cold=0
  while :; do
    spoil $n 1
    LD_PRELOAD=$lib timeout -s KILL 10 "$ratetap" -w main -a 3 1/1h <in >out 2>err 3>alerts
    code=$?
    [ -e reached ] || break
    case $code in
    0) cmp in out && if [ -s err ]; then cold=$((cold + 1)); else grep -q ' note restored lines=4 over=0$\| note lost alerts=[12]$' alerts; fi ;;
    111) refused=$((refused + 1)) && [ ! -s out ] && grep -q '^ratetap: fatal: .*Cannot allocate memory$' err ;;
    *) false ;;
    esac && { [ ! -s err ] || grep -q 'Cannot allocate memory' err; } || { echo "# allocation $n: exit code $code"; cat err; return 1; }
    n=$((n + 1))
  done
  echo "# $((n - 1)) allocations, $refused refusals, $cold cold starts" && [ $refused -gt 3 ] && [ $cold -gt 1 ]
}
it 'a warm start: what cannot be restored is told' warm

info() { printf 'info msg %d: bytes 900 from <%s> qp %d uid 89\n' "$1" "$2" "$1"; }

# report: whichever allocation fails, what is said of a rule is right, or nothing is
report() {
  for i in 1 2 3 4 5 6 7; do info $i s$((i % 3))@x; done | sed 's/^/@400000005000000000000001 /' >in
  "$ratetap" -a 3 -r 2 9/1h 9/1h/byte/domain <in 3>want >/dev/null && sed -i 's/ memory=.*//' want && [ "$(wc -l <want)" -ge 6 ] || return 1
  n=1 silent=0
  while :; do
    spoil $n 1
    LD_PRELOAD=$lib timeout -s KILL 10 "$ratetap" -a 3 -r 2 9/1h 9/1h/byte/domain <in >out 2>err 3>alerts
    code=$?
    [ -e reached ] || break
    case $code in
    0) cmp in out ;;
    111) [ ! -s out ] ;;
    *) false ;;
    esac && ! sed 's/ memory=.*//' alerts | grep ' top \| peaks ' | grep -vxFf want || {
      echo "# allocation $n: exit code $code"
      cat alerts
      return 1
    }
    [ "$code" -ne 0 ] || grep -q ' peaks 9/1h/msg' alerts || silent=$((silent + 1))
    n=$((n + 1))
  done
  echo "# $((n - 1)) allocations, $silent without the first rule" && [ $silent -gt 1 ]
}
it 'a report: what is said of a rule is right' report

# The first write of a run between pipes is that of the first alert, on its way to a pipe.
late_alert() {
  mkfifo alerts log
  cat alerts >said &
  export FAULT_ONLY=ratetap FAULT_CALL=write FAULT_DO=ENOMEM FAULT_NTH=1 FAULT_TIMES=1
  LD_PRELOAD=$lib timeout -s KILL 10 "$ratetap" -a 3 0/1h <log 2>err 3>alerts | cat >out &
  exec 5>log
  { info 1 ann@x; info 2 bob@x; } >&5
  within 10 '[ "$(wc -l <said)" -eq 2 ]' || return 1
  exec 5>&-
  wait
  { info 1 ann@x; info 2 bob@x; } | cmp - out || return 1
  sed 's/^@[0-9a-f]* //; s/ within=.*//' said >lines
  printf 'over 0/1h/msg/sender %s@x count=1\n' ann bob | diff - lines &&
    [ "$(wc -l <err)" -eq 1 ] && grep -q '^ratetap: warning: unable to write alerts, .*: Cannot allocate memory$' err
}
moved 'an alert that a pipe has no memory for is written a second later' late_alert

# one_reload N: what an allocation that fails does to a start, a line, a reload, a line, the end.
one_reload() {
  rm -f in err out alerts && mkfifo in && : >alerts && : >out && printf '0/1h/msg/domain\n-no*@[xy]\n0/1h/msg/uid\n' >new && cp ../rules now
  spoil "$1" 1
  LD_PRELOAD=$lib "$ratetap" -a 3 -f now -- '+*' 0/1h <in >>out 3>>alerts 2>err 5>&- &
  rt=$!
  note_pid "$rt"
  exec 5<>in
  info 1 ann@x >&5
  within 10 '[ -s out ] || gone "$rt"' || return 1
  if [ -s out ]; then
    mv new now
    kill -HUP "$rt" && within 10 'grep -q " note reload" alerts || gone "$rt"' || return 1
  fi
  info 2 no@y >&5
  exec 5>&-
  within 10 'gone "$rt"' || return 1
  wait "$rt"
}
reloads() {
  n=1 failed_reloads=0
  while :; do
    one_reload $n
    code=$?
    [ -e reached ] || [ "$code" -ne 0 ] || break
    case $code in
    111) [ ! -s out ] && grep -q '^ratetap: fatal: .*Cannot allocate memory$' err ;;
    0) [ "$(wc -l <out)" -eq 2 ] && whole_reload ;;
    *) false ;;
    esac || { echo "# allocation $n: exit code $code"; cat err alerts; return 1; }
    n=$((n + 1))
  done
  echo "# $((n - 1)) allocations, $failed_reloads reloads refused"
  [ $failed_reloads -gt 3 ]
}
# All of the new rules, or a warning and all of the old ones.
whole_reload() {
  first='over 0/1h/msg/sender ann@x count=1'
  # An alert that there was no room for is told as lost.
  sed "s/^@[0-9a-f]* //; s/ within=.*//; 1s|^note lost alerts=1\$|$first|" alerts >said
  echo "$first" >want
  if grep -qx 'note reload-failed' said; then
    failed_reloads=$((failed_reloads + 1))
    echo 'note reload-failed' >>want
    grep -q '^ratetap: warning: .*Cannot allocate memory' err && grep -q 'the old \(rules\|ones\) stay' err || return 1
  else
    printf 'note reload rules=3\nover 0/1h/msg/domain y count=1\n' >>want
    [ ! -s err ] || return 1
  fi
  echo 'over 0/1h/msg/sender no@y count=1' >>want
  diff want said
}
it 'a reload: the rules are all new, or all old with a warning' reloads

done_testing
