#!/bin/sh
# The pipe: passing on before waiting, TERM, a reader that went away, a full disk, neighbours that set O_NONBLOCK,
# alert readers of every bad kind.

# shellcheck disable=SC2016,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

# pipes: FIFOs in and out, both ends of each held by descriptors 5 and 6.
pipes() {
  mkfifo in out
  exec 5<>in 6<>out
}

# start ARGUMENT...: ratetap between them, as $rt.
start() {
  "$ratetap" "$@" <in >out 2>err 5>&- 6>&- &
  rt=$!
  note_pid "$rt"
}

# comes TEXT: exactly this comes out next (printf's escapes).
comes() {
  printf '%b' "$1" >want
  timeout 10 head -c "$(wc -c <want)" <&6 >came
  cmp want came
}

# alone COMMAND, to be started with '&': without a hand on the pipes, which would keep them open.
alone() {
  exec 5>&- 6>&-
  exec "$@"
}

# flow LINES [OPTION...]: numbered lines in the file all, and on their way into the pipe.
flow() {
  "$tools/feed" -l "$@" >all
  alone "$tools/feed" -l "$@" >in &
  feeder=$!
  note_pid "$feeder"
}

# collect FIFO FILE: reads to the end, in the background, as $collector.
collect() {
  exec 8<"$1" # now, so that we may let go of the pipe
  alone timeout 20 cat <&8 >"$2" &
  collector=$!
  exec 8<&-
}

# ends STATUS: ratetap ends, with this status.
ends() {
  within 10 "gone $rt" || { kill -9 "$rt"; return 1; }
  wait "$rt"
  was=$?
  [ "$was" -eq "$1" ] || { echo "# exit status $was, not $1"; return 1; }
}

pieces() {
  pipes && start "$quiet"
  for piece in 'new m' 'sg 7' '\ni' 'nfo msg 7: bytes 90 from <a@x> qp 4 uid 8\nnew msg 9' '\nend msg'; do
    printf '%b' "$piece" >&5
    comes "$piece" || return 1
  done
  kill -TERM "$rt"
  printf ' 7\nnext' >&5
  comes ' 7\n' && ends 0
}
it 'what is read is passed on at once, half a line too' pieces

term_in_a_line() {
  pipes && start "$quiet"
  printf 'new msg 1\nnew ms' >&5
  comes 'new msg 1\nnew ms' || return 1
  kill -TERM "$rt"
  printf 'g 2\nnew msg 3\nnew msg 4\n' >&5
  ends 0 && comes 'g 2\n' && [ "$(drain out | wc -c)" -eq 0 ] && drain in >rest && printf 'new msg 3\nnew msg 4\n' | cmp - rest
}
it 'TERM: the line is finished, and the next ones stay in stdin' term_in_a_line

term_between_lines() {
  pipes && start "$quiet"
  printf 'new msg 1\n' >&5
  comes 'new msg 1\n' || return 1
  kill -TERM "$rt"
  ends 0 && printf 'new msg 2\n' >&5 && drain in >rest && printf 'new msg 2\n' | cmp - rest
}
it 'TERM between two lines ends it at once' term_between_lines

term_to_a_file() {
  mkfifo in
  exec 5<>in
  "$ratetap" "$quiet" <in >file 2>err 5>&- &
  rt=$!
  printf 'new msg 1\nnew ms' >&5
  within 10 '[ "$(wc -c <file)" -eq 16 ]' || return 1
  kill -TERM "$rt"
  printf 'g 2\nnew msg 3\n' >&5
  ends 0 && printf 'new msg 1\nnew msg 2\n' | cmp - file && drain in >rest && printf 'new msg 3\n' | cmp - rest
}
it 'TERM where stdout is a file: the same' term_to_a_file

# Blocked: the pipe after us is full, and bytes wait in the one before us.
blocked() {
  within 10 '[ "$(unread 6)" -gt 0 ] && [ "$(unread 5)" -gt 20000 ]' || return 1
  was=-1
  within 10 'now=$(unread 6); [ "$now" -eq "$was" ] || { was=$now; false; }'
}

# Both pipes to their ends, after a ratetap that is gone: got and rest together are the input.
both_together() {
  collect out got
  first=$collector
  collect in rest
  exec 5>&- 6>&-
  wait "$first" "$collector"
  [ -s got ] && [ -s rest ] && cat got rest | cmp - all
}

term_while_blocked() {
  pipes && start "$quiet"
  flow 8000
  blocked || return 1
  kill -TERM "$rt"
  collect out got
  ends 0 || return 1
  first=$collector
  collect in rest
  exec 5>&- 6>&-
  wait "$first" "$collector"
  [ "$(tail -c 1 got | od -An -tx1)" = ' 0a' ] && cat got rest | cmp - all
}
it 'TERM while stdout is full: a whole line, and nothing is lost' term_while_blocked

kill_while_blocked() {
  pipes && start "$quiet"
  flow 8000
  blocked || return 1
  kill -9 "$rt"
  within 10 "gone $rt" && both_together
}
moved 'a full stdout stops the reading: every byte is in one of the two pipes' kill_while_blocked

# idle TICKS [SECONDS]: in a second, or so many, ratetap takes less of the CPU, and lives.
idle() {
  before=$(ticks "$rt")
  sleep "${2:-1}" # measures, waits for nothing
  after=$(ticks "$rt")
  echo "# CPU used: $((after - before)) ticks"
  kill -0 "$rt" && [ $((after - before)) -lt "$1" ]
}

spin() {
  pipes && start "$quiet"
  flow 8000 -p 11
  blocked && idle 10
}
it 'a pipe whose slots are full of small pieces: no spinning' spin

idle_is_idle() {
  pipes && start 0/1h
  printf 'new msg 1\ninfo msg 1: bytes 2 from <a@x> qp 3 uid 4\nhalf a line' >&5
  comes 'new msg 1\ninfo msg 1: bytes 2 from <a@x> qp 3 uid 4\nhalf a line' && idle 5
}
it 'no input: no CPU' idle_is_idle

reader_gone() {
  mkfifo in out
  exec 5<>in 6<>out 7>out
  exec 6>&-
  "$tools/feed" -l 200 >all
  cat all >&5
  "$ratetap" "$quiet" <in >&7 2>err 5>&- &
  rt=$!
  ends 111 && drain in | cmp - all && grep -q '^ratetap: fatal: ' err
}
moved 'stdout without a reader: 111, and all that was not passed on is still in stdin' reader_gone

reader_goes() {
  pipes && start "$quiet"
  flow 8000
  blocked || return 1
  timeout 10 head -c 50000 <&6 >got
  blocked && timeout 10 head -c 50000 <&6 >>got && blocked || return 1
  passed=$(unread 6)
  exec 6>&-
  ends 111 || return 1
  collect in rest
  exec 5>&-
  wait "$collector"
  # what was still in the pipe after us went with its reader, and nothing else
  [ "$(cat got rest | wc -c)" -eq "$(($(wc -c <all) - passed))" ] &&
    tail -c "$(wc -c <rest)" all | cmp - rest && head -c "$(wc -c <got)" all | cmp - got
}
moved 'a reader of stdout that goes away: 111, and only what it had not read is gone' reader_goes

dev_full() {
  mkfifo in
  exec 5<>in
  "$ratetap" "$quiet" <in >/dev/full 2>err 5>&- &
  rt=$!
  note_pid "$rt"
  printf 'new msg 1\n' >&5
  within 10 'grep -q "^ratetap: warning: " err' || return 1
  idle 10 2 && [ "$(wc -l <err)" -eq 1 ] # long enough for two more tries
}
it 'stdout on a full disk: one warning, no end, no spinning' dev_full

# A file system of our own, 64k large, so full that only a part of the input fits.
small_disk() {
  mkdir disk
  mount -t tmpfs -o size=64k none disk || return 1
  head -c 50000 /dev/zero >disk/ballast
  "$tools/feed" -l 600 >all
  if [ "$1" = file ]; then ln -s all source; else mkfifo source; fi
  "$ratetap" "$quiet" <source >disk/log 2>err &
  rt=$!
  note_pid "$rt"
  [ "$1" = file ] || cat all >source &
  within 10 'grep -q "^ratetap: warning: " err' && [ -s disk/log ] && rm disk/ballast && ends 0 && cmp all disk/log &&
    [ "$(grep -c "unable to write the log" err)" -eq 1 ]
  here=$?
  kill -9 "$rt" 2>/dev/null
  wait "$rt"
  umount disk
  return "$here"
}
mkdir "$tmp/disk"
if mount -t tmpfs -o size=64k none "$tmp/disk" 2>/dev/null; then
  umount "$tmp/disk"
  it 'a disk that fills and gets room again: nothing lost, one warning (pipe)' 'small_disk pipe'
  it 'a disk that fills and gets room again: nothing lost, one warning (file)' 'small_disk file'
else
  skip 'a disk that fills and gets room again' 'mounting is not permitted here'
fi

no_space() {
  "$tools/feed" -l 100 >all
  FAULT_CALL=write FAULT_FD=1 FAULT_DO=ENOSPC FAULT_NTH=1 FAULT_TIMES=2 FAULT_ONLY=ratetap FAULT_MARK="$PWD/mark" \
    LD_PRELOAD="$tools/interpose.so" "$ratetap" -a 3 "$quiet" <all >got 2>err 3>alerts
  cmp all got && [ -e mark ] && [ "$(grep -c "unable to write the log" err)" -eq 1 ]
}
preloaded 'ENOSPC twice: the write is tried again, one warning' no_space

# A neighbour sets O_NONBLOCK on what we share with it; it must stay as the neighbour has set it.
start_nonblocking() {
  pipes
  "$tools/fdtool" nonblock 0,1 "$ratetap" "$quiet" <in >out 2>err 5>&- 6>&- &
  rt=$!
  note_pid "$rt"
}

nonblocking() {
  start_nonblocking
  flow 8000
  blocked && timeout 10 head -c 50000 <&6 >got && blocked && idle 10 || return 1 # stdout was full twice
  collect out rest
  wait "$feeder"
  exec 5>&-
  ends 0 && exec 6>&- && wait "$collector" && cat got rest | cmp - all
}
it 'stdin and stdout non-blocking pipes: all comes through, no spinning' nonblocking

nonblocking_cpu() {
  start_nonblocking
  printf 'new msg 1\n' >&5
  comes 'new msg 1\n' && idle 10
}
it 'a non-blocking stdin without input: no spinning' nonblocking_cpu

flags() { awk '/^flags/ { print (int($2 / 1000) % 10 >= 4) ? "nonblock" : "block" }' "/proc/$rt/fdinfo/$1"; }
own_flags() {
  mkfifo alerts
  exec 3<>alerts
  pipes && start -a 3 0/1h
  printf 'info msg 1: bytes 2 from <a@x> qp 3 uid 4\n' >&5
  within 10 '[ "$(unread 3)" -gt 0 ]' || return 1
  for fd in 0 1 2 3; do
    [ "$(flags "$fd")" = block ] || { echo "# descriptor $fd is non-blocking"; return 1; }
  done
  kill -9 "$rt"
}
it 'O_NONBLOCK is set on no inherited descriptor' own_flags

# The alert descriptor. 4,000 lines are 977 senders, each over at once: some 100 kB of alerts.
"$tools/feed" -l 4000 >"$tmp/all"
all=$tmp/all
through() { timeout 20 sh -c '"$tools/feed" -l 4000 | "$ratetap" -a 3 0/1h 2>err | cat' >got; }

# The whole log through, while alerts to descriptor 3 wait.
waits_for_its_reader() {
  mkfifo in out
  "$ratetap" -a 3 0/1h <in >out 2>err &
  note_pid $!
  cat out 3>&- >got &
  "$tools/feed" -l 4000 >in
  within 10 'cmp -s "$all" got'
}

never_read() {
  mkfifo alerts
  exec 3<>alerts
  "$tools/fdtool" fill 3
  waits_for_its_reader || return 1
  # the queue is waiting for its reader now
  timeout 20 sh -c 'exec 3>&-; exec cat alerts' >said &
  reader=$!
  within 10 '[ "$(grep -c "^@.* over " said)" -eq 977 ]'
  here=$?
  kill "$reader"
  return "$here"
}
it 'an alert pipe that is full: the log goes on, and the alerts come when they are read' never_read

term_ends_the_wait() {
  mkfifo alerts
  exec 3<>alerts
  "$tools/fdtool" fill 3
  "$ratetap" -a 3 0/1h <"$all" >got 2>err &
  rt=$!
  within 10 'cmp -s "$all" got' && kill -0 "$rt" || return 1
  kill -TERM "$rt"
  ends 0
}
it 'TERM ends the wait for a reader of the alerts' term_ends_the_wait

end_before_alerts() {
  mkfifo alerts
  exec 3<>alerts
  "$tools/fdtool" fill 3
  mkfifo out
  "$ratetap" -a 3 0/1h <"$all" >out 2>err &
  rt=$!
  note_pid "$rt"
  timeout 10 cat out 3>&- >got # ends only if stdout was closed
  here=$?
  kill -TERM "$rt"
  [ "$here" -eq 0 ] && cmp "$all" got
}
it 'at the end of input stdout ends before the wait for a reader of the alerts' end_before_alerts

neighbour() {
  mkfifo alerts
  exec 3<>alerts
  yes other >&3 3>&- &
  neighbour=$!
  note_pid "$neighbour"
  within 10 '[ "$(unread 3)" -gt 60000 ]' || return 1
  waits_for_its_reader || return 1
  kill -0 "$neighbour"
}
it 'another writer keeps the alert pipe full: the log goes on' neighbour

alert_reader_gone() {
  mkfifo alerts
  exec 4<>alerts 3>alerts
  exec 4>&-
  through && cmp "$all" got && [ "$(grep -c "^ratetap: warning: " err)" -eq 1 ] && [ "$(wc -l <err)" -eq 1 ]
}
it 'an alert pipe without a reader: the log goes on, one warning' alert_reader_gone

# No line of the log comes to wake ratetap up.
alert_reader_comes_back() {
  mkfifo alerts
  exec 4<>alerts 3>alerts
  exec 4>&-
  pipes && start -a 3 0/1h
  printf 'info msg 1: bytes 2 from <a@x> qp 3 uid 4\n' >&5
  within 10 'grep -q "^ratetap: warning: " err' || return 1
  timeout 10 sh -c 'exec 3>&- 5>&- 6>&-; exec head -n 1 alerts' >said
  grep " over 0/1h/msg/sender a@x count=1 " said
}
it 'a reader that opens it later gets the alerts, by itself' alert_reader_comes_back

it 'alerts to /dev/full: the log goes on, one warning' \
  'exec 3>/dev/full; through && cmp "$all" got && [ "$(grep -c "^ratetap: warning: " err)" -eq 1 ]'
it 'alerts to a file: the log goes on' \
  'exec 3>alerts; through && cmp "$all" got && [ "$(grep -c "^@.* over " alerts)" -eq 977 ]'

# lost RULE...: all that the log of so many lines in all says while nobody reads the alerts is more than there is room
# for; then they are read, into said.
lost() {
  mkfifo in alerts
  exec 5<>in 3<>alerts
  "$tools/fdtool" fill 3
  "$ratetap" -m 1M -a 3 "$@" <in >got 2>err 5>&- &
  rt=$!
  note_pid "$rt"
  sh -c 'exec 3>&- 5>&-; exec cat all' >in &
  within 60 'cmp -s all got' || return 1
  sh -c 'exec 3>&- 5>&-; exec cat alerts' >said &
  note_pid $!
  within 60 'grep -q "^@.* note lost alerts=[1-9]" said'
}
hears_term() { kill -TERM "$rt" && within 10 'gone "$rt"'; }
# one_after_the_other: each is over for a second, and the next comes two seconds later.
one_after_the_other() {
  awk 'BEGIN { for (i = 1; i <= 4000; i++)
    printf "@4000000060%06x00000000 info msg %d: bytes 2 from <s%d@example.org> qp 3 uid 4\n", i * 2, i, i }' >all
  lost 0/1s && within 10 'sed -n "/ note lost /,\$p" said | grep -q " still 0/1s/msg/sender s4000@example.org count=1 "' &&
    [ "$(sed -n 's/.* note lost alerts=[0-9]* //p' said)" = over=1 ] && hears_term
}
it 'alerts are lost: a note says how many, and still lines who is over' one_after_the_other
all_at_once() {
  awk 'BEGIN { for (i = 1; i <= 2000; i++)
    printf "info msg %d: bytes 2 from <s%0200d@example.org> qp 3 uid 4\n", i, i }' >all
  lost 0/1h 0/2h 0/3h 0/4h && ! grep ' still ' said && ! grep ' note lost .*over=' said && hears_term
}
it 'alerts are lost, and more are over than there is room to tell: the note alone' all_at_once
# All that waits is taken between two looks at the pipe, of which the first has found it full.
all_at_once_late() {
  printf '#!/bin/sh\nexec env LD_PRELOAD=%s FAULT_LATE=1 %s "$@"\n' "$tools/interpose.so" "$ratetap" >late && chmod +x late
  ratetap=$PWD/late
  all_at_once
}
preloaded 'the same, if the reader takes all in the instant in which it has just taken nothing' all_at_once_late

# A sender goes over; then stdout runs full, with more than a line waiting. The end of the episode is told all the same.
timers() {
  pipes
  exec 3>alerts
  start -a 3 0/1s
  printf 'info msg 1: bytes 2 from <first@x> qp 3 uid 4\n' >&5
  comes 'info msg 1: bytes 2 from <first@x> qp 3 uid 4\n' || return 1
  yes 'new msg 5' >in &
  note_pid $!
  within 10 'grep -q "^@.* over .* first@x " alerts' && blocked &&
    within 10 'grep -q "^@.* under .* first@x " alerts'
  here=$?
  kill -9 "$rt"
  return "$here"
}
it 'stdout blocked: alerts and timers go on' timers

# Not only pipes.
it 'file to file' '"$ratetap" $quiet <"$all" >got && cmp "$all" got'
it 'file to pipe' '"$ratetap" $quiet <"$all" | cmp "$all" -'
it 'pipe to file' 'cat "$all" | "$ratetap" $quiet >got && cmp "$all" got'
it 'appending to a file' 'echo first >got; cat "$all" | "$ratetap" $quiet >>got && { echo first; cat "$all"; } | cmp - got'
it 'an empty input' '"$ratetap" $quiet </dev/null >got && [ ! -s got ]'
it 'an empty pipe' ': | "$ratetap" $quiet | cmp - /dev/null'
it 'no newline at the end, and zero bytes' 'printf "a\\0b\\nc" | "$ratetap" $quiet | od -c >got; printf "a\\0b\\nc" | od -c | cmp - got'
it 'a line of a million bytes' 'head -c 1000000 /dev/zero >z; cat z | "$ratetap" $quiet | cmp - z'
native '30 megabytes of address space for more: the log goes on' \
  '(ulimit -v 30000; "$tools/feed" -k s -l 200000 | "$ratetap" -a 3 0/1h 3>alerts) >got; "$tools/feed" -k s -l 200000 | cmp - got'

# What is late by a while is told at the time of the signal, not at that of the last line.
present_time() {
  pipes
  echo 0/1h >rules
  start -f rules -a 3 3>alerts
  printf 'info msg 1: bytes 2 from <a@x> qp 3 uid 4\n' >&5
  within 10 'grep -q " over " alerts' || return 1
  sleep 1.1 # passes for the log, waits for nothing
  kill -USR1 "$rt" && within 10 'grep -q " stat lines=" alerts' || return 1
  echo 5/1h >rules
  kill -HUP "$rt" && within 10 'grep -q " note reload " alerts' || return 1
  kill -TERM "$rt"
  ends 0 && [ "$(sed -n 's/.* under .* lasted=\([0-9]*\).*/\1/p' alerts)" -ge 1 ] &&
    [ "$(sed -n 's/ over .*//p' alerts | cut -c 1-18)" != "$(sed -n 's/ under .*//p' alerts | cut -c 1-18)" ]
}
it 'HUP and USR1 on an idle log act at the present time' present_time

gone_windows() {
  pipes
  start -a 3 5/1s 3>alerts
  printf 'info msg 1: bytes 2 from <a@x> qp 3 uid 4\n' >&5
  comes 'info msg 1: bytes 2 from <a@x> qp 3 uid 4\n' || return 1
  sleep 1.1 # passes for the log, waits for nothing
  kill -USR1 "$rt" && within 10 'grep -q " stat lines=" alerts' || return 1
  kill -TERM "$rt"
  ends 0 && ! grep ' now=[^0]' alerts
}
it 'USR1 on an idle log: what has left the window is not in now=' gone_windows

interrupted() {
  pipes && start "$quiet"
  printf 'new msg 1\nnew ms' >&5
  comes 'new msg 1\nnew ms' || return 1
  kill -INT "$rt"
  printf 'g 2\nnew msg 3\n' >&5
  ends 0 && comes 'g 2\n' && drain in >rest && printf 'new msg 3\n' | cmp - rest
}
# a shell without job control gives its background processes an ignored SIGINT
it 'INT is as TERM' interrupted

# Three readers of one FIFO, each with a file as its stdout: what poll reports to all is there for one only.
three_readers() {
  mkfifo in
  exec 5<>in
  for n in 1 2 3; do
    "$ratetap" -a 3 "$quiet" <in >"got.$n" 2>"err.$n" 3>/dev/null 5>&- &
    pids="$pids $!"
    note_pid $!
  done
  for n in $(seq 40); do
    printf 'new msg %d\n' "$n" >&5
    within 10 '[ "$(cat got.* | wc -l)" -eq "$n" ]' || return 1
  done
  kill $pids && for p in $pids; do within 10 "gone $p" || return 1; done
}
it 'three readers of one pipe: none waits in a read, all hear TERM' 'pids=; three_readers'

for signal in HUP ALRM PIPE USR2; do
  it "SIG$signal is ignored" "pipes && start \$quiet && printf 'new' >&5 && comes new && kill -$signal \$rt &&
    printf ' msg 1\n' >&5 && comes ' msg 1' && kill -TERM \$rt && ends 0"
done

done_testing
