#!/bin/sh
# The report of -r and SIGUSR1, and what -n, -t, -h and -V print.

# shellcheck disable=SC2015,SC2016,SC2034,SC2086,SC2094,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

log=$top/tests/corpus/notqmail.log

# at SECONDS: the label of this second of the logs below
at() { printf '@4000000065a0%04x00000000' "$1"; }
# info SECONDS MESSAGE SENDER
info() { echo "$(at $1) info msg $2: bytes 900 from <$3> qp $2 uid 89"; }
line() {
  echo "$(at $1) $2"
}

# The counts of 2/10s, by hand. An event of second S counts from S to just before S + 10.
#   a  0, 1, 2: 1, 2, 3. Over at 2, 3 being more than 2; under at 10. Peak 3 at 2, total 3, nothing now.
#   b  2:       1. Peak 1 at 2, total 1, nothing now.
#   c  16, 17:  1, 2. Peak 2 at 17, total 2, 2 now.
#   d  5, 6, 16: 1, 2, then 5 and 6 are gone: 1. Peak 2 at 6, total 3, 1 now (20 < 26).
#   e  17:      1. Peak 1 at 17, total 1, 1 now.
# The null sender has no key. Busiest first: a (3); d before c (2 both, 3 in all before 2); b before e (by name).
# Sorted peaks: 1 1 2 2 3. Of five, p50 is the third (2.5 rounded up), p90, p99 and p99.9 the fifth.
#
# 0/1h/remote/domain: one recipient of message 1 at 18, one of 7 at 19, a second attempt that does not count, and a
# local one. The message 99 is unknown. LIMIT is 0, so both keys are over at once, and stay so. Sorted peaks: 1 1.
#
# The event of second 15 is late, 19 having been: it counts at 19; the status line of second 12 is no event. Ten messages less one that ends are known.
# Events: 3 + 1 + 3 + 2 + 1 by sender, 2 by domain: 12. Alerts before the report: over and under of a, two over.
by_hand() {
  info 0 1 a@x.org
  info 1 2 a@x.org
  info 2 3 a@x.org
  info 2 4 b@x.org
  info 5 5 d@y.org
  info 6 6 d@y.org
  info 16 7 d@y.org
  info 16 8 c@y.org
  info 17 9 c@y.org
  info 17 10 e@y.org
  info 17 11 ''
  line 18 'starting delivery 1: msg 1 to remote r@z.org'
  line 18 'starting delivery 2: msg 99 to remote r@z.org'
  line 19 'starting delivery 3: msg 7 to remote r@z.org'
  line 19 'starting delivery 4: msg 7 to local me@y.org'
  line 19 'starting delivery 5: msg 7 to remote r@z.org'
  line 12 'status: local 1/10 remote 2/20'
  line 15 'end msg 98'
  line 20 'end msg 1'
}
report_by_hand() {
  sed 's/^/@40000000/; s/AT/@4000000065a000/' <<END
65a0001400000000 top 2/10s/msg/sender a@x.org now=0 peak=3 at=AT0200000000 total=3 over=1
65a0001400000000 top 2/10s/msg/sender d@y.org now=1 peak=2 at=AT0600000000 total=3 over=0
65a0001400000000 top 2/10s/msg/sender c@y.org now=2 peak=2 at=AT1100000000 total=2 over=0
65a0001400000000 top 2/10s/msg/sender b@x.org now=0 peak=1 at=AT0200000000 total=1 over=0
65a0001400000000 top 2/10s/msg/sender e@y.org now=1 peak=1 at=AT1100000000 total=1 over=0
65a0001400000000 peaks 2/10s/msg/sender keys=5 p50=2 p90=3 p99=3 p99.9=3 max=3
65a0001400000000 top 0/1h/remote/domain x.org now=1 peak=1 at=AT1200000000 total=1 over=1
65a0001400000000 top 0/1h/remote/domain y.org now=1 peak=1 at=AT1300000000 total=1 over=1
65a0001400000000 peaks 0/1h/remote/domain keys=2 p50=1 p90=1 p99=1 p99.9=1 max=1
65a0001400000000 stat lines=19 events=12 odd=0 unknown=1 late=1 messages=10 over=2 alerts=4 lost=0 memory=
END
}
exactly() {
  by_hand >in
  "$ratetap" -a 3 -r 10 2/10s 0/1h/remote/domain <in 3>alerts | cmp in - || return 1
  [ "$(sed 4q alerts | cut -d ' ' -f 1-4)" = "$(at 2) over 2/10s/msg/sender a@x.org
$(at 10) under 2/10s/msg/sender a@x.org
$(at 18) over 0/1h/remote/domain x.org
$(at 19) over 0/1h/remote/domain y.org" ] || { sed 4q alerts; return 1; }
  report_by_hand >want
  sed '1,4d; s/memory=[1-9][0-9]*$/memory=/' alerts | diff want -
}
it 'a log counted by hand: every line of the report' exactly

fewer() {
  by_hand >in
  "$ratetap" -a 3 -r $1 2/10s 0/1h/remote/domain <in 3>alerts >/dev/null
  report_by_hand | awk -v n=$1 '$2 != "top" { print; next } seen[$3]++ < n' >want
  sed '1,4d; s/memory=[1-9][0-9]*$/memory=/' alerts | diff want -
}
for n in 0 1 2 4; do it "with -r $n: the $n busiest of each rule, and percentiles of all" "fewer $n"; done

# A key whose peak is N for every N up to K: nearest rank P of K is the peak of that name.
percentiles() {
  awk -v k=$1 'BEGIN { for (i = 1; i <= k; i++) {
    n = i * 7919 % k + 1 # in no order
    printf "@400000006500000000000000 info msg %d: bytes %d from <s%d@x.org> qp %d uid 9\n", i, n, n, i } }' </dev/null |
    "$ratetap" -a 3 -r 2 1G/1h/byte 3>alerts >/dev/null
  cat >want <<END
s$1@x.org now=$1 peak=$1
s$(($1 - 1))@x.org now=$(($1 - 1)) peak=$(($1 - 1))
keys=$1 $2
END
  sed '/ stat /d; s/^@[0-9a-f]* [a-z]* [^ ]* //; s/ at=.*//' alerts | diff want -
}
it 'percentiles of 10 keys' 'percentiles 10 "p50=5 p90=9 p99=10 p99.9=10 max=10"'
it 'percentiles of 99 keys' 'percentiles 99 "p50=50 p90=90 p99=99 p99.9=99 max=99"'
it 'percentiles of 1,000 keys' 'percentiles 1000 "p50=500 p90=900 p99=990 p99.9=999 max=1000"'

empty() {
  "$ratetap" -a 3 -r 5 1/1h 1/1h/line/x= </dev/null 3>alerts >out
  sed 's/^@[0-9a-f]\{24\} //; s/memory=[0-9]*$/memory=/' alerts >got
  diff - got <<END
peaks 1/1h/msg/sender keys=0 p50=0 p90=0 p99=0 p99.9=0 max=0
peaks 1/1h/line/x= keys=0 p50=0 p90=0 p99=0 p99.9=0 max=0
stat lines=0 events=0 odd=0 unknown=0 late=0 messages=0 over=0 alerts=0 lost=0 memory=
END
}
it 'an empty input has an empty report' empty

# ---- a real log, counted again by awk
# A sender's messages: each info line of one that was not announced before. Keys are shown up to 900 bytes.
messages() {
  awk '$2 == "end" { delete known[$4] }
    $2 == "info" && NF == 12 && known[$4 + 0] != $10 { known[$4 + 0] = $10; print substr($8, 2, length($8) < 902 ? length($8) - 2 : 900) }' "$log" |
    grep -v -e '^$' -e '^#@\[]$' | sort | uniq -c | sort -k1,1nr -k2,2 | awk '{ print $2, $1 }'
}
totals() { awk '$2 == "top" { sub("total=", "", $8); print $4, $8 }'; }
ten_senders() {
  messages >all
  sed 10q all >want
  "$ratetap" -e -a 3 -r 1000000 1M/400d <"$log" 3>alerts >/dev/null
  totals <alerts >got
  sed 's/^/# /' want
  sort all >all.sorted
  sort got | diff all.sorted - && [ "$(wc -l <want)" -eq 10 ] && sed 10q got | cmp want -
}
it 'a real log: the messages of every sender are those that awk counts' ten_senders

# First attempts to remote recipients of messages that are known.
recipients() {
  awk '$2 == "info" && NF == 12 {
      m = $4 + 0
      if (known[m] != $10) { known[m] = $10; generation[m] = NR }
      next
    }
    $2 == "end" { delete known[$4]; next }
    $2 == "starting" && NF == 9 && $7 == "to" && $8 != "local" {
      if (!($6 in known) || known[$6] == "") { unknown++; next }
      if (!seen[$6, generation[$6], $9]++) first++
    }
    END { print first + 0, unknown + 0 }' "$log"
}
all_recipients() {
  "$ratetap" -a 3 -r 1 10/400d/remote/all <"$log" 3>alerts >/dev/null
  said="$(totals <alerts | cut -d ' ' -f 2) $(sed -n 's/.* unknown=\([0-9]*\) .*/\1/p' alerts)"
  echo "# first attempts and deliveries of unknown messages: by awk $(recipients), in the report $said"
  [ "$said" = "$(recipients)" ] && [ "${said% *}" -gt 2500 ]
}
it 'a real log: the remote recipients are those that awk counts' all_recipients

# ---- SIGUSR1
# usr1 TOPS OPTION...: a report while it runs, twice, and the log goes on
usr1() {
  tops=$1
  shift
  mkfifo in
  exec 5<>in
  : >alerts
  : >out
  "$ratetap" -a 3 "$@" 3/1h 3/1h/msg/domain <in >>out 3>>alerts 2>err 5>&- &
  rt=$!
  note_pid "$rt"
  i=0
  while [ $i -lt 24 ]; do
    i=$((i + 1))
    echo "info msg $i: bytes 900 from <s$((i % 12))@x.org> qp $i uid 89" >&5
  done
  within 10 '[ "$(wc -l <out)" -eq 24 ]' || return 1
  kill -USR1 $rt
  within 10 'grep -q " stat " alerts' || return 1
  [ "$(grep -c ' top 3/1h/msg/sender s[0-9]*@x.org now=2 peak=2 at=@[0-9a-f]* total=2 over=0$' alerts)" -eq $tops ] &&
    grep -q ' top 3/1h/msg/domain x.org now=24 peak=24 at=@[0-9a-f]* total=24 over=1$' alerts &&
    grep -q ' peaks 3/1h/msg/sender keys=12 p50=2 p90=2 p99=2 p99.9=2 max=2$' alerts &&
    grep -q ' stat lines=24 events=48 odd=0 unknown=0 late=0 messages=24 over=1 alerts=3 lost=0 memory=[1-9]' alerts || {
    cat alerts
    return 1
  }
  echo 'info msg 25: bytes 900 from <s1@x.org> qp 25 uid 89' >&5
  within 10 '[ "$(wc -l <out)" -eq 25 ]' && kill -USR1 $rt && within 10 '[ "$(grep -c " stat " alerts)" -eq 2 ]' &&
    grep -q ' top 3/1h/msg/sender s1@x.org now=3 peak=3 .* total=3 over=0$' alerts && [ ! -s err ]
}
it 'SIGUSR1: a report of 10 keys of each rule, and it goes on' 'usr1 10'
it 'SIGUSR1 with -r 3: of 3 keys' 'usr1 3 -r 3'

# ---- answers
# says COMMAND: exactly stdin, on stdout alone, with exit code 0
says() {
  cat >want
  "$@" >got 2>err </dev/null && [ ! -s err ] && diff want got
}

canonical() {
  says "$ratetap" -n -- -News@Example.org 2k:1k/60m '-*' '+*@LISTS.example' 7/14d/remote/uid 1M/90/byte/all \
    30:30/86400s/line/auth=/x 5/3600/fail/domain 0/1/rcpt <<'END'
-News@Example.org
2000:1000/1h/msg/sender
-*
+*@LISTS.example
7/14d/remote/uid
1000000/90s/byte/all
30/1d/line/auth=/x
5/1h/fail/domain
0/1s/rcpt/sender
END
}
it '-n prints the directives in canonical form' canonical
again() {
  "$ratetap" -n -- -a 2k:1k/60m '+*' 7/14d/remote/uid '30/90/line/a b' >rules && [ -s rules ] &&
    says "$ratetap" -n -f rules <rules
}
it 'what -n prints is a rules file that means the same' again

it '-V' '"$ratetap" -V | grep -qx "ratetap [0-9x.]*"'
usage='ratetap [-a FD] [-e] [-f FILE] [-m BYTES] [-n] [-r COUNT] [-t ADDRESS] [-w LOGDIR] [-x CHARS] [--] DIRECTIVE... [-- PROGRAM [ARG...]]'
it '-h' 'echo "usage: $usage" | says "$ratetap" -h'
it 'an unknown option: the usage line on stderr, 100' \
  '"$ratetap" -q 1/1h >got 2>err; [ $? -eq 100 ] && [ ! -s got ] && [ "$(tail -n 1 err)" = "ratetap: usage: $usage" ]'

# explains ADDRESS: with a script that has everything
explains() {
  says "$ratetap" -t "$1" -- -news@example.org 10/1h 10/1h/msg/domain '-*' '+ann@*' 5/1h/remote/all 3/1h/line/user=
}
folded() {
  explains 'prvs=12ab=Ann@Example.ORG' <<'END'
key ann@example.org
10/1h/msg/sender: yes, no directive before it matches
10/1h/msg/domain: yes, no directive before it matches
5/1h/remote/all: yes, because of +ann@*
3/1h/line/user=: no, because of -*
END
}
it '-t: an address that is folded' folded
deselected() {
  explains 'NEWS@example.org' <<'END'
key news@example.org
10/1h/msg/sender: no, because of -news@example.org
10/1h/msg/domain: no, because of -news@example.org
5/1h/remote/all: no, because of -*
3/1h/line/user=: no, because of -*
END
}
it '-t: an address that is not selected' deselected
nobody() {
  explains "$1" <<END
key $1
10/1h/msg/sender: no, a null sender has no sender key
10/1h/msg/domain: no, this sender has no domain
5/1h/remote/all: no, because of -*
3/1h/line/user=: no, because of -*
END
}
it '-t: the null sender' 'nobody ""'
it '-t: senders that some rules never count' '
  "$ratetap" -t "<>" 5/1h/from/all 5/1h/msg/uid 5/1h/remote/domain "5/1h/line/x=" >got && printf "key \n5/1h/from/all: no, a null sender is none of the senders that from counts\n5/1h/msg/uid: yes, no directive before it matches\n5/1h/remote/domain: no, this sender has no domain\n5/1h/line/x=: no, a word is not empty\n" | diff - got'
it '-t and -n: an output that is full' '! "$ratetap" -n 1/1h 2>said >/dev/full && grep "unable to write to standard output" said && ! "$ratetap" -t a@x 1/1h 2>said >/dev/full && grep "unable to write to standard output" said'
it '-t: the double bounce sender' 'nobody "#@[]"'
no_domain() {
  explains Root <<'END'
key root
10/1h/msg/sender: yes, no directive before it matches
10/1h/msg/domain: no, this sender has no domain
5/1h/remote/all: no, because of -*
3/1h/line/user=: no, because of -*
END
}
it '-t: a sender without a domain' no_domain
exact() {
  printf 'key prvs=12ab=Ann@Example.ORG\n1/1h/msg/sender: yes, no directive before it matches\n' |
    says "$ratetap" -e -t prvs=12ab=Ann@Example.ORG -- 1/1h
}
it '-t with -e: nothing is folded' exact
cut_off() {
  printf 'key ann@example.org\n1/1h/msg/sender: no, because of -ann@example.org\n' |
    says "$ratetap" -x +. -t Ann.b+shop@example.org -- -ann@example.org 1/1h
}
words() {
  says "$ratetap" -t 'prvs=1=Ann@X' -- -ann@x 1/1h 1/1h/line/u= '-prvs=1=ann@x' '2/1h/line/u={}>' <<'END'
key ann@x
1/1h/msg/sender: no, because of -ann@x
1/1h/line/u=: yes, no directive before it matches
2/1h/line/u={}>: no, because of -prvs=1=ann@x
END
}
it '-t: for a line rule the address is a word as it stands' words
as_logged() {
  printf 'key %s\n1/1h/line/u=: %s\n' "$2" "$3" | says "$ratetap" -t "$1" -- 1/1h/line/u=
}
it '-t: an address may stand in brackets' 'as_logged "<Ann@X>" ann@x "yes, no directive before it matches"'
it '-t: <> is the null sender, and no word' 'as_logged "<>" "" "no, a word is not empty"'
it '-t: half a pair of brackets is of the address' 'as_logged "<" "<" "yes, no directive before it matches"'
it '-t with -x: what is cut off, before patterns are matched' cut_off

done_testing
