#!/bin/sh
# Each system call and each allocation of ratetap-gate, ratetap-remote and ratetap-hold fails once, or is where SIGKILL
# comes: the gate never refuses for a fault of its own, no mail bounces, and no entry of the list is lost.

# shellcheck disable=SC2016,SC2034,SC2086,SC2317
# Thousands of fsync(2) take long on a disk.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/tap.sh
. tests/tap.sh

all_preloaded
lib=$tools/interpose.so
bin=$(dirname "$(readlink -f "$ratetap")")

# gate WHAT CODE...: with GATE as it is in the scratch folder
gate() {
  what=$1
  shift
  mkdir -p gate taken && "$tools/nthgate" "$lib" every "$what" taken "$bin/ratetap-gate" gate "$tools/standin" "$@"
}
for what in EINTR EAGAIN EIO ENOMEM EMFILE; do
  it "gate: any call fails with $what, and the message passes" "gate $what 0"
  it "gate: any call fails with $what, and who is held is told so, or passes" "mkdir gate; touch gate/sender:ann@example.org; gate $what 0 71"
done
it 'gate: the tests see a program that loses a message' \
  'printf "#!/bin/sh\ncat >/dev/null\n" >loser; chmod +x loser; mkdir taken; ! "$tools/nthgate" "$lib" every EIO taken "$PWD/loser" gate "$tools/standin" 0'

remote() { # REPORT WHAT
  mkdir -p gate; export RATETAP_GATE=$PWD/gate RATETAP_QMAILREMOTE; RATETAP_QMAILREMOTE=$(command -v echo)
  [ -z "$1" ] || echo rule >gate/sender:ann@example.org
  [ "${1#K}" = "$1" ] || touch gate/discard:sender:ann@example.org
  "$tools/nthremote" "$lib" every "$2" "${1:-$(printf 'host ann@example.org bob@host')}" "$bin/ratetap-remote" ann@example.org
}
for what in EINTR EAGAIN EIO ENOMEM EMFILE kill; do
  it "remote: any call fails with $what, and who is held is deferred, tried again, or passes" "remote 'Zratetap: ann@example.org is over rule, held' $what"
  it "remote: any call fails with $what, and who is discarded is so, tried again, or passes" "remote 'Kratetap: ann@example.org is discarded' $what"
done
it 'remote: the tests see a program that says a word too much' \
  'printf "#!/bin/sh\necho oops\n" >babbler; chmod +x babbler; ! "$tools/nthremote" "$lib" every EIO x "$PWD/babbler" ann@example.org'

hold() { # [-k] CALL WHAT
  opt=
  [ "$1" != -k ] || { opt=-k; shift; }
  "$tools/nthhold" $opt "$lib" "$1" "$2" "$bin/ratetap-hold" "$PWD/gate"
}
moved 'hold: killed before any call, nothing is lost' 'hold every kill'
if [ -n "${SOAK:-}" ]; then all='EINTR EAGAIN EIO ENOSPC ENOMEM EMFILE short'; else all='EINTR ENOSPC ENOMEM'; fi
for what in $all; do
  it "hold: any call fails with $what, nothing is lost" "hold every $what"
done
for call in open write fsync rename link unlink stat flock malloc; do
  moved "hold: $call fails from any call on until it is killed, nothing is lost" "FAULT_TIMES=1000000; export FAULT_TIMES; hold -k $call ENOSPC"
done

queued() { # whichever entry of the queue's folders cannot be read, the answer is none, not a part
  for i in 1 2 3; do mkdir -p "q/info/$i" "q/todo/$i" && printf "Fann@example.org\\0" >"q/todo/$i/7$i" || return 1; done
  : >log; n=1
  while rm -f mark; FAULT_ONLY=queue-of FAULT_CALL=readdir FAULT_DO=EIO FAULT_NTH=$n FAULT_MARK=mark LD_PRELOAD=$lib \
    "$bin/queue-of" -q q ann@example.org log >got 2>said; code=$?; [ -e mark ]; do
    [ $code = 111 ] && [ ! -s got ] && grep -q "^queue-of: fatal: unable to read q/.*: Input/output error" said || { echo "entry $n: $code"; cat said got; return 1; }
    n=$((n + 1))
  done
  [ $n -gt 20 ] && [ $code = 0 ] && [ "$(tr "\n" , <got)" = 71,72,73, ]
}
it 'queue-of -q: a folder that cannot be read to its end is told' queued

done_testing
