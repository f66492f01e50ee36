#!/bin/sh
# -f FILE and SIGHUP: new rules while it runs, all of them or none; what stays the same keeps its counters.
# SOAK=1: 10,000 reloads instead of 1,000.

# shellcheck disable=SC2015,SC2016,SC2086,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

# next_line FD: the next line there, or nothing after 10 seconds
next_line() { timeout 10 sh -c 'IFS= read -r line; echo "$line"' <&"$1"; }

# start ARGUMENT...: ratetap between FIFOs, 5 into it and 6 out of it, 7 to read its alerts one by one. It has read
# its rules when this returns, for a line has come through.
start() {
  mkfifo in out alerts
  exec 5<>in 6<>out 7<>alerts
  "$ratetap" -a 3 "$@" <in >out 3>alerts 2>err 5>&- 6>&- 7>&- &
  rt=$!
  note_pid "$rt"
  echo 'status: exiting' >&5
  next_line 6 >line
}
info() { printf 'info msg %d: bytes 900 from <%s> qp %d uid 89\n' "$1" "$2" "$1"; }
next=0
# sends SENDER MESSAGES: they have passed when it returns
sends() {
  left=$2
  while [ "$left" -gt 0 ]; do
    next=$((next + 1))
    left=$((left - 1))
    info $next "$1" >&5
    next_line 6 >line
  done
}
# alert PATTERN: the next alert, without its stamp, matches
alert() {
  line=$(next_line 7)
  line=${line#@* }
  # shellcheck disable=SC2254
  case $line in
  $1) return ;;
  *) echo "# alert '$line' instead of '$1'"; return 1 ;;
  esac
}
none() {
  line=$(drain alerts)
  [ -z "$line" ] || { echo "# alert '$line'"; return 1; }
}
reload() { kill -HUP "$rt"; }

order() {
  printf '# by hand\n\n  -news@example.org  \n10/1h/remote\n' >rules
  "$ratetap" -f rules -n +news@example.org 5/1m >said && cat >want <<END && cmp want said
-news@example.org
10/1h/remote/sender
+news@example.org
5/1m/msg/sender
END
}
it 'the directives of the file stand before those of the command line' order

changed() {
  printf '10/1h\n5/1m/msg/uid\n' >rules
  start -f rules 100/1h/msg/all
  sends thief@example.org 8
  alert 'over 5/1m/msg/uid 89 count=6 *' || return 1
  # other rules around it, and it stands elsewhere
  printf '3/2h\n7/1m/msg/domain\n+*\n10/60m\n' >rules
  reload
  alert 'under 5/1m/msg/uid 89 count=8 peak=8 total=8 since=@* lasted=* reload=rule' || return 1
  alert 'note reload rules=4' || return 1
  sends thief@example.org 3
  alert 'over 10/1h/msg/sender thief@example.org count=11 *' || return 1
  none || return 1
  # a new rule begins at nothing
  sends thief@example.org 1
  alert 'over 3/2h/msg/sender thief@example.org count=4 *' || return 1
  # the rule of the command line went on all the time: 12 of 100 so far
  sends other@example.com 88
  alert 'over 3/2h/msg/sender other@example.com count=4 *' &&
    alert 'more 3/2h/msg/sender other@example.com count=7 *' &&
    alert 'over 7/1m/msg/domain example.com count=8 *'
}
it 'a rule that stays keeps its counters, wherever it stands in the file; a new one begins at 0' changed

removed_rule() {
  printf '2/1h\n4/1h/msg/uid\n' >rules
  start -f rules
  sends thief@example.org 3
  alert 'over 2/1h/msg/sender thief@example.org count=3 *' || return 1
  echo '4/1h/msg/uid' >rules
  reload
  alert 'under 2/1h/msg/sender thief@example.org count=3 peak=3 total=3 since=@* lasted=* reload=rule' || return 1
  alert 'note reload rules=1' || return 1
  printf '2/1h\n4/1h/msg/uid\n' >rules
  reload
  alert 'note reload rules=2' || return 1
  sends thief@example.org 2
  alert 'over 4/1h/msg/uid 89 count=5 *' || return 1
  none || return 1
  sends thief@example.org 1
  alert 'over 2/1h/msg/sender thief@example.org count=3 *'
}
it 'the episodes of a rule that goes end with it; when it comes back it begins at 0' removed_rule

# The message was announced under the old selection; its recipients come under the new one.
selection() {
  printf -- '-*@example.org\n1/1h/remote\n' >rules
  start -f rules
  sends ann@example.org 1
  to() {
    echo "starting delivery $1: msg 1 to remote user$1@example.net" >&5
    next_line 6 >line
  }
  for d in 1 2 3; do to $d; done
  none || return 1
  printf -- '-bob@*\n1/1h/remote\n' >rules
  reload
  alert 'note reload rules=1' || return 1
  for d in 4 5; do to $d; done
  alert 'over 1/1h/remote/sender ann@example.org count=2 within=* msg=1 *' || return 1
  printf -- '-ann@*\n1/1h/remote\n' >rules
  reload
  alert 'under 1/1h/remote/sender ann@example.org count=2 peak=2 * reload=exempt' || return 1
  alert 'note reload rules=1' || return 1
  for d in 6 7 8; do to $d; done
  none # or it would be 'more'
}
it 'who is selected is decided anew, for messages in the queue as well' selection

# The message was announced when no rule asked for deliveries; its recipients come when one does.
first_asked() {
  echo 1/1h >rules
  start -f rules
  sends ann@example.org 1
  printf '1/1h\n1/1h/remote\n' >rules
  reload
  alert 'note reload rules=2' || return 1
  for d in 1 2; do
    echo "starting delivery $d: msg $next to remote user$d@example.net" >&5
    next_line 6 >line
  done
  alert "over 1/1h/remote/sender ann@example.org count=2 within=* msg=$next *"
}
it 'the first rule on deliveries knows who sent the messages that are in the queue' first_asked

# bad WORDS: the file that is there now is refused with these words; the old rules go on counting.
bad() {
  sends "bad$1@example.org" 8
  reload
  alert 'note reload-failed' || return 1
  within 5 '[ "$(wc -l <err)" -eq 1 ]' && [ "$(cat err)" = "ratetap: warning: $2: the old rules stay" ] || {
    cat err
    return 1
  }
  sends "bad$1@example.org" 3
  alert "over 10/1h/msg/sender bad$1@example.org count=11 *" || return 1
  : >err
}
bad_file() {
  echo 10/1h >rules
  start -f rules
  printf '# new\n20/1h\n\n10/30x\n' >rules
  bad 1 "rules:4: bad rule 10/30x: unknown unit 'x' in the period (s, m, h, d or w)" || return 1
  printf '20/1h\nnonsense\n' >rules
  bad 2 "rules:2: bad directive 'nonsense' (+PATTERN, -PATTERN or a rule, as 10/30m)" || return 1
  printf '20/1h\n--\n' >rules
  bad 3 'rules:2: bad directive -- (a program is only given on the command line)' || return 1
  : >rules
  bad 4 'rules: no rule (at least one, as 10/30m)' || return 1
  rm rules
  bad 5 'unable to read rules: No such file or directory' || return 1
  mkdir rules
  bad 6 'unable to read rules: Is a directory' || return 1
  rmdir rules
  mkfifo rules # whose writer gives a byte a second, or none
  bad 7 'rules: not a regular file' || return 1
  rm rules
  echo 20/1h >rules
  reload
  for n in 1 2 3 4 5 6 7; do alert "under 10/1h/msg/sender bad$n@example.org count=11 peak=11 *" || return 1; done
  alert 'note reload rules=1' || return 1
  sends "good@example.org" 21
  alert 'over 20/1h/msg/sender good@example.org count=21 *' && none
}
it 'a file that is bad, empty or gone: the old rules stay, and the warning says where and why' bad_file

it 'SIGHUP without -f is ignored' \
  'start 1/1h; reload; sends thief@example.org 2; alert "over 1/1h/*" && none && [ ! -s err ]'

# fatal CODE WORDS: with the file rules, at the start
fatal() {
  echo 'a line' | { "$ratetap" -f rules >out 2>err; echo $? >code; cat >rest; }
  [ "$(cat code)" -eq "$1" ] && [ "$(cat err)" = "ratetap: fatal: $2" ] && [ "$(cat rest)" = 'a line' ] ||
    { cat code err; return 1; }
}
it 'no file at the start: 111, and nothing was read' 'fatal 111 "unable to read rules: No such file or directory"'
it 'a bad file at the start: 100, with file and line' \
  'printf "1/1h\n10:20/1h\n" >rules; fatal 100 "rules:2: bad rule 10:20/1h: the number 20 after the '"':'"' is above the limit (at most the limit)"'
it 'lines that end with CR and LF, or with blanks, mean the same' '
  printf "# rules\r\n-news@example.org  \r\n10/1h\t\r\n  30/10m/line/authuser=\r\n30/10m/line/a b\\ \r\n" >rules; printf "%s\n" -news@example.org 10/1h/msg/sender 30/10m/line/authuser= "30/10m/line/a b\\ " >want; "$ratetap" -n -f rules | diff want - &&
  for i in $(seq 31); do echo "x authuser=bob"; done | "$ratetap" -a 3 -f rules 3>alerts >/dev/null && grep -q " over 30/10m/line/authuser= bob " alerts'
it 'an empty file at the start: 100' '>rules; fatal 100 "rules: no rule (at least one, as 10/30m)"'

# A log/run that does not run stops all mail.
# without WORDS [RULE]: with a program it starts without the file, says why, and takes it when it is good.
without() {
  mkfifo in
  exec 5<>in
  "$ratetap" -a 3 -f rules ${2:+"$2"} -- cat <in >out 3>alerts 2>err 5>&- &
  note_pid $!
  echo 'a line' >&5
  within 10 'grep -qx "a line" out' || return 1
  [ "$(cat err)" = "ratetap: warning: $1: no rules from that file until SIGHUP reads a good one" ] || { cat err; return 1; }
  n=${2:+1}
  [ "$(cut -d ' ' -f 2- alerts)" = "note start rules=${n:-0} over=0
note reload-failed" ] || { cat alerts; return 1; }
  rm -rf rules
  echo 0/1h >rules
  kill -HUP $!
  within 10 "grep -q ' note reload rules=$((${n:-0} + 1))\$' alerts" || return 1
  printf 'info msg 1: bytes 900 from <ann@example.org> qp 1 uid 89\n' >&5
  within 10 'grep -q " over 0/1h/msg/sender ann@example.org count=1 " alerts' || return 1
  kill -TERM $!
  wait $! && [ "$(wc -l <err)" -eq 1 ]
}
it 'with a program, no file at the start' 'without "unable to read rules: No such file or directory"'
it 'with a program, no file at the start, and a rule on the command line' \
  'without "unable to read rules: No such file or directory" 9/1h'
it 'with a program, a bad file at the start: nothing of it counts' \
  'printf "1/1h\n10/1x\n" >rules; without "rules:2: bad rule 10/1x: unknown unit '"'x'"' in the period (s, m, h, d or w)"'
it 'with a program, an empty file at the start' ': >rules; without "rules: no rule (at least one, as 10/30m)"'
it 'with a program, a file that with the command line has one rule too many' \
  'seq 1000 | sed "s,$,/1h," >rules; without "too many rules (at most 1000)" 9/1h'
it 'with a program, a FIFO at the start' 'mkfifo rules; without "rules: not a regular file"'
it 'with a program and a bad file, a bad command line is fatal' \
  '! "$ratetap" -f rules 1/1x -- touch started 2>err </dev/null && grep -q "^ratetap: fatal: bad rule 1/1x" err && [ ! -e started ]'
it 'with a program and no file, no rule is fatal' '! "$ratetap" -- touch started 2>err </dev/null && [ ! -e started ]'

# ---- many reloads under load
resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$rt/status"; }
# reloads FROM TO: each is waited for; every tenth is refused.
reloads() {
  i=$1
  while [ "$i" -le "$2" ]; do
    case $i in
    *0) from=broken want='note reload-failed' ;;
    *[13579]) from=odd want='note reload rules=3' ;;
    *) from=even want='note reload rules=2' ;;
    esac
    ln -sf "$from" rules
    kill -HUP "$rt"
    while IFS= read -r line <&7; do
      case $line in *' under '*) ;; *) break ;; esac # of a rule that goes
    done
    case $line in *"$want") ;; *) echo "# reload $i: '$line'"; return 1 ;; esac
    i=$((i + 1))
  done
}
# One rule is in both, and the windows are short, so that memory has a level.
rule_files() {
  printf '%s\n' 1000000/1s '-user1@*' 1000000/1s/remote 100000000/2s/byte/domain >odd
  awk 'BEGIN { for (i = 0; i < 300; i++) printf "-user%d@example.com\n", i }' </dev/null >even
  printf '%s\n' 1000000/2s/rcpt/uid 1000000/1s >>even
  { cat even; echo 1/1x; } >broken
  echo 10000/1h/msg/all >first
  ln -s first rules
}
many=1000
[ -z "${SOAK:-}" ] || many=10000
if is_sanitized; then room=1000000; else room=1024; fi # kB; the sanitizer keeps what is freed

under_load() {
  rule_files
  mkfifo sum
  start -f rules
  cksum <out >got 5>&- 6>&- 7>&- &
  getting=$!
  cksum <sum >sent 5>&- 6>&- 7>&- &
  sending=$!
  (exec 5>&- 6>&- 7>&-; timeout 300 "$tools/feed" -l 100000000 -r 20000 | tee sum >in) &
  # 10,000 messages have passed
  alert 'over 10000/1h/msg/all \* *' || return 1
  reloads 1 100 || return 1
  before=$(resident)
  reloads 101 "$many" || return 1
  after=$(resident)
  feeder=$(for p in /proc/[0-9]*; do
    [ "$(readlink "$p/cwd" 2>/dev/null)" = "$PWD" ] && [ "$(cat "$p/comm")" = feed ] && echo "${p#/proc/}"
  done)
  kill "$feeder"
  exec 5>&- 6>&-
  wait "$getting" "$sending"
  echo "# $(cut -d ' ' -f 2 sent) bytes passed; resident after 100 reloads $before kB, after $many $after kB"
  cmp sent got && [ "$(grep -c 'the old rules stay$' err)" -eq $((many / 10)) ] && [ $((after - before)) -le "$room" ]
}
it "$many reloads under load: no line is lost, and the memory stays as it is" under_load

leaks() {
  rule_files
  mkfifo in alerts
  exec 5<>in 7<>alerts
  valgrind -q --error-exitcode=9 --leak-check=full --log-file=valgrind "$ratetap" -f rules -a 3 <in >out 3>alerts 2>err \
    5>&- 7>&- &
  rt=$!
  note_pid "$rt"
  "$tools/feed" -l 400 >&5
  # the trap for HUP is set when the first bytes have passed
  within 20 '[ "$(wc -l <out)" -eq 400 ]' && reloads 1 30 || return 1
  "$tools/feed" -l 400 >&5
  exec 5>&-
  wait "$rt"
  code=$?
  sed 's/^/# /' valgrind
  [ "$code" -eq 0 ] && [ "$(wc -l <out)" -eq 800 ]
}
if [ "$room" -gt 1024 ] || ! command -v valgrind >/dev/null; then
  skip 'valgrind sees no leak in 30 reloads' 'valgrind is not installed, or this is the sanitizer'
else
  it 'valgrind sees no leak in 30 reloads' leaks
fi

done_testing
