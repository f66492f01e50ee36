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
  # shellcheck disable=SC2086
  "$tools/nth" $opt "$lib" "$call" "$what" ratetap "$lines" "$writes" "$ratetap" "$@" 3>>alerts 2>>warnings
}

it 'the driver sees that cat loses what it has read' \
  '! "$tools/nth" -1 "$lib" any kill cat "$lines" "$writes" cat 2>/dev/null'
it 'killed before any system call: output is input' 'every any kill 0/1h'
it 'killed before any system call, with alerts to a file' 'every any kill -a 3 0/1h'
it 'interrupted at any call' 'every any EINTR -a 3 0/1h'
for pair in 'read short' 'tee short' 'splice short' 'write short' 'tee EAGAIN' 'splice EAGAIN' \
  'poll ENOMEM'; do
  it "$pair: output is input" "every $pair -a 3 0/1h"
done
# Each of these makes it wait for a second, so the run is shorter.
it 'tee ENOMEM: output is input' 'writes=2; every tee ENOMEM 0/1h'
it 'splice ENOMEM: output is input' 'writes=2; every splice ENOMEM 0/1h'
it 'read short, sockets' 'every -r read short -a 3 0/1h'
it 'write short, sockets' 'every -r write short -a 3 0/1h'
it 'EAGAIN of read, sockets' 'every -r read EAGAIN -a 3 0/1h'
it 'EAGAIN of write, sockets' 'every -r write EAGAIN -a 3 0/1h'
it 'interrupted at any call, sockets' 'every -r any EINTR -a 3 0/1h'
it 'one allocation fails' 'every malloc ENOMEM -a 3 0/1h 5/1m/remote/domain'
it 'no memory from one allocation on' 'every -x 1000000 malloc ENOMEM -a 3 0/1h 5/1m/remote/domain'
it 'no memory from one allocation on, sockets' 'every -r -x 1000000 malloc ENOMEM -a 3 0/1h'
it 'the copy of the input cannot be read: the log goes on without it' 'every read EIO -a 3 0/1h'
it 'no descriptor left for a pipe' 'every pipe2 EMFILE -a 3 0/1h'
it 'a real error of tee ends it, with the rest still in the pipe' 'every -d tee EIO 0/1h'
it 'a real error of splice ends it, with the rest still in the pipe' 'every -d splice EIO 0/1h'

# setlock keeps the next logger back until the one before, whose keeper was killed, has emptied its pipe.
keep='-a 3 0/1h -- setlock lock cat'
if command -v setlock >/dev/null; then
  export NTH_LOCK=lock
  it 'keeper: killed before any system call' "every any kill $keep"
  it 'keeper: interrupted at any call' "every any EINTR $keep"
  it 'keeper: a fork fails' "every fork EAGAIN $keep"
  it 'keeper: no memory from one allocation on' "every -x 1000000 malloc ENOMEM $keep"
else
  skip 'keeper: killed before any system call' 'setlock is not installed'
fi

done_testing
