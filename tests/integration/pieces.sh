#!/bin/sh
# Tests a real log against alerts that were computed without the program: whole, cut into pieces, and with its
# stamps in other forms. TAP. Run from the top folder.
# shellcheck disable=SC1091,SC2154,SC2317,SC2002 # tap.sh sets and calls these
. tests/tap.sh
corpus=$top/tests/corpus
log=$corpus/notqmail.log
for tool in pieces restamp; do
  ${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -o "$tmp/$tool" "tests/hostile/$tool.c" || exit 111
done

# Runs the program with the arguments of corpus $1 on standard input: alerts, and out.
run() {
  eval "set -- $(cat "$corpus/expected/$1.args")"
  timeout -s KILL 300 "$ratetap" -a 3 "$@" 3>alerts >out
}

# The same where standard output is a pipe, too, as in a log service.
run_in_pipes() {
  eval "set -- $(cat "$corpus/expected/$1.args")"
  timeout -s KILL 300 "$ratetap" -a 3 "$@" 3>alerts | cat >out
}

same() { cmp "$corpus/expected/$1.alerts" alerts && cmp "$log" out; }

# The log with its stamps in form $2, and the alerts with labels that are as precise.
in_form() {
  "$tmp/restamp" "$2" <"$log" >restamped
  "$tmp/restamp" -a "$2" <"$corpus/expected/$1.alerts" >expected
  run "$1" <restamped && cmp expected alerts && cmp restamped out
}

# svlogd's stamps are so coarse that windows differ: the oracle says what is right with labels like that.
in_coarse_form() {
  "$tmp/restamp" "$2" <"$log" >restamped
  eval "set -- $1 $2 $(cat "$corpus/expected/$1.args")"
  n=$1 form=$2
  shift 2
  "$tmp/restamp" -a "$form" <"$log" | "$top/${BUILD:-build}/oracle" "$@" >expected
  run "$n" <restamped && cmp expected alerts && cmp restamped out
}

by_tai64nlocal() {
  tai64nlocal <"$log" >restamped
  run "$1" <restamped && cmp "$corpus/expected/$1.alerts" alerts && cmp restamped out
}

# s6-log t T: both stamps.
both_stamps() {
  tai64nlocal <"$log" | cut -d ' ' -f 1-2 >stamps
  cut -d ' ' -f 1 "$log" >labels
  cut -d ' ' -f 2- "$log" | paste -d ' ' labels stamps - >restamped
  run "$1" <restamped && cmp "$corpus/expected/$1.alerts" alerts && cmp restamped out
}

for n in 1 2 3 4 5 6 7 8 9; do
  it "corpus $n: alerts and log are right from a file" "run $n <\$log && same $n"
  it "corpus $n: from a pipe" "cat \$log | run $n && same $n"
  it "corpus $n: between two pipes" "cat \$log | run_in_pipes $n && same $n"
  it "corpus $n: between two pipes, in random pieces" "\$tmp/pieces $n 700 <\$log | run_in_pipes $n && same $n"
  it "corpus $n: from a pipe, in random pieces" "\$tmp/pieces 1$n 20000 <\$log | run $n && same $n"
done
it 'corpus 2: from a pipe, byte by byte' "\$tmp/pieces 1 1 <\$log | run 2 && same 2"
it 'corpus 3: between two pipes, byte by byte' "\$tmp/pieces 1 1 <\$log | run_in_pipes 3 && same 3"
for n in 2 3 6 7; do
  if command -v tai64nlocal >/dev/null; then # daemontools
    it "corpus $n: through tai64nlocal" "by_tai64nlocal $n"
    it "corpus $n: with both stamps of s6-log t T" "both_stamps $n"
  fi
  for form in splogger hostless priority syslog rfc5424 unix number docker container socklog stacked; do
    it "corpus $n: as $form has it" "in_form $n $form"
  done
  it "corpus $n: as svlogd -tt has it" "in_coarse_form $n svlogd"
  it "corpus $n: as s6-log t has it, 27 seconds ahead" "in_form $n s6"
  it "corpus $n: as s6-log T has it" "in_form $n s6iso"
done
done_testing
