#!/bin/sh
# Each system call and each allocation fails once, or the process dies there, for every one of a short run.
# The run: a start, some writes that must each come out before the next is made, the end of input.

# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

all_preloaded
lib="$tools/interpose.so"
if [ -n "${SOAK:-}" ]; then lines=200 writes=30; else lines=24 writes=5; fi

# every [OPTION...] CALL WHAT [RATETAP ARGUMENT...]
every() {
  opt=
  while [ "${1#-}" != "$1" ]; do
    opt="$opt $1"
    if [ "$1" = -x ]; then
      opt="$opt $2"
      shift
    fi
    shift
  done
  call=$1 what=$2
  shift 2
  # Each of these makes it wait for a second, so the run is shorter.
  case "$call $what" in 'tee ENOMEM' | 'splice ENOMEM' | 'read ENOMEM' | 'write ENOBUFS') writes=2 ;; esac
  case $* in *' setlock lock '*) export NTH_LOCK=lock ;; esac
  # shellcheck disable=SC2086
  "$tools/nth" $opt "$lib" "$call" "$what" ratetap "$lines" "$writes" "$ratetap" "$@" 3>>alerts 2>>warnings
}
# The claims, and what `every` is given. They wait most of the time, so all run at once; then each is told.
cat >"$tmp/claims" <<'END'
killed before any system call: output is input~any kill 0/1h
killed before any system call, with alerts to a file~any kill -a 3 0/1h
interrupted at any call~any EINTR -a 3 0/1h
read short: output is input~read short -a 3 0/1h
tee short: output is input~tee short -a 3 0/1h
splice short: output is input~splice short -a 3 0/1h
write short: output is input~write short -a 3 0/1h
tee EAGAIN: output is input~tee EAGAIN -a 3 0/1h
splice EAGAIN: output is input~splice EAGAIN -a 3 0/1h
poll ENOMEM: output is input~poll ENOMEM -a 3 0/1h
tee ENOMEM: output is input~tee ENOMEM 0/1h
splice ENOMEM: output is input~splice ENOMEM 0/1h
read short, sockets~-r read short -a 3 0/1h
write short, sockets~-r write short -a 3 0/1h
EAGAIN of read, sockets~-r read EAGAIN -a 3 0/1h
EAGAIN of write, sockets~-r write EAGAIN -a 3 0/1h
read ENOMEM, sockets~-r read ENOMEM -a 3 0/1h
write ENOBUFS, sockets~-r write ENOBUFS -a 3 0/1h
interrupted at any call, sockets~-r any EINTR -a 3 0/1h
one allocation fails~malloc ENOMEM -a 3 0/1h 5/1m/remote/domain
no memory from one allocation on~-x 1000000 malloc ENOMEM -a 3 0/1h 5/1m/remote/domain
no memory from one allocation on, sockets~-r -x 1000000 malloc ENOMEM -a 3 0/1h
the copy of the input cannot be read: the log goes on without it~read EIO -a 3 0/1h
no descriptor left for a pipe~pipe2 EMFILE -a 3 0/1h
a real error of tee ends it, with the rest still in the pipe~-d tee EIO 0/1h
a real error of splice ends it, with the rest still in the pipe~-d splice EIO 0/1h
END
# setlock keeps the next logger back until the one before, whose keeper was killed, has emptied its pipe.
if command -v setlock >/dev/null; then
  cat >>"$tmp/claims" <<'END'
keeper: killed before any system call~any kill -a 3 0/1h -- setlock lock cat
keeper: interrupted at any call~any EINTR -a 3 0/1h -- setlock lock cat
keeper: a fork fails~fork EAGAIN -a 3 0/1h -- setlock lock cat
keeper: no memory from one allocation on~-x 1000000 malloc ENOMEM -a 3 0/1h -- setlock lock cat
END
fi

it 'the driver sees that cat loses what it has read' \
  '! "$tools/nth" -1 "$lib" any kill cat "$lines" "$writes" cat 2>/dev/null'

if [ -n "${NO_SPLICE:-}" ]; then # what tee and splice promise, and their calls
  grep -v -e '~any kill' -e 'tee' -e 'splice' -e '^the copy' -e 'for a pipe' "$tmp/claims" >"$tmp/left"
  mv "$tmp/left" "$tmp/claims"
fi
while IFS='~' read -r _ args; do
  n=$((${n:-0} + 1))
  mkdir "$tmp/run.$n"
  # shellcheck disable=SC2086
  {
    cd "$tmp/run.$n" && every $args >said 2>&1
    echo $? >code
  } &
done <"$tmp/claims"
wait
n=0
while IFS='~' read -r claim _; do
  n=$((n + 1))
  it "$claim" 'cat "$tmp/run.$n/said" && [ "$(cat "$tmp/run.$n/code")" = 0 ]'
done <"$tmp/claims"

done_testing
