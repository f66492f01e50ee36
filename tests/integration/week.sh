#!/bin/sh
# A week of a busy host, faster: the real log again and again with new senders beside it, steps of the clock, reloads,
# rotations and kills, and nobody reads the alerts for hours. Two ratetaps in a chain: the first runs all the week, the
# second keeps multilog and is killed. SOAK=1: 605,000 seconds at 400 messages a second of ours and 30 million senders;
# needs 7 GB of disk. In short two hours. Each '# |' line is a row of a table in doc/faults.md.

# shellcheck disable=SC2016,SC2034,SC2089,SC2090,SC2238,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh
all_preloaded
stay=1

if [ -n "${SOAK:-}" ]; then rounds=605 new=50000 rate=400; else rounds=${ROUNDS:-7} new=${NEW:-1000} rate=${RATE:-3000}; fi
corpus=$top/tests/corpus/notqmail.log
export corpus rounds new rate

nothing() {
  echo "1..0 # SKIP $1"
  exit 0
}
command -v multilog >/dev/null || nothing 'multilog is not installed'
[ -z "${NO_SPLICE:-}" ] || nothing 'compiled without tee and splice'
cd "$tmp" || exit 111
cat >rules <<'END'
40:10/5m/remote
100/10m/to
5:2/2m/fail
20:5/1m
200:100/2m/rcpt/all
300/10m/remote/domain
END
mkdir main all
echo 0 >shift
FIRST='"$ratetap" -a 3 -f rules 2>first.err'
SECOND='env LD_PRELOAD="$tools/shift.so" "$ratetap" -w main -a 3 -f rules -- env -u LD_PRELOAD multilog s16777215 n8 ./main s16777215 n100000 ./all 2>>second.err'
SHIFT=$tmp/shift
export FIRST SECOND SHIFT

it 'the first uses as much memory and as many descriptors on the last day as on the first' '
  "$tools/week" run "$corpus" "$rounds" "$new" "$rate" >days && cat days && [ "$(grep -c "^# |" days)" = 8 ] &&
    awk -F "|" "NR == 1 { kb = \$4; fds = \$5 } NR <= 7 && (\$4 > 1.2 * kb || \$5 > fds + 1) { exit 1 }" days' # one more while rules are read
stored() { cat all/@* all/current; }
log() { "$tools/week" log "$corpus" "$rounds" "$1"; }
sum() { tr -d '\n' | sha256sum; }
it 'the log is stored byte for byte; a SIGKILL may end a line early' '
  split=$(($(stored | wc -l) - $(log "$new" | wc -l))) && echo "# lines that are stored in two pieces: $split" &&
    [ "$split" -ge 0 ] && [ "$(stored | sum)" = "$(log "$new" | sum)" ]'
right() {
  log 1 | "${tools%/tests}/oracle" -f rules >want && grep -v ' note reload ' first >got
  echo "# $(wc -l <want) alerts, $(grep -c ' note reload ' first) reloads" && cmp want got && [ ! -s first.err ]
}
kb=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
claim='all alerts of the first are those of the oracle'
if [ "$kb" -gt $((rounds * 11000)) ]; then it "$claim" right; else skip "$claim" 'the oracle would need more memory than there is'; fi

# What a reader of the second knows: episodes of the first that it was told of, by over or only by still, and who is over
# at the end. A since may differ by a minute.
told() {
  awk '
    function seconds(label, s, n, i) {
      s = substr(label, 10, 8)
      for (i = 1; i <= 8; i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
      return n
    }
    function since(i) { for (i = 5; i <= NF; i++) if ($i ~ /^since=/) return seconds(substr($i, 7)) }
    function episode(t, i, d) { # its number, 0 if there is none
      for (i = n[k]; i > 0; i--) { d = begin[k, i] - t; if (d <= 60 && d >= -60) return i }
      return 0
    }
    { k = $3 " " $4 }
    FNR == NR && $2 == "over" { begin[k, ++n[k]] = seconds($1); all++; is_over[k] = 1 }
    FNR == NR && $2 == "under" { delete is_over[k] }
    FNR == NR { next }
    $2 == "over" { i = episode(seconds($1)); if (!i) unknown++; else if (said[k, i]++) twice++; known[k, i]; open[k] = 1 }
    $2 == "still" { i = episode(since()); if (!i) unknown++; else known[k, i]; open[k] = 1 }
    $2 == "under" { if (!episode(since())) unknown++; delete open[k] }
    $2 $3 == "notestart" { for (j in open) delete open[j] }
    END {
      for (j in begin) { if (!(j in known)) { never++; print "never told: " j }; if (!(j in said)) still++ }
      for (j in is_over) differ += !(j in open)
      for (j in open) differ += !(j in is_over)
      printf "# %d episodes: told by still only %d, never %d, twice %d; told but none %d; at the end differently known %d\n",
        all, still - never, never, twice, unknown, differ
      exit !(all && !never && !twice && !unknown && !differ)
    }' first second
}
it 'whoever is over is told by the second as well, once, and nobody else' told
it 'its warnings' '[ ! -s second.err ] || { sort second.err | uniq -c | sort -rn | head; exit 1; }'

done_testing
