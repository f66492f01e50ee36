#!/bin/sh
# Signals at random instants, between two pipes that a harness holds open: no line lost, none doubled.
# SOAK=1: thousands of faults and millions of lines. Every '# |' line is a row of the fault table in doc/.

# shellcheck disable=SC2016
# shellcheck source=tests/tap.sh
. tests/tap.sh

if [ -n "${SOAK:-}" ]; then
  lines=5000000 faults=1000 few=200 slow=400000
else
  lines=100000 faults=40 few=4 slow=8000
fi
export h="$tools/harness"
run="sh -c 'exec \"\$ratetap\" 50/1s/msg 2>/dev/null'" # alerts flow, too

# cat may be lucky once, where it shares one processor with the harness.
it 'the harness sees what cat loses under SIGKILL' '
  for try in 1 2 3 4 5 6; do
    "$h" -f 20 -l 50000 -p 11 -n "SIGKILL of cat (what a filter that reads and writes loses)" cat || exit 0
  done
  exit 1'
it 'the harness sees a doubled line' '! "$h" -f 0 -l 1000 -n "none, but sed doubles a line" sed 500p'

moved 'SIGKILL, half of the lines in 11 writes' \
  "\$h -k kill -f $faults -l $lines -p 1 -q 11 -n 'SIGKILL, restarted at once; every second line in 11 writes' $run"
moved 'SIGKILL while a slow reader keeps stdout full' \
  "\$h -k kill -f $faults -l $((lines / 4)) -i -n 'SIGKILL, slow reader of stdout' $run"
moved 'SIGKILL with pipes of one page and lines of 9,000 bytes' \
  "\$h -k kill -f $faults -l $((lines / 5)) -L l -z 4096 -n 'SIGKILL, pipes of one page, lines of 9,000 bytes' $run"
it 'SIGTERM, half of the lines in 11 writes' \
  "\$h -k term -f $faults -l $lines -p 1 -q 11 -n 'SIGTERM, restarted at once; every second line in 11 writes' $run"
it 'SIGTERM while a slow reader keeps stdout full' \
  "\$h -k term -f $faults -l $((lines / 4)) -i -n 'SIGTERM, slow reader of stdout' $run"
it 'SIGSTOP and SIGCONT' "\$h -k stop -f $faults -l $lines -p 1 -q 11 -n 'SIGSTOP, SIGCONT' $run"
it 'HUP, ALRM, USR1 and PIPE in the middle of everything' \
  "\$h -k storm -f $((faults * 5)) -l $lines -p 1 -q 11 -i -n 'SIGHUP, SIGALRM, SIGUSR1, SIGPIPE' $run"

# The logger here takes its input with the same system call, so whatever it has read it has also written:
# what is missing would be the keeper's fault.
keep="sh -c 'exec \"\$ratetap\" 50/1s/msg -- \"\$ratetap\" \$quiet 2>/dev/null'"
it 'SIGKILL of the logger: the keeper starts it again and nothing is lost' \
  "\$h -k kill -c -f $few -l $slow -r 1900 -p 1 -q 11 -n 'SIGKILL of the logger' $keep"
it 'SIGTERM of the keeper: the pipe to the logger is emptied first' \
  "\$h -k term -f $faults -l $((lines / 4)) -p 1 -q 11 -n 'SIGTERM of the keeper' $keep"
# The keeper starts a logger at most once a second, and here it always has to.
it 'SIGTERM to the whole process group while the inner pipe is full' \
  "\$h -k term -g -f $few -l $((lines / 4)) -i -n 'SIGTERM to the group, slow logger' $keep"
it 'SIGSTOP and SIGCONT of the logger' \
  "\$h -k stop -c -f $faults -l $lines -p 1 -q 11 -n 'SIGSTOP, SIGCONT of the logger' $keep"

done_testing
