#!/bin/sh
# Compares the program with the oracle, which shares no code with it, over random logs and command lines. TAP.
# Run from the top folder. ORACLE_SEEDS: how many logs (40); ORACLE_FROM: the first seed (1); ORACLE_LINES: their length (400).
# A failure names its seed and form: with them build/gen makes the same log and the same command line again
# (form yearless: on the same day, or with that day's seconds in GEN_NOW).
# shellcheck disable=SC1091,SC2154,SC2317 # tap.sh sets and calls these
. tests/tap.sh
build=$top/${BUILD:-build}
forms='tai64n local both svlogd accustamp splogger syslog-iso yearless journal container mixed stacked'
seeds=${ORACLE_SEEDS:-40} from=${ORACLE_FROM:-1} lines=${ORACLE_LINES:-400}
[ -z "${SOAK:-}" ] || seeds=$((seeds * 25))
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -o "$tmp/pieces" tests/hostile/pieces.c || exit 111

# Runs the command, with the arguments that gen made added to it.
with_arguments() {
  while IFS= read -r word; do set -- "$@" "$word"; done <args
  "$@"
}

# Memory and lost alerts are not the oracle's business; deliveries are not followed where no rule needs them.
comparable() {
  if grep -q -e /remote -e /rcpt -e /fail -e /defer -e /bounce -e '/to$' -e '/to/' -e '/host$' -e '/host/' args; then
    sed 's/ lost=[0-9]* memory=[0-9]*$//'
  else
    sed 's/ lost=[0-9]* memory=[0-9]*$//; s/ unknown=[0-9]*//'
  fi
}

expect() { with_arguments "$build/oracle" -r 5 <log | comparable >expected; }

agrees() {
  comparable <alerts >got
  cmp expected got && cmp log out && return
  echo "form $form, arguments: $(tr '\n' ' ' <args)"
  diff expected got | head -n 8
  return 1
}

from_a_file() {
  with_arguments timeout -s KILL 60 "$ratetap" -a 3 -r 5 <log 3>alerts >out && agrees
}

in_pieces() {
  "$tmp/pieces" "$1" "$2" <log | with_arguments timeout -s KILL 120 "$ratetap" -a 3 -r 5 3>alerts | cat >out && agrees
}

# The log of a seed in each form; in pieces for one form, another one for each seed.
compare() {
  number=0 cut=$(($1 % 12))
  "$build/gen" -s "$1" >args
  for form in $forms; do
    "$build/gen" "$1" "$lines" "$form" >log
    expect
    from_a_file || return 1
    if [ "$number" = "$cut" ]; then
      in_pieces "$1" 1 && in_pieces "$1" 100 && in_pieces "$1" 30000 || return 1
    fi
    number=$((number + 1))
  done
}

# What a warm start says of the seed's log, which began a day ago; nothing in it is newer than now.
warm() {
  "$build/gen" -s "$1" >args
  now=$(date +%s)
  mkdir -p warm
  GEN_BEGIN=$((now - 86400)) "$build/gen" "$1" "$lines" |
    LC_ALL=C awk -v until="$(printf '@4%015x' "$now")" '!/^@/ || $1 < until' >warm/current
  with_arguments env ORACLE_WARM=1 "$build/oracle" <warm/current >expected
  with_arguments timeout -s KILL 60 "$ratetap" -a 3 -w warm </dev/null 3>got
  cmp expected got && return
  echo "arguments: $(tr '\n' ' ' <args)"
  diff expected got | head -n 8
  return 1
}

# Rules of two seeds: some of the first stay, some go, some come. Both follow deliveries and know recipients.
two_scripts() {
  { "$build/gen" -s "$1" | grep '^[0-9]' | sort -u; echo 1000000/1s/rcpt/all; } >rules
  { awk 'NR % 2' rules; "$build/gen" -s $(($1 + 7)) | grep '^[0-9]'; echo 1000000/1s/rcpt/all; } | awk '!seen[$0]++' >next
  { cat rules; echo 'then'; cat next; } >args
}

# The instants of a reload, and of the lines that it causes, are the machine's.
without_instants() { sed 's/^@[0-9a-f]* \(note reload\|under .* lasted=\)/\1/; s/ lasted=[0-9]*$//'; }

reload() {
  two_scripts "$1"
  half=$((lines / 2))
  "$build/gen" "$1" "$lines" mixed >log
  ORACLE_RELOAD=$half with_arguments "$build/oracle" <log | without_instants >expected
  mkfifo in
  "$ratetap" -a 3 -f rules <in 3>alerts >out &
  rt=$!
  note_pid "$rt"
  exec 9>in
  head -n "$half" log >&9
  within 20 "[ \"\$(wc -l <out)\" -eq $half ]" || return 1
  mv next rules
  kill -HUP "$rt"
  within 20 "grep -q ' note reload rules=' alerts" || return 1
  tail -n "+$((half + 1))" log >&9
  exec 9>&-
  wait "$rt"
  without_instants <alerts >got
  cmp expected got && return
  diff expected got | head -n 8
  return 1
}

seed=$from
while [ "$seed" -lt $((from + seeds)) ]; do
  TZ=UTC
  [ $((seed % 2)) = 0 ] || TZ=Europe/Berlin # where clocks are set back in autumn
  export TZ
  it "seed $seed: the oracle gives the same alerts, and every byte comes out" "compare $seed"
  it "seed $seed: the oracle finds the same episodes open after a warm start" "warm $seed"
  it "seed $seed: and the same lines where rules come and go" "reload $seed"
  seed=$((seed + 1))
done
done_testing
