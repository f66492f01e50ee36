#!/bin/sh
# How the cost of a line grows with senders, rules and length of lines, in instructions, which do not depend on what
# else the machine does. From the top folder: sh tests/bench/growth.sh
set -eu
. tests/bench/lib.sh

need valgrind valgrind
build gen
LINES=200000

# per_line FILE RULE...: instructions of a run over a log, less those over an empty one, per line
per_line() {
  log=$1
  shift
  for input in /dev/null "$log"; do
    valgrind --tool=callgrind --callgrind-out-file="$B/callgrind" "$X" "$@" <"$input" 2>&1 >/dev/null |
      sed -n 's/.*Collected : //p'
  done | awk -v lines="$LINES" '{ n = $1 - n } END { printf "%.0f\n", n / lines }'
}

echo 'senders: instructions per line with one rule, with four'
for senders in 1000 10000 100000 1000000; do
  "$B/gen" -l $LINES -n $senders >"$B/growth.log"
  # shellcheck disable=SC2086 # four words
  echo "$senders: $(per_line "$B/growth.log" $ONE) $(per_line "$B/growth.log" $FOUR)"
done

echo 'rules: instructions per line if they count messages, and if they count recipients'
"$B/gen" -l $LINES >"$B/growth.log"
messages='' recipients='' n=0
for rules in 1 2 4 8 16; do
  while [ $n -lt $rules ]; do
    n=$((n + 1))
    messages="$messages $n""00/1h" recipients="$recipients $n""00/1h/remote"
  done
  # shellcheck disable=SC2086 # a word for each rule
  echo "$rules: $(per_line "$B/growth.log" $messages) $(per_line "$B/growth.log" $recipients)"
done

echo 'bytes per line: instructions per line with one rule, with four'
for text in 1 1000 4000 16000; do
  "$B/gen" -l $LINES -x $text >"$B/growth.log"
  # shellcheck disable=SC2086 # four words
  echo "$(wc -c <"$B/growth.log" | awk -v lines=$LINES '{ printf "%.0f", $1 / lines }'):" \
    "$(per_line "$B/growth.log" $ONE) $(per_line "$B/growth.log" $FOUR)"
done
