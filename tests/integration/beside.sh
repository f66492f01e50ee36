#!/bin/sh
# What is written beside the log, alerts and warnings, never stops it: full pipes, terminals that nobody reads, limits
# of size, and all of it while something is to be done.

# shellcheck disable=SC2016,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

"$tools/feed" -l 4000 >"$tmp/all"
all=$tmp/all
info() { printf 'info msg %d: bytes 900 from <%s> qp %d uid 89\n' "$1" "$2" "$1"; }

# start ARGUMENT...: ratetap, as $rt, between a FIFO that descriptor 5 writes to and the file got. Standard error is
# $err.
start() {
  mkfifo in
  exec 5<>in
  "$@" <in >got 2>"$err" 5>&- 9>&- &
  rt=$!
  note_pid "$rt"
}
# full_pipe: $err becomes a FIFO, held open by descriptor 9, that takes no more.
full_pipe() {
  mkfifo full
  exec 9<>full
  "$tools/fdtool" fill 9
  err=full
}
# ends STATUS: ratetap ends, with this status.
ends() {
  within 10 'gone "$rt"' || { kill -9 "$rt"; return 1; }
  wait "$rt"
  was=$?
  [ "$was" -eq "$1" ] || { echo "# exit status $was, not $1"; return 1; }
}
# passes TEXT: this line comes through.
passes() { echo "$1" >&5 && within 10 "grep -qx '$1' got"; }

# bad_reloads NUMBER: so many times it finds a bad rules file, each told by a note
bad_reloads() {
  echo 1/1x >rules
  told=$(grep -c ' reload-failed$' alerts)
  for n in $(seq "$1"); do
    kill -HUP "$rt" && within 10 "[ \"\$(grep -c ' reload-failed\$' alerts)\" -eq $((told + n)) ]" || return 1
  done
}

bad_rules() {
  full_pipe
  echo 0/1h >rules
  start "$ratetap" -a 3 -f rules 3>alerts
  passes 'new msg 1' && bad_reloads 1 && passes 'new msg 2' && kill -TERM "$rt" && ends 0
}
it 'standard error is a full pipe: a bad rules file stops nothing, and TERM ends it' bad_rules

dead_program() {
  full_pipe
  start "$ratetap" -a 3 "$quiet" -- sh -c 'echo $$ >>pids; exec cat' 3>alerts
  passes one && kill -9 "$(tail -n 1 pids)" && within 10 '[ "$(wc -l <pids)" -eq 2 ]' && passes two || return 1
  kill -9 "$(tail -n 1 pids)" && within 10 '[ "$(wc -l <pids)" -eq 3 ]' && passes three && kill -TERM "$rt" && ends 0
}
it 'standard error is a full pipe: a dead program is started again' dead_program

cold_start() {
  full_pipe
  start "$ratetap" -a 3 -w nowhere "$quiet" 3>alerts
  passes one && kill -TERM "$rt" && ends 0
}
it 'standard error is a full pipe: a warm start that finds nothing stops nothing' cold_start

last_words() {
  full_pipe
  mkfifo gone
  exec 6<>gone 7>gone
  exec 6>&-
  info 1 ann@x | timeout -s KILL 10 "$ratetap" -a 3 "$quiet" >&7 2>full 3>alerts
  [ $? -eq 111 ]
}
it 'standard error is a full pipe: it can end all the same' last_words
it 'standard error is a full pipe: a wrong command line ends all the same' \
  'full_pipe; timeout -s KILL 10 "$ratetap" -a 3 1/1x 2>full 3>alerts; [ $? -eq 100 ]'

full_disk() {
  echo 0/1h >rules
  err=/dev/full
  start "$ratetap" -a 3 -f rules 3>alerts
  passes 'new msg 1' && bad_reloads 3 && passes 'new msg 2' && kill -TERM "$rt" && ends 0
}
it 'standard error is on a full disk: nothing stops' full_disk

warned() { sed 's/^x*//' out | grep -q '^ratetap: warning: rules:1: bad rule 1/1x: '; }
# Afterwards it is read, and warnings are there again: as soon as there is room, which nobody tells.
terminal() {
  echo 0/1h >rules
  err=/dev/null
  start "$@" "$tools/pty" -f 2 go out "$ratetap" -a 3 -f rules 3>alerts
  pty=$rt
  within 10 '[ -n "$(cat "/proc/$pty/task/$pty/children")" ]' || return 1
  read -r rt <"/proc/$pty/task/$pty/children"
  passes 'new msg 1' && bad_reloads 3 && passes 'new msg 2' || return 1
  : >go
  within 10 '[ -s out ]' || return 1
  asked=0
  until warned; do
    asked=$((asked + 1))
    { [ $asked -le 1000 ] && bad_reloads 1; } || return 1
  done
  kill -TERM "$rt" && within 10 'gone $pty' || return 1
  rt=$pty
  ends 0 && [ "$(wc -l <out)" -le $((asked + 1)) ] || { echo "# after $asked reloads:"; cat out; return 1; }
}
it 'standard error is a terminal that nobody reads: warnings are dropped, and the log goes on' terminal

# ---- the alert descriptor
# alerts_wait [REFUSE...]: the whole log comes through while the terminal is not read; then all alerts come, whole.
alerts_wait() {
  mkfifo in log
  cat log >got &
  "$tools/feed" -l 4000 -p 2 >in &
  timeout -s KILL 60 "$@" "$tools/pty" 3 go out "$ratetap" -a 3 0/1h <in >log 2>err &
  rt=$!
  note_pid "$rt"
  within 20 'cmp -s "$all" got' || return 1
  : >go
  ends 0 && [ "$(grep -c '^@.* over 0/1h/msg/sender .*' out)" -eq 977 ] && [ "$(wc -l <out)" -eq 977 ] && [ ! -s err ]
}
it 'alerts to a terminal that nobody reads: the log goes on, and they come when it is read' alerts_wait
if "$tools/refuse" EACCES reopen true; then
  it 'alerts to a terminal of somebody else, which cannot be opened anew: the same' 'alerts_wait "$tools/refuse" EACCES reopen'
else
  skip 'alerts to a terminal of somebody else' 'no filter of system calls here'
fi

no_spinning() {
  err=err
  start "$tools/pty" 3 go out "$ratetap" -a 3 0/1h
  pty=$rt
  cat "$all" >&5
  within 10 'cmp -s "$all" got' || return 1
  read -r rt <"/proc/$pty/task/$pty/children"
  before=$(ticks "$rt")
  sleep 1 # measures, waits for nothing
  after=$(ticks "$rt")
  echo "# CPU used: $((after - before)) ticks"
  kill -TERM "$rt" && [ $((after - before)) -lt 10 ]
}
it 'alerts to a terminal that nobody reads: no spinning' no_spinning

# The program began more than a second ago: if it ended now, it would be started again at once.
end_of_program() {
  full_pipe
  err=err
  start "$ratetap" -a 3 0/1h -- sh -c 'cat; : >ended' 3>full
  sleep 1.1 # so long the program has to run
  info 1 ann@x >&5
  exec 5>&-
  within 10 '[ -e ended ]' || return 1
  before=$(ticks "$rt")
  sleep 0.5 # measures, waits for nothing
  after=$(ticks "$rt")
  echo "# CPU used: $((after - before)) ticks"
  kill -TERM "$rt" && ends 0 && [ $((after - before)) -lt 10 ]
}
it 'alerts wait for their reader after the program has ended: no spinning' end_of_program

# In the background of a terminal that stops whoever writes to it from there.
background() {
  "$tools/feed" -l 200 >want
  timeout 20 script -qc 'stty tostop; set -m; "$ratetap" 0/1h <want >got & until cmp -s want got || [ $((tries += 1)) -gt 100 ]; do sleep 0.05; done; kill -9 $!' out </dev/null >/dev/null 2>&1
  cmp want got && grep -q '^@.* over ' out
}
if command -v script >/dev/null; then
  it 'a terminal that stops background writers (stty tostop): the log goes on' background
else
  skip 'a terminal that stops background writers' 'script is not installed'
fi

# The file is at its limit, then it is emptied.
limited() {
  head -c 8192 /dev/zero >alerts
  mkfifo in
  exec 5<>in
  (ulimit -f 8; exec "$ratetap" -a 3 0/1h <in >got 2>err 3>>alerts 5>&-) &
  rt=$!
  note_pid "$rt"
  info 1 ann@x >&5
  within 10 'grep -q "^ratetap: warning: unable to write alerts, trying again each second: File too large" err' || return 1
  info 2 bob@x >&5
  within 10 '[ "$(wc -l <got)" -eq 2 ]' && : >alerts && within 10 'grep -q " over .* bob@x " alerts && grep -q " over .* ann@x " alerts' &&
    kill -TERM "$rt" && ends 0 && [ "$(wc -l <err)" -eq 1 ]
}
# The unit of ulimit -f is 512 bytes here, 1,024 there: the file is as large as either.
it 'an alert file at its limit of size (RLIMIT_FSIZE): one warning, and the alerts come when there is room' limited
it 'an alert file at its limit at the start, with a program: it starts' \
  'head -c 8192 /dev/zero >alerts; (ulimit -f 8; seq 9 | "$ratetap" -a 3 1/1h 3>>alerts -- cat 2>err) >got; seq 9 | cmp - got'

log_limited() {
  "$tools/feed" -l 600 >want # 50 kB
  mkfifo in
  exec 5<>in
  (ulimit -f 8; exec "$ratetap" -a 3 "$quiet" <in >got 2>err 3>alerts 5>&-) &
  rt=$!
  note_pid "$rt"
  sh -c 'exec cat want 5>&-' >in &
  within 10 'grep -q "^ratetap: warning: unable to write the log, trying again each second: File too large" err' || return 1
  kill -0 "$rt" && cmp -n "$(wc -c <got)" want got
}
it 'a log file at its limit of size: one warning, no end' log_limited
it 'the program gets the default for SIGXFSZ' \
  'head -c 30000 /dev/zero >got; (ulimit -f 8; "$ratetap" -a 3 "$quiet" -- sh -c "sh -c \"head -c 30000 /dev/zero >x; :\"; kill -XFSZ \$\$" </dev/null 3>alerts 2>err); [ $? -eq 153 ]'

# ---- alerts inside of the lines of the log
refused() { [ "$1" -eq 100 ] && grep -q '^ratetap: fatal: .* same pipe, file or socket as standard output' err; }
it 'standard error and output are one pipe: refused' '(exec 2>&1; "$ratetap" 0/1h; echo $? >code) </dev/null | cat >err; refused "$(cat code)"'
it 'they are one file: refused' '"$ratetap" 0/1h </dev/null >err 2>&1; refused $?'
it 'they are one file, opened twice: refused' '"$ratetap" 0/1h </dev/null >err 2>>err; refused $?'
it 'standard error is the same FIFO, and alerts go elsewhere: refused' 'mkfifo f; exec 6<>f; "$ratetap" -a 3 0/1h </dev/null >f 2>f 3>alerts; code=$?; dd if=f of=err iflag=nonblock 2>/dev/null; refused $code'
it 'standard output is closed: refused' '"$ratetap" 0/1h </dev/null >&- 2>err; [ $? -eq 100 ] && grep -q "^ratetap: fatal: standard output is closed" err'
it 'standard output is closed, with a program: fine' 'seq 3 | "$ratetap" -a 3 0/1h -- sh -c "cat >got" >&- 2>err 3>alerts; [ $? -eq 0 ] && seq 3 | cmp - got'
# The pipe through which warnings go must not take its place.
no_input() {
  { timeout -s KILL 10 "$@" <&- >got 2>&4 3>alerts; echo $? >code; } 4>&1 | cat >err
  [ "$(cat code)" = 0 ] && grep -q '^ratetap\(-hold\)\{0,1\}: warning: ' err
}
it 'standard input is closed: that is its end, whatever is warned of before' 'no_input "$ratetap" -a 3 -- 0/1h -late'
it 'the same, with a program' 'no_input "$ratetap" -a 3 -- 0/1h -late -- cat'
it 'the same, ratetap-hold' 'mkdir gate && no_input "$(readlink -f "$ratetap")-hold" -k gate'
it '-a is the same FIFO: refused' 'mkfifo f; exec 6<>f; "$ratetap" -a 3 0/1h </dev/null >f 3>f 2>err; refused $?'
it 'both are /dev/null: fine' '"$ratetap" 0/1h </dev/null >/dev/null 2>&1'
it 'both are a terminal: fine' ': >go; "$tools/pty" 2 go out sh -c "exec \"\$ratetap\" 0/1h </dev/null >&2"'
it 'with a program the log is not in it: fine' '(exec 2>&1; "$ratetap" 0/1h -- cat) </dev/null | grep -q " note start "'
it 'asked for an answer it has no log: fine' '"$ratetap" -n 0/1h >got 2>&1 && grep -qx 0/1h/msg/sender got'

done_testing
