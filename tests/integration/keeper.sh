#!/bin/sh
# -- PROGRAM: started, watched, started again, emptied, and what it inherits.

# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

# start PROGRAM...: ratetap as its keeper, its input held open by descriptor 5.
start() {
  mkfifo in
  exec 5<>in
  "$ratetap" -a 3 "$quiet" -- "$@" <in 2>err 3>alerts 5>&- &
  rt=$!
  note_pid "$rt"
}

ends() {
  within 20 "gone $rt" || {
    kill -9 "$rt"
    return 1
  }
  wait "$rt"
  was=$?
  [ "$was" -eq "$1" ] || { echo "# exit status $was, not $1"; return 1; }
}

it 'the program gets the log, its output is our output' \
  '"$tools/feed" | "$ratetap" $quiet -- cat | "$tools/proof"'

for code in 0 7 100 111; do
  it "the exit code $code is passed on" \
    "printf 'a line\n' | \"\$ratetap\" \$quiet -- sh -c 'cat >/dev/null; exit $code'; [ \$? -eq $code ]"
done
it 'a signal gives 128 and its number' \
  'printf "a line\n" | "$ratetap" $quiet -- sh -c "cat >/dev/null; kill -9 \$\$"; [ $? -eq 137 ]'

absent() {
  printf 'a line\n' >file
  {
    "$ratetap" "$quiet" -- "$1" 2>err
    echo $? >status
    cat
  } <file >rest
  [ "$(cat status)" -eq 111 ] && cmp file rest && grep -q "^ratetap: fatal: .*$1" err
}
it 'a program that does not exist is fatal, and nothing was read' 'absent ./nothing'
it 'a program that cannot be executed is fatal, and nothing was read' '>plain; absent ./plain'

# What a dying reader had already taken from the pipe is gone with it, so write only when it is dead.
kill_program() {
  victim=$(tail -n 1 pids)
  kill -9 "$victim"
  within 10 'gone "$victim"'
}

killed() {
  start sh -c 'echo $$ >>pids; exec cat >>log'
  printf 'one\n' >&5
  within 10 '[ "$(cat log 2>/dev/null)" = one ]' || return 1
  kill_program
  printf 'two\n' >&5
  within 10 '[ "$(wc -l <log)" -eq 2 ]' || return 1
  kill_program
  printf 'three\n' >&5
  within 10 '[ "$(wc -l <log)" -eq 3 ]' || return 1
  kill -TERM "$rt"
  ends 0 && [ "$(wc -l <pids)" -eq 3 ] && printf 'one\ntwo\nthree\n' | cmp - log &&
    [ "$(grep -c '^ratetap: warning: ' err)" -eq 1 ]
}
it 'a killed program is started again, each time; one warning a minute' killed

# As while a package is replaced: it takes itself away, and has read nothing.
vanishes() {
  printf '#!/bin/sh\nrm "$0"\n' >./logger
  printf '#!/bin/sh\nexec cat >stored\n' >./new
  chmod +x logger new
  start ./logger
  printf 'one\n' >&5
  within 10 'grep -q "^ratetap: warning: unable to start ./logger, trying again each second: " err' || return 1
  within 10 '[ "$(wc -l <err)" -eq 2 ]' && mv new logger
  printf 'two\n' >&5
  within 10 '[ "$(wc -l <stored)" -eq 2 ]' || return 1
  kill -TERM "$rt"
  ends 0 && printf 'one\ntwo\n' | cmp - stored && [ "$(wc -l <err)" -eq 2 ]
}
it 'a program that is gone is told at once, once, and started when it is back' vanishes

restless() {
  start sh -c 'date +%s >>times'
  within 10 '[ "$(wc -l <times)" -ge 3 ]' || return 1
  kill -9 "$rt"
  # once a second: no second sees three
  [ "$(sort times | uniq -c | awk '$1 > 2' | wc -l)" -eq 0 ]
}
it 'a program that ends at once is started once a second' restless

# dd takes 10 bytes, whatever is there.
it 'what a program leaves in the pipe is given to the next: end of input' \
  'printf "%s\n" 0123456789 abcdefghi | "$ratetap" $quiet -- dd bs=10 count=1 2>err >got &&
    printf "%s\n" 0123456789 abcdefghi | cmp - got'

left_at_term() {
  start sh -c 'dd bs=10 count=1 >>got 2>/dev/null'
  printf '%s\n' 0123456789 abcdefghi >&5
  within 10 '[ -s got ]' || return 1
  kill -TERM "$rt"
  ends 0 && printf '%s\n' 0123456789 abcdefghi | cmp - got
}
it 'what a program leaves in the pipe is given to the next: TERM' left_at_term

term_in_a_line() {
  start sh -c 'exec cat >log'
  printf 'one\ntw' >&5
  within 10 '[ "$(cat log 2>/dev/null | wc -c)" -eq 6 ]' || return 1
  kill -TERM "$rt"
  printf 'o\nthree\n' >&5
  ends 0 && printf 'one\ntwo\n' | cmp - log && drain in >rest && printf 'three\n' | cmp - rest
}
it 'TERM: the program gets the whole line, the next one stays in stdin' term_in_a_line

# What PROGRAM inherits, from a shell that ignores and blocks signals and has an alert descriptor.
it 'the program gets default signals and an empty mask' \
  'trap "" INT QUIT USR1 USR2 CHLD; env --block-signal=TERM,WINCH,ALRM "$ratetap" $quiet -- grep "^Sig[BI]" /proc/self/status </dev/null >got &&
    ! grep -qv "0000000[01][80]0000000$" got' # 80000000, 1: two signals that glibc keeps for itself
fds() { ls -l /proc/self/fd 3>alerts >plain && grep -c -- '->' plain; }
it 'the program gets none of our descriptors, nor the alert descriptor' \
  'n=$(fds) && "$ratetap" -a 3 $quiet -- ls -l /proc/self/fd </dev/null 3>alerts >got && sed "s/^/# /" got >&2 &&
    [ "$(grep -c -- "->" got)" -eq "$((n - 1))" ] && ! grep -q alerts got'
it 'the program keeps a standard error that is the alert descriptor, too' \
  'ls -l /proc/self/fd >plain 2>err; "$ratetap" $quiet -- ls -l /proc/self/fd </dev/null >got 2>err && [ "$(grep -c -- "->" got)" -eq "$(grep -c -- "->" plain)" ]'
it 'a writer on the program'"'"'s pipe would keep it alive: at the end of input it ends' \
  '"$tools/feed" | timeout -s KILL 10 "$ratetap" $quiet -- cat | "$tools/proof"'

it 'a parent that ignores SIGCHLD: the end of the program is noticed all the same' \
  'printf "a line\n" | timeout -s KILL 10 env --ignore-signal=CHLD "$ratetap" $quiet -- cat >got && printf "a line\n" | cmp - got'

if command -v multilog >/dev/null; then
  rotate() {
    start multilog ./main
    printf 'one\n' >&5
    within 10 'grep -q one main/current' || return 1
    kill -ALRM "$rt"
    within 10 'set -- main/@*.s && [ -e "$1" ]' || return 1
    printf 'two\n' >&5
    within 10 'grep -q two main/current' || return 1
    kill -TERM "$rt"
    ends 0 && printf 'one\n' | cmp - main/@*.s && printf 'two\n' | cmp - main/current
  }
  it 'ALRM is forwarded: multilog rotates' rotate

  lock_held() {
    mkdir main
    setlock main/lock sleep 60 &
    holder=$!
    note_pid "$holder"
    within 10 '! setlock -nx main/lock true || false; [ -e main/lock ]' || return 1
    within 10 '! setlock -n main/lock true 2>/dev/null' || return 1
    start multilog ./main
    printf 'one\ntwo\n' >&5
    within 10 'grep -q "multilog.*lock" err' || return 1
    kill "$holder"
    within 10 'printf "one\ntwo\n" | cmp -s - main/current' || return 1
    kill -TERM "$rt"
    ends 0
  }
  it 'a lock still held: multilog exits 111, is started again, nothing is lost' lock_held

  group_term() {
    mkfifo in
    exec 5<>in
    # an own process group, as a service manager makes one
    setsid "$ratetap" -a 3 "$quiet" -- multilog s16777215 n100 ./main <in 2>err 3>alerts 5>&- &
    rt=$!
    note_pid "$rt"
    printf 'first\n' >&5
    within 10 '[ -s main/current ]' || return 1
    logger=$(cat "/proc/$rt/task/$rt/children")
    kill -STOP "${logger% }"
    { echo first; "$tools/feed" -l 8000; } >all
    sh -c 'exec 5>&-; exec "$tools/feed" -l 8000' >in &
    note_pid $!
    within 10 '[ "$(unread 5)" -gt 20000 ]' || return 1
    kill -TERM "-$rt"
    kill -CONT "${logger% }"
    ends 0 || return 1
    exec 8<in
    sh -c 'exec 5>&-; exec timeout 20 cat' <&8 >rest &
    reader=$!
    exec 8<&- 5>&-
    wait "$reader"
    cat main/@* main/current 2>/dev/null | cat - rest | cmp - all
  }
  it 'TERM to the whole group while the inner pipe is full: nothing is lost' group_term

  it 'ALRM while the program is dead does no harm' \
    'start sh -c ": >began"; within 10 "[ -e began ]"; for n in 1 2 3 4 5 6 7 8 9; do kill -ALRM $rt && sleep 0.1; done; kill -0 $rt && kill -TERM $rt && ends 0'
else
  skip 'multilog after ratetap' 'multilog is not installed'
fi

done_testing
