#!/bin/sh
# Compares the program with the oracle, which shares no code with it, over random logs and command lines. TAP.
# Run from the top folder. ORACLE_SEEDS: how many logs (12); ORACLE_FROM: the first seed (1); ORACLE_LINES: their length (400);
# ORACLE_TZ: the zone of all of them (one of three, by the seed).
# A failure names its seed and form: with them, and the same TZ, build/gen makes the same log and the same command line
# again (form yearless: on the same day, or with that day's seconds in GEN_NOW).
# shellcheck disable=SC1091,SC2154,SC2317 # tap.sh sets and calls these
. tests/tap.sh
build=$top/${BUILD:-build}
forms='tai64n local both svlogd accustamp splogger syslog-iso yearless journal container mixed stacked dates'
seeds=${ORACLE_SEEDS:-12} from=${ORACLE_FROM:-1} lines=${ORACLE_LINES:-400}
[ -z "${SOAK:-}" ] || seeds=$((seeds * 80))
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -o "$tmp/pieces" tests/hostile/pieces.c || exit 111

# Runs the command, with the arguments that gen made added to it.
with_arguments() {
  while IFS= read -r word; do set -- "$@" "$word"; done <args
  "$@"
}
become() {
  while IFS= read -r word; do set -- "$@" "$word"; done <args
  exec "$@"
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
  number=0 cut=$(($1 % 13))
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

# What the program and the oracle say in full, where they differ.
differ() {
  echo "${begin:+GEN_BEGIN=$begin, }arguments: $(tr '\n' ' ' <args)"
  diff expected got | head -n 8
  return 1
}

# The directives of the seed as a rules file, with CRs, blanks and comments.
rules_file() {
  "$build/gen" -s "$1" | sed '/^--$/,$d' >args
  printf '%s\n' -f rules >>args
  "$build/gen" -f "$1" >rules
  "$build/gen" "$1" "$lines" stacked >log
  expect
  from_a_file
}

# A log of twice the length, which began three days ago: the first half, in two files, is what the logger stored. The
# other half begins with an event at the newest stamp: until the first stamp the time is the machine's. The log ends long
# before now, and no PERIOD that gen knows ends about now: so nothing depends on when which program is run.
stored_and_live() {
  mkdir -p warm
  begin=$(($(date +%s) - 3 * 86400))
  GEN_BEGIN=$begin "$build/gen" "$1" $((2 * lines)) both >log
  LC_ALL=C awk -v third=$((lines / 3)) -v half="$lines" '
    NR > third && /^@40000000[67][0-9a-f]+ / && length($1) == 25 && substr($1, 18, 1) < 3 {
      file = "warm/current" # what begins without a stamp is skipped
    }
    NR > half { file = "rest" }
    { print >file }' file=warm/@4000000000000000aaaaaaaa.s log
  case $(($1 % 4)) in
  0) printf 'info msg 77: bytes 9 from <torn@ex' >>warm/@4000000000000000aaaaaaaa.s ;;
  1) { printf '\000\000\000' && cat warm/current; } >nuls && mv nuls warm/current ;;
  esac
  stored='warm/@4000000000000000aaaaaaaa.s warm/current'
  newest=$(ORACLE_WARM=$stored with_arguments "$build/oracle" </dev/null | sed -n '1s/ .*//p')
  { echo "$newest info msg 1: bytes 1 from <first@example.org> qp 1 uid 1" && cat rest; } >live
}

# Without PROGRAM time goes on from the newest stamp, as in a replay.
warm() {
  "$build/gen" -s "$1" >args
  stored_and_live "$1"
  ORACLE_WARM=$stored with_arguments "$build/oracle" <live >expected
  with_arguments timeout -s KILL 60 "$ratetap" -a 3 -w warm <live 3>got >out
  cmp expected got && cmp live out || differ
}

# With PROGRAM from now on; the instants of its first lines are the machine's.
kept() {
  "$build/gen" -s "$1" >args
  stored_and_live "$1"
  ORACLE_PROGRAM=1 ORACLE_WARM=$stored with_arguments "$build/oracle" <live | without_beginning >expected
  { cat args && printf '%s\n' -- cat; } >words && mv words args
  with_arguments timeout -s KILL 60 "$ratetap" -a 3 -w warm <live 3>alerts >out
  without_beginning <alerts >got
  cmp expected got && cmp live out || differ
}
without_beginning() { sed 's/^@[0-9a-f]* \(note restored\|note start\|still\) /\1 /'; }

# The directives of a seed, and a second script of which some rules are the same, some go, some come, and others
# no longer select everybody. Both follow deliveries and know recipients.
two_scripts() {
  "$build/gen" -s "$1" | sed '/^--$/,$d' >options
  { "$build/gen" -s "$1" | sed '1,/^--$/d' && echo 1000000/1s/rcpt/all; } >rules
  {
    awk -v seed="$1" '
      BEGIN { split("-mallory@example.org,-*@example.org,-uid 1001,-uid 89,-remote,-[a-m]*,+ann@example.org,+uid 1001", extra, ",") }
      (NR + seed) % 4 == 0 { next }
      (NR + seed) % 3 == 0 { print extra[1 + (NR * 7 + seed) % 8] }
      { print }' rules
    "$build/gen" -s $(($1 + 7)) | sed '1,/^--$/d'
    echo 1000000/1s/rcpt/all
  } >next
  sed -i 's/ $/\\ /' rules next
  { cat options && printf '%s\n' -f rules; } >args
}

reload() {
  two_scripts "$1"
  half=$((lines / 2))
  "$build/gen" "$1" "$lines" mixed >log
  { cat args && printf '%s\n' 'then' -f next; } >words
  while IFS= read -r word; do set -- "$@" "$word"; done <words
  shift
  ORACLE_RELOAD=$half "$build/oracle" "$@" <log >expected
  mkfifo in
  become "$ratetap" -a 3 <in 3>got >out &
  rt=$!
  note_pid "$rt"
  exec 9>in
  head -n "$half" log >&9
  within 20 "[ \"\$(wc -l <out)\" -eq $half ]" || return 1
  mv next rules
  kill -HUP "$rt"
  within 20 "grep -q ' note reload rules=' got" || return 1
  tail -n "+$((half + 1))" log >&9
  exec 9>&-
  wait "$rt"
  cmp expected got && cmp log out || differ
}

seed=$from
while [ "$seed" -lt $((from + seeds)) ]; do
  case $((seed % 3)) in
  0) TZ=UTC ;;
  1) TZ=Europe/Rome ;; # its clocks are set back in autumn
  2) TZ=America/St_Johns ;;
  esac
  TZ=${ORACLE_TZ:-$TZ}
  export TZ
  it "seed $seed: the oracle gives the same alerts, and every byte comes out" "compare $seed"
  it "seed $seed: the same rules in a file of any shape"                      "rules_file $seed"
  it "seed $seed: a warm start, and what follows it"                          "warm $seed"
  it "seed $seed: a warm start with a program, whose clock is the machine's"  "kept $seed"
  it "seed $seed: rules that come and go, senders and user IDs exempted"      "reload $seed"
  seed=$((seed + 1))
done
done_testing
