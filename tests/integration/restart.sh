#!/bin/sh
# -w: a restart forgets nothing and says nothing twice. SOAK=1: 500 cuts instead of 25 (or RESTART_CUTS).

# shellcheck disable=SC2015,SC2016,SC2046,SC2086,SC2094,SC2238,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

if [ -n "${SOAK:-}" ]; then cuts=${RESTART_CUTS:-500}; else cuts=${RESTART_CUTS:-25}; fi
seed=${SEED:-20261123}

# Some years earlier than it was, so that it is no log from the future on a machine whose clock is behind.
log=$tmp/log
sed 's/^@400000006/@400000005/' tests/corpus/notqmail.log >"$log" || exit 111
lines=$(wc -l <"$log")

info() { printf 'info msg %d: bytes 900 from <%s> qp %d uid 89\n' "$1" "$2" "$1"; }
thief() {
  i=$1
  while [ "$i" -le "$2" ]; do
    info "$i" thief@example.org
    i=$((i + 1))
  done
}

# warm FILE OPTION...: FILE after what is stored in main, from a pipe as live; alerts in the file alerts.
warm() {
  input=$1
  shift
  cat "$input" | "$ratetap" -w main -a 3 "$@" 3>alerts 2>err | cmp "$input" -
}
restored() { sed -n 's/^@[0-9a-f]* note restored //p' alerts; }

# ---- cut at a random line
rules='20:10/1m/remote 5:2/1m/fail 60:30/10s/rcpt/all 20/1m'
# cut_at LINE: what two runs say, with the log up to LINE stored by multilog, is what one says.
cut_at() {
  rm -rf main
  head -n "$1" "$log" >first
  tail -n +"$(($1 + 1))" "$log" >second
  "$ratetap" -a 3 $rules <first 3>alerts.1 >/dev/null && multilog s65536 n1000 ./main <first || return 1
  warm second $rules || return 1
  [ ! -s err ] && [ "$(restored)" = "lines=$1 over=$(over_after alerts.1)" ] && [ "$(wc -l <alerts)" -gt 0 ] || {
    echo "# line $1: $(restored), not over=$(over_after alerts.1); $(head -n 2 err)"
    return 1
  }
  [ "$(grep -c ' still ' alerts)" = "$(over_after alerts.1)" ] || { echo "# still at line $1"; return 1; }
  grep -v -e ' note restored ' -e ' note start ' -e ' still ' alerts | cat alerts.1 - | cmp - alerts.all || { echo "# cut at line $1"; return 1; }
}
# over_after ALERTS: how many episodes have begun and not ended
over_after() { awk '$2 == "over" { n++ } $2 == "under" { n-- } END { print n + 0 }' "$1"; }
random_cuts() {
  "$ratetap" -a 3 $rules <"$log" 3>alerts.all >/dev/null
  for word in over more under remote/sender fail/sender rcpt/all msg/sender; do
    grep -q "$word" alerts.all || { echo "# no $word to test"; return 1; }
  done
  echo "# seed $seed, $cuts cuts, $(wc -l <alerts.all) alerts"
  awk -v seed="$seed" -v n="$cuts" -v lines="$lines" \
    'BEGIN { srand(seed); for (i = 0; i < n; i++) print 1 + int(rand() * (lines - 1)) }' >cuts
  while read -r line; do cut_at "$line" || return 1; done <cuts
}
if command -v multilog >/dev/null; then
  it 'cut at random lines: two runs say what one says' random_cuts
else
  skip 'cut at random lines: two runs say what one says' 'multilog is not installed'
fi

# ---- the directories of real loggers, with rotated files
# s6-log looks at the size of its file only when all that it has read is stored, so it gets 60 lines at a time.
store_slowly() {
  mkfifo feed
  eval "$1" <feed &
  logger=$!
  exec 4>feed
  for last in 60 120 180 240 300 360 420 480 540 600; do
    sed -n "$((last - 59)),${last}p" lines >&4
    within 30 "[ \"\$(cat main/@* main/current 2>/dev/null | wc -l)\" = $last ]" || break
  done
  exec 4>&-
  wait "$logger" && [ "$last" = 600 ]
}

# The thief goes over in the first lines, and is still over when 600 lines have been stored.
real() {
  mkdir main
  echo 's4096
n100' >main/config
  {
    thief 1 11
    i=100
    while [ $i -lt 689 ]; do
      info $i "user$i@example.org"
      i=$((i + 1))
    done
  } >lines
  store_slowly "$1" || return 1
  [ "$(find main -name '@*' | wc -l)" -ge 5 ] || { ls main; return 1; }
  thief 12 12 >more
  warm more 10/1h && [ ! -s err ] || { head -n 3 err; return 1; }
  stored=$(cat main/@* main/current | wc -l)
  echo "# $(find main -name '@*' | wc -l) old files, $stored lines; $(cat alerts)"
  [ "$stored" -eq 600 ] && [ "$(restored)" = 'lines=600 over=1' ] && [ "$(wc -l <alerts)" -eq 3 ]
}
for logger in 'multilog t s4096 n100 ./main' 's6-log t n100 s4096 ./main' 's6-log T n100 s4096 ./main' \
  's6-log t T n100 s4096 ./main' 'svlogd -t ./main' 'svlogd -tt ./main' 'svlogd -ttt ./main'; do
  claim="what '$logger' stored and rotated is read"
  if command -v "${logger%% *}" >/dev/null; then
    it "$claim" "real '$logger'"
  else
    skip "$claim" "${logger%% *} is not installed"
  fi
done

# ---- files
# piece FROM TO FILE: these lines of the log
piece() { sed -n "$1,$2p" "$log" >"main/$3"; }
files() {
  mkdir main
  piece 1 400 @40000000500000000000000a.s
  piece 401 800 @40000000500000010000000a.u
  piece 801 1200 @40000000500000020000000a.s
  piece 1201 1600 previous
  piece 1601 2000 current
  for other in state lock @40000000500000030000000a.t @x notes.s; do piece 1 2000 "$other"; done
  sed -n '2001,4000p' "$log" >rest
  warm rest 20/1m/remote && sed 4000q "$log" | "$ratetap" -a 3 20/1m/remote 3>alerts.all >/dev/null || return 1
  sed 2000q "$log" | "$ratetap" -a 3 20/1m/remote 3>alerts.1 >/dev/null
  [ ! -s err ] && [ "$(restored)" = "lines=2000 over=$(over_after alerts.1)" ] &&
    grep -v -e ' note restored ' -e ' note start ' -e ' still ' alerts | cat alerts.1 - | cmp - alerts.all
}
it '@*.s, @*.u, previous and current are read, oldest first, and nothing else' files

skipped() {
  mkdir main
  piece 1 10 @400000005b0000000000000a.s
  gzip -c "$log" >main/@400000005b0000010000000a.s
  sed 5q "$log" | cut -c 27- >main/@400000005b0000020000000a.u
  ln -s @400000005b0000030000000a.s main/@400000005b0000030000000a.s
  : >main/@400000005b0000040000000a.s
  piece 11 20 current
  warm /dev/null 10/1h || return 1
  [ "$(restored)" = 'lines=20 over=0' ] && [ "$(wc -l <err)" -eq 3 ] &&
    grep -qx 'ratetap: warning: skipping main/@400000005b0000010000000a.s: it is compressed' err &&
    grep -qx 'ratetap: warning: skipping main/@400000005b0000020000000a.u: it does not begin with a time stamp' err &&
    grep -q '^ratetap: warning: unable to read main/@400000005b0000030000000a.s: ' err
}
it 'compressed, unstamped and unreadable files are skipped with a warning; an empty one without' skipped

it 'an empty directory restores nothing' \
  'mkdir main && warm /dev/null 10/1h && [ "$(restored)" = "lines=0 over=0" ] && [ ! -s err ]'
cold() {
  thief 1 11 >more
  warm more 10/1h && [ "$(wc -l <alerts)" -eq 2 ] && grep -q ' note start rules=1 over=0$' alerts &&
    grep -q ' over .* count=11 ' alerts &&
    grep -q '^ratetap: warning: unable to read main: .*: starting cold\|^ratetap: warning: unable to read main: starting cold: ' err &&
    [ "$(wc -l <err)" -eq 1 ]
}
it 'no directory: a warning and a cold start' cold
it 'a file instead of the directory: a warning and a cold start' 'echo x >main; cold'

torn() {
  mkdir main
  piece 1 100 current
  printf '@400000005b0439c2' >>main/current
  warm /dev/null 10/1h && [ ! -s err ] && [ "$(restored)" = 'lines=101 over=0' ]
}
it 'a line cut short at the end of current does no harm' torn

# Three days ahead, after a line of now: they count at the time of that line, and PERIOD later it has ended.
future() {
  mkdir main
  low=$(($(date +%s) + 10))
  {
    thief 1 1 | sed "s/^/@$(printf '%016x' $((0x4000000000000000 + low)))00000000 /"
    thief 2 11 | sed "s/^/@$(printf '%016x' $((0x4000000000000000 + low + 3 * 86400)))00000000 /"
  } >main/current
  mkfifo in
  exec 5<>in
  : >alerts
  "$ratetap" -w main -a 3 10/2s <in >/dev/null 3>alerts 2>err 5>&- &
  note_pid $!
  within 8 'grep -q "^@.* under .* count=0 peak=11 total=11 " alerts' || { cat alerts err; return 1; }
  high=$(($(date +%s) + 10))
  [ "$(restored)" = 'lines=11 over=1' ] && [ "$(wc -l <alerts)" -eq 4 ] || return 1
  at=$((0x$(sed -n 's/^@........\(........\).* under .*/\1/p' alerts)))
  [ $((low + 2)) -le "$at" ] && [ "$at" -le "$high" ]
}
it 'stamps of three days ahead are no time' future

# With a program what is sent after a restart counts now, however old the log is, and what has ended meanwhile is over
# for nobody. Without one it is a replay: the newest stamp is the time.
hour_ago() {
  mkdir main
  then=$(($(date +%s) + 10 - 3600))
  thief 1 11 | sed "s/^/@$(printf '%016x' $((0x4000000000000000 + then)))00000000 /" >main/current
  for i in 20 21 22; do info $i slow@example.org; done >more
  low=$(($(date +%s) + 10))
  warm more 10:0/30m 2/10m "$@" || return 1
  high=$(($(date +%s) + 10))
  [ "$(restored)" = 'lines=11 over=2' ] || return 1
  at=$((0x$(sed -n 's/^@........\(........\).* over 2.10m.msg.sender slow@example.org .*/\1/p' alerts)))
}
sent_now() {
  hour_ago -- cat && [ "$(cut -d ' ' -f 2-4 alerts | tail -n +2)" = \
'note start rules=2
over 2/10m/msg/sender slow@example.org' ] && grep -q ' note start rules=2 over=0$' alerts && [ $low -le $at ] && [ $at -le $high ]
}
it 'a log that is an hour old, with a program: what ended meanwhile is not told, and what is sent now counts now' sent_now
it 'and without one: it counts at the newest stamp' \
  'hour_ago && [ "$(cut -d " " -f 2 alerts | tr "\n" " ")" = "note note still still over " ] && [ $at -eq $then ]'

# label AGO: of so many seconds ago
label() { printf '@%016x00000000' $((0x400000000000000a + $(date +%s) - $1)); }
# A host on which only he sends, and is refused now, logs nothing more.
ends_by_the_timer() {
  mkdir main && mkfifo in && exec 5<>in
  thief 1 11 | sed "s/^/$(label 420) /" >main/current # 7 minutes ago
  "$ratetap" -w main -a 3 10/423s -- cat <in >/dev/null 3>alerts 2>err 5>&- &
  note_pid $!
  within 5 'grep -q " note start rules=1 over=1$" alerts' && within 10 'grep -q " under 10/423s/msg/sender thief@example.org count=0 " alerts' && [ ! -s err ]
}
it 'with a program, who is over after the restart is under by the timer, without another line' ends_by_the_timer
revives_nobody() {
  mkdir main
  thief 1 20 | sed "s/^/$(label 10800) /" >main/current # three hours ago
  : >in
  warm in 10/1h -- cat && [ "$(sed 's/^@[0-9a-f]* //' alerts)" = "$(printf 'note restored lines=20 over=1\nnote start rules=1 over=0')" ] && [ ! -s err ]
}
it 'with a program, who was over three hours ago under a rule of one hour is not over now' revives_nobody
# A clock that is behind, as after a boot without a battery, makes no hour of ten days.
clock_behind() {
  mkdir main && echo "-$(date +%s)" >shift
  for i in 1 2 3 4 5 6 7 8 9 10 11 12; do thief $i $i | sed "s/^/$(label $((72000 * (12 - i)))) /"; done >main/current
  : >in
  SHIFT=$PWD/shift LD_PRELOAD=$tools/shift.so "$ratetap" -w main -a 3 1/1h 11/20d "$@" <in 3>alerts 2>err >/dev/null
  [ "$(sed -n 's/^@[0-9a-f]* still \([^ ]*\) .*/\1/p' alerts | tr '\n' ' ')" = '11/20d/msg/sender ' ] ||
    { cat alerts; return 1; }
}
preloaded 'a clock that is in 1970: what the stored log says counts all the same' clock_behind
preloaded 'likewise with a program' 'clock_behind -- cat'
# multilog t T stores a label, and the date in its own zone, which may be another one than that of ratetap.
foreign_zone() {
  mkdir main
  for i in 1 2 3; do
    info $i thief@example.org | sed "s/^/$(label 60) $(date -u -d '60 seconds ago' '+%Y-%m-%d %H:%M:%S.123456') /"
  done >main/current
  : >in
  TZ=$1 warm in 2/10m -- cat && [ "$(grep -c ' still 2/10m/msg/sender thief@example.org count=3 ' alerts)" = 1 ]
}
it 'a label counts, and not the UTC date after it, with TZ=Europe/Rome' 'foreign_zone Europe/Rome'
it 'nor with TZ=America/St_Johns' 'foreign_zone America/St_Johns'
no_file() {
  mkdir main && eval "$1"
  : >in
  warm in 10/1h && [ "$(restored)" = 'lines=0 over=0' ] && [ "$(grep -c '^ratetap: warning: .*main/current' err)" = 1 ] && [ "$(wc -l <err)" = 1 ]
}
it 'current is a FIFO: a warning' 'no_file "mkfifo main/current"'
it 'current is a folder: a warning' 'no_file "mkdir main/current"'

# Whoever reads the alerts may have missed what was told, and what was let go of was not told to a reader of before.
still() {
  mkdir main
  {
    thief 1 11
    info 12 'Bob+x@example.org'
    echo 'login user=eve'
    echo 'login user=eve'
    info 13 'Bob+x@example.org'
    echo 'starting delivery 1: msg 13 to remote a@example.net'
    info 14 ann@example.org
  } | sed 's/^/@4000000050000000000000aa /' >main/current
  : >in
  warm in 10/1h 1/1h/msg/domain 0/1h/line/user= 0/1h/to 5/1h || { cat err; return 1; }
  sed 's/@4000000050000000000000aa/@/g' alerts >short
  cat >want <<END
@ note restored lines=17 over=5
@ note start rules=5 over=5
@ still 1/1h/msg/domain example.org count=14 peak=14 total=14 since=@ from=thief@example.org
@ still 5/1h/msg/sender thief@example.org count=11 peak=11 total=11 since=@ from=thief@example.org
@ still 10/1h/msg/sender thief@example.org count=11 peak=11 total=11 since=@ from=thief@example.org
@ still 0/1h/line/user= eve count=2 peak=2 total=2 since=@
@ still 0/1h/to/sender bob+x@example.org count=1 peak=1 total=1 since=@ from=Bob+x@example.org
END
  diff want short
}
it 'who is over after a restart is told once more, right after the start, in the order of the beginnings' still

none_over() {
  mkdir main
  piece 1 100 current
  warm /dev/null 10/1h && [ "$(sed 's/^@[0-9a-f]* //' alerts)" = "$(printf 'note restored lines=100 over=0\nnote start rules=1 over=0')" ]
}
it 'the start says so when nobody is' none_over

# ---- restarts within a day
# The real log, slower by 200, is a day. At each restart the clock is between two of its lines; who is over then is what
# one run over the same lines says, with one more event at that time.
a_day() {
  awk 'function hex(s, n, i) { for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return n }
    { t = hex(substr($1, 10, 8)); if (NR == 1) first = t; printf "@40000000%08x%s%s\n", first + (t - first) * 200, substr($1, 18), substr($0, 26) }' "$log"
}
twenty_restarts() {
  rules='5/1h 20:10/2h/remote 40/3h/remote/all 3:1/6h/fail 10/12h/to/domain'
  a_day >day && mkdir main && now=$(date +%s)
  awk -v n="$(wc -l <day)" 'BEGIN { srand(7); for (i = 0; i < 20; i++) print int(n * (i + rand()) / 20), rand() }' >cuts
  named=0
  while read -r cut part; do
    head -n "$cut" day >main/current
    from=$((0x$(tail -n 1 main/current | cut -c 10-17))) to=$((0x$(sed -n "$((cut + 1))p" day | cut -c 10-17)))
    at=$(awk "BEGIN { print $from + int(($to - $from) * $part) }")
    { cat main/current && printf '@40000000%08xffffffff info msg 7: bytes 9 from <> qp 7 uid 7\n' "$at" | sed s/ffffffff/3b9ac9ff/; } >until
    "$ratetap" -a 3 $rules <until 3>&1 >/dev/null | awk '$2 == "over" { n[$3 " " $4] = 1 } $2 == "under" { delete n[$3 " " $4] } END { for (k in n) print k }' | sort >want
    echo $((at - 10 - now)) >shift
    SHIFT=$PWD/shift LD_PRELOAD=$tools/shift.so "$ratetap" -w main -a 3 $rules -- cat </dev/null 3>alerts >/dev/null 2>err || return 1
    sed -n 's/^@[0-9a-f]* still \([^ ]* [^ ]*\) .*/\1/p' alerts | sort | diff want - && [ ! -s err ] || { echo "# after line $cut, clock $at"; cat err; return 1; }
    named=$((named + $(wc -l <want)))
  done <cuts
  echo "# $named still lines in 20 restarts"
  [ "$named" -gt 20 ]
}
preloaded '20 restarts within a day: still names those who are over then, and nobody else' twenty_restarts

# ---- the lock of a predecessor
# start ARGUMENT...: ratetap, its input held open by descriptor 5
start() {
  [ -p in ] || mkfifo in
  exec 5<>in
  "$ratetap" "$@" <in >>out 3>>alerts 2>>err 5>&- 8>&- &
  rt=$!
  note_pid "$rt"
}
waits_for_lock() {
  within 10 'ls -l "/proc/$rt/fd" | grep -q "main/lock$"' && ! grep -q restored alerts
}
# draining LOGGER...: holds the lock until its input ends, and then stores its last line.
draining() {
  mkdir main
  mkfifo feed
  sh -c 'exec 8>&-; exec "$@"' sh "$@" <feed 2>log.err &
  note_pid $!
  exec 8>feed
  thief 1 10 >&8
  within 10 '[ -s main/current ] && [ -e main/lock ]' || return 1
  start -w main -a 3 10/1h
  waits_for_lock || return 1
  thief 11 11 >&8
  exec 8>&-
  within 4 'grep -q restored alerts' && [ "$(restored)" = 'lines=11 over=1' ] && [ ! -s err ]
}
for logger in 'multilog t ./main' 's6-log t ./main' 'svlogd -t ./main'; do
  claim="a ${logger%% *} that is still draining is waited for, and all it stored is read"
  if command -v "${logger%% *}" >/dev/null; then
    it "$claim" "draining $logger"
  else
    skip "$claim" "${logger%% *} is not installed"
  fi
done

held() {
  mkdir main
  piece 1 100 current
  mkfifo hold
  flock main/lock cat <hold &
  note_pid $!
  exec 8>hold
  within 10 '! flock -n main/lock true' || return 1
  before=$(date +%s)
  warm /dev/null 10/1h || return 1
  after=$(date +%s)
  exec 8>&-
  echo "# it waited for $((after - before)) s"
  [ $((after - before)) -ge 4 ] && [ $((after - before)) -le 8 ] && [ "$(restored)" = 'lines=100 over=0' ] &&
    grep -q '^ratetap: warning: main/lock is still held' err && [ "$(wc -l <err)" -eq 1 ]
}
without_proc() {
  mkdir main && piece 1 100 current && : >main/lock
  unshare -rm sh -c 'mount -t tmpfs none /proc && "$ratetap" -w main -a 3 10/1h </dev/null 3>alerts 2>err | cat' && [ "$(restored)" = 'lines=100 over=0' ] && [ ! -s err ]
}
claim='without /proc, where it would see who holds the lock, it waits for nobody'
if unshare -rm mount -t tmpfs none /proc 2>/dev/null; then native "$claim" without_proc; else skip "$claim" 'no namespace can be made'; fi
ends_while_it_waits() {
  mkdir main && mkfifo hold
  flock main/lock cat <hold &
  note_pid $!
  exec 8>hold
  within 10 '! flock -n main/lock true' || return 1
  start -w main -a 3 10/1h
  waits_for_lock && before=$(date +%s) && kill -TERM "$rt" && within 3 'gone $rt' && wait "$rt"
}
if command -v flock >/dev/null; then
  it 'TERM while it waits for the lock ends it at once' ends_while_it_waits
  it 'a lock that is held on: a warning after 5 seconds, and what is there is read' held
else
  skip 'a lock that is held on: a warning after 5 seconds, and what is there is read' 'flock is not installed'
fi

# ---- from end to end
# logged NUMBER: so many lines are stored
logged() { within 10 "[ \"\$(cat main/@* main/current 2>/dev/null | wc -l)\" -eq $1 ]"; }
killed() {
  run() { start -w main -a 3 10:0/3s 2/1h/remote -- multilog t ./main; }
  mkdir main
  : >alerts
  run
  thief 1 11 >&5
  logged 11 && within 5 'grep -q "^@.* over 10:0/3s.* count=11 " alerts' || return 1
  kill -9 "$rt"
  within 10 'gone "$rt"' || return 1
  thief 12 12 >&5 # nobody is there to read it
  run
  logged 12 && within 10 'grep -q restored alerts' || return 1
  # The messages are known, too: their recipients find the sender.
  for i in 1 2 3; do printf 'starting delivery %d: msg %d to remote r%d@example.net\n' $i $i $i; done >&5
  within 10 'grep -q "^@.* over 2/1h/remote/sender thief@example.org count=3 within=0 msg=3 " alerts' &&
    within 10 'grep -q "^@.* under 10:0/3s/msg/sender thief@example.org count=0 peak=12 total=12 " alerts' || {
    cat alerts
    return 1
  }
  [ "$(restored)" = "$(printf 'lines=0 over=0\nlines=11 over=1')" ] && [ "$(grep -c ' over 10' alerts)" -eq 1 ] &&
    [ "$(grep -c ' note start rules=2 over=[01]$' alerts)" -eq 2 ] && [ ! -s err ] || { cat alerts err; return 1; }
  exec 5>&-
  within 10 'gone "$rt"' && cut -d ' ' -f 2- main/current >stored &&
    { thief 1 12; for i in 1 2 3; do printf 'starting delivery %d: msg %d to remote r%d@example.net\n' $i $i $i; done; } |
    cmp - stored
}
if command -v multilog >/dev/null; then
  it 'killed while a sender is over: no second over, the under comes, no line is lost' killed
else
  skip 'killed while a sender is over: no second over, the under comes, no line is lost' 'multilog is not installed'
fi

done_testing
