#!/bin/sh
# Real loggers after ratetap under real supervisors: restarted, killed, rotated and stopped while lines flow in,
# each in 11 writes. What they stored must be what was sent. SOAK=1: many more faults.

# shellcheck disable=SC2016,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh
under_supervisor

if [ -n "${SOAK:-}" ]; then rounds=${ROUNDS:-60} rate=3000; else rounds=1 rate=3000; fi

# pid_of SUPERVISOR: the supervised process, nothing if there is none.
pid_of() {
  case $1 in
  supervise) svstat svc | sed -n 's/.*(pid \([0-9]*\)).*/\1/p' ;;
  runsv) cat svc/supervise/pid 2>/dev/null ;;
  s6-supervise) s6-svstat -o pid svc | sed -n 's/^\([1-9][0-9]*\)$/\1/p' ;;
  esac
}

# tell SUPERVISOR COMMAND
tell() {
  case $1:$2 in
  supervise:exit) svc -dx svc ;;
  supervise:*) svc "-$(echo "$2" | cut -c1)" svc ;;
  runsv:exit) echo x >svc/supervise/control ;;
  runsv:*) echo "$2" | cut -c1 | tr -d '\n' >svc/supervise/control ;;
  s6-supervise:exit) s6-svc -xd svc ;;
  s6-supervise:*) s6-svc "-$(echo "$2" | cut -c1)" svc ;;
  esac
}

# Processes that live in our folder, but for this shell and its helpers, which live in its top.
running() {
  for p in /proc/[0-9]*; do
    case $(readlink "$p/cwd" 2>/dev/null) in "$PWD/svc"*) echo "${p#/proc/}" ;; esac
  done
}
only_supervisor() { [ "$(running | wc -l)" -le 1 ]; }

stored() { cat svc/main/@* svc/main/current 2>/dev/null; }
size() { stored | wc -c; }
grows() {
  now=$(size)
  [ "$now" -gt "$1" ]
}

# fault SUPERVISOR WHAT: when lines flow, then see them flow again.
fault() {
  within 20 "[ -n \"\$(pid_of $1)\" ] && grows $flown" || return 1
  flown=$now
  kill -0 "$feeder" || { echo '# the writer had ended before the last fault'; return 1; }
  before=$(pid_of "$1")
  case $2 in
  logger) kill -9 "$(sed 's/ .*//' "/proc/$before/task/$before/children")" ;;
  stop)
    tell "$1" down
    within 20 only_supervisor || return 1
    tell "$1" up
    ;;
  *) tell "$1" "$2" ;;
  esac
  [ "$2" = alarm ] || [ "$2" = logger ] || within 20 "[ -z \"\$(pid_of $1)\" ] || [ \"\$(pid_of $1)\" != $before ]"
  flown=$(size)
}

# supervised SUPERVISOR LINES FAULTS PROOF-OPTIONS: the service is in svc, what it stores in svc/main.
supervised() {
  mkfifo in
  exec 5<>in 8<in
  sh -c 'exec 5>&- 8<&-; exec "$1" svc' sh "$1" <in >supervisor.log 2>&1 &
  note_pid $!
  within 10 "[ -n \"\$(pid_of $1 2>/dev/null)\" ]" || return 1
  alone "$tools/feed" -p 11 -l "$2" -r "$rate" >in &
  feeder=$!
  note_pid "$feeder"
  flown=0
  injected=0
  for what in $3; do
    fault "$1" "$what" || { echo "# $what"; tell "$1" exit; return 1; }
    injected=$((injected + 1))
  done
  wait "$feeder"
  within 60 '[ "$(unread 8)" -eq 0 ]'
  tell "$1" exit
  within 60 '[ -z "$(running)" ]' || {
    running | while read -r p; do ps -o pid=,stat=,wchan:20=,args= -p "$p"; done | sed 's/^/# left running: /'
    return 1
  }
  # shellcheck disable=SC2086
  stored | "$tools/proof" -t -l "$2" $4 "$5" "$injected"
}
alone() {
  exec 5>&- 8<&-
  exec "$@"
}

# service LOGGER...: a log service that stores what it reads with this logger.
service() {
  mkdir -p svc/main
  {
    echo '#!/bin/sh'
    echo 'exec 3>>alerts'
    echo "exec '$ratetap' -a 3 50/1s/msg -- $*"
  } >svc/run
  chmod +x svc/run
}

# many WHAT...: these faults in each round.
many() {
  i=0
  while [ $i -lt "$rounds" ]; do
    echo "$*"
    i=$((i + 1))
  done
}
faults=$(many term kill alarm stop)
lines=$((rounds * rate * 7 + 2000))

# At the end of its input multilog stores a half line, s6-log and svlogd throw it away. A SIGKILL of ratetap in the
# middle of a line is such an end, so after those two it may cost the beginning of that line, and no more.
try() {
  may=-j
  [ "${2%% *}" = multilog ] || may="-j -g 800 -n $rounds"
  service "$2" && supervised "$1" "$lines" "$faults" "$may" "TERM, KILL, ALRM, stop of ratetap under $1, with ${2%% *}"
}

missing() {
  for p in "$@"; do command -v "$p" >/dev/null || { echo "$p"; return; }; done
}

for pair in 'supervise multilog t n2000 s999999 ./main' 'runsv svlogd -t ./main' 's6-supervise s6-log t n2000 s999999 ./main'; do
  supervisor=${pair%% *}
  logger=${pair#* }
  claim="${logger%% *} under $supervisor: restarted, killed, rotated and stopped under load"
  absent=$(missing "$supervisor" "${logger%% *}")
  if [ -n "$absent" ]; then
    skip "$claim" "$absent is not installed"
  else
    it "$claim" "mkdir -p svc/main; echo n0 >svc/main/config; try $supervisor '$logger'"
  fi
done

if [ -z "$(missing supervise multilog)" ]; then
  # A read of multilog takes up to 1,024 bytes and all of them are written before the next one; a line is held
  # back until its end has come. So a gap is what a dying multilog had read if it is no longer than that.
  it 'multilog killed under load: nothing is missing but what it had read and not written' \
    'service multilog t n2000 s999999 ./main && supervised supervise $((rounds * rate * 4 + 2000)) "$(many logger)" \
      "-j -g 2024 -n $rounds" "SIGKILL of multilog (it loses what it had read)"'
  run_script() {
    mkdir -p svc/main
    cp "$top/run" svc/run
    PATH=$(dirname "$ratetap"):$PATH ALERTS=$PWD/svc/alerts LOGDIR=$PWD/svc/main LOGUSER=$(id -un)
    export PATH ALERTS LOGDIR LOGUSER
    supervised supervise "$lines" "$faults" -j 'TERM, KILL, ALRM, stop of the run script under supervise'
  }
  it 'the run script that comes with it, under supervise: the same' run_script
fi

done_testing
