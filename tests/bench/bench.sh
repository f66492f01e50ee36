#!/bin/sh
# Measures ratetap against its goals and its rivals, and prints a table. From the top folder: make bench
# BENCH_SCALE=0.1 makes the logs ten times smaller. Nothing fails if a goal is not met.
# Arguments: which rows, of bulk live rivals memory different time replay size gate; all without any.
set -eu
. tests/bench/lib.sh

need perl perl
need mawk mawk
need sec sec
need strip binutils
build gen race warm gap live latency mailing pipeline

# row FIGURE VALUE RELATION GOAL UNIT; RELATION is empty if there is no goal
row() {
  awk -v figure="$1" -v value="$2" -v relation="$3" -v goal="$4" -v unit="$5" 'BEGIN {
    met = relation == "<=" ? value + 0 <= goal + 0 : value + 0 >= goal + 0
    shown = value + 0 >= 100 ? sprintf("%.0f", value) : value + 0 >= 10 ? sprintf("%.1f", value) : sprintf("%.2f", value)
    printf "| %-64s | %9s | %2s %-9s | %-3s |\n", figure, shown unit, relation, relation ? goal unit : "", !relation ? "" : met ? "yes" : "no"
  }'
}

race() {
  log=$1
  shift
  "$B/race" "$B/$log.log" "$@"
}
cat_bulk() { race log cat; }
one_bulk() { race log "$X" "$ONE"; }
# shellcheck disable=SC2086 # four words
four_bulk() { race log "$X" $FOUR; }
perl_bulk() { race log perl tests/bench/rival.pl; }
mawk_bulk() { race log mawk -f tests/bench/rival.awk; }
sec_small() { race small sec --conf=tests/bench/rival.sec --input=- --notail --nointevents; }

cat_live() { "$B/live" 5000 "$B/live.log" cat; }
one_live() { "$B/live" 5000 "$B/live.log" "$X" "$ONE"; }

million_known() { "$B/warm" "$B/many.log" "$B/log1m.log" "$X" 100/1d; }
thousand_known() { "$B/warm" "$B/few.log" "$B/log1k.log" "$X" 100/1d; }
remote_bulk() { race log "$X" 100/1h/remote; }
to_bulk() { race log "$X" 100/1h/to; }
remote_memory() { "$B/warm" "$B/log.log" /dev/null "$X" 100/1h/remote | cut -d' ' -f2; }
to_memory() { "$B/warm" "$B/log.log" /dev/null "$X" 100/1h/to | cut -d' ' -f2; }
memory_many() { "$B/warm" "$B/many.log" /dev/null "$X" 100/1d | cut -d' ' -f2; }
memory_tenth() { "$B/warm" "$B/tenth.log" /dev/null "$X" 100/1d | cut -d' ' -f2; }

# Writer, filter and logger together.
# shellcheck disable=SC2086 # rate and log
kept() { rm -rf "$B/kept" && "$B/pipeline" $live "$X" "$ONE" -- multilog s16777215 "$B/kept"; }
# shellcheck disable=SC2086
stored() { rm -rf "$B/kept" && "$B/pipeline" $live multilog s16777215 "$B/kept" | cut -d' ' -f1; }
kept_cpu() { kept | cut -d' ' -f1; }
kept_wakes() { kept | cut -d' ' -f2; }
# wall COMMAND...: milliseconds that the log takes through it
wall() {
  begun=$(date +%s%N)
  # shellcheck disable=SC2002 # two pipes
  cat "$B/log.log" | "$@" 2>/dev/null | cat >/dev/null
  echo $((($(date +%s%N) - begun) / 1000000))
}
one_wall() { wall "$X" "$ONE"; }
cat_wall() { wall cat; }

# With real-time priority delays are those of the filter, and not those of whatever else the machine does.
first=''
chrt -f 1 true 2>/dev/null && first='chrt -f 1'

gap_cat() { $first "$B/gap" "$B/expiry.log" cat; }
gap_expiry() { $first "$B/gap" "$B/expiry.log" "$X" "$ONE"; }
gap_eviction() { $first "$B/gap" "$B/expiry.log" "$X" -m 16M "$ONE"; }
latency() { $first "$B/latency" 10000 "$(scaled 30000)" "$X" 0/1s | cut -d' ' -f2; }

# One process and a file in memory: processor time is real time on a machine that does nothing else.
replay() { "$B/race" -d "$B/log.log" "$X" "$ONE"; }
count_lines() { "$B/race" -d "$B/log.log" wc -l; }
warm_start() { "$B/race" -d /dev/null "$X" -w "$B/stored" "$ONE"; }

# Do both rivals give the very same alerts, but for within=, which they do not know?
same_alerts() {
  BENCH_ERR=$B/alerts.all race small "$X" "$ONE"
  sed 's/ within=[0-9]*//' "$B/alerts.all" >"$B/alerts.ours"
  BENCH_ERR=$B/alerts.perl race small perl tests/bench/rival.pl
  BENCH_ERR=$B/alerts.mawk race small mawk -f tests/bench/rival.awk
  cmp "$B/alerts.ours" "$B/alerts.perl" >&2 && cmp "$B/alerts.ours" "$B/alerts.mawk" >&2
}

logs() {
  make log 3000000
  make small 600000 -r 7
  make log1m 3000000 -n 1000000
  make log1k 3000000 -n 1000
  make many 1000000 -n 1000000 -o -t 1762100000
  make tenth 100000 -n 100000 -o -t 1762100000
  make few 1000000 -n 1000 -o -t 1762100000
  make live 15000 -u
  cat "$B/many.log" "$B/small.log" >"$B/expiry.log"
  mkdir -p "$B/stored"
  ln -f "$B/log.log" "$B/stored/current"
  chmod 0644 "$B/stored/current"
}

# dearer CPU LINES: how many times the cost of ours that is, line by line
dearer() {
  awk -v theirs="$1" -v lines="$2" -v ours="$one" -v all="$(wc -l <"$B/log.log")" \
    'BEGIN { print theirs / lines / (ours / all) }'
}

bulk_rows() {
  row "CPU of $ONE against cat in bulk" "$(paired ratio 11 one_bulk cat_bulk)" '' 0 ' x'
  row "CPU of four rules against cat in bulk" "$(paired ratio 5 four_bulk cat_bulk)" '' 0 ' x'
  row 'CPU live, lines in 11 writes, 5,000 lines/s, against cat' "$(paired ratio 3 one_live cat_live)" '<=' 1.5 ' x'
  row 'CPU per line, 1,000,000 known senders against 1,000' "$(paired ratio 5 million_known thousand_known)" '<=' 2.0 ' x'
}

live_rows() {
  for goal in 5000:0.75 500:0.90 50:; do
    rate=${goal%:*} goal=${goal#*:}
    head -n "$((rate * 3 > 300 ? rate * 3 : 300))" "$B/live.log" >"$B/live.$rate"
    live="$rate $B/live.$rate"
    row "CPU live at $rate lines/s, writer and multilog with ratetap, against without" "$(paired ratio 5 kept_cpu stored)" "${goal:+<=}" "$goal" ' x'
    row "wake-ups a line of ratetap and multilog at $rate lines/s" "$(repeat 3 kept_wakes)" '<=' 4 ''
  done
  row 'wall time of cat log | ratetap | cat, against cat' "$(paired ratio 5 one_wall cat_wall)" '' 0 ' x'
}

rivals_rows() {
  all=$(wc -l <"$B/log.log")
  one=$(repeat 7 one_bulk)
  row 'CPU less than the Perl script' "$(dearer "$(repeat 3 perl_bulk)" "$all")" '>=' 8 ' x'
  row 'CPU less than the awk script (mawk)' "$(dearer "$(repeat 3 mawk_bulk)" "$all")" '>=' 8 ' x'
  row 'CPU less than SEC' "$(dearer "$(repeat 3 sec_small)" "$(wc -l <"$B/small.log")")" '>=' 60 ' x'
}

memory_rows() {
  address=$(awk '{ sum += length($8) - 2 } END { print sum / NR }' "$B/many.log")
  bytes=$(awk -v many="$(repeat 3 memory_many)" -v tenth="$(repeat 3 memory_tenth)" -v n="$(scaled 900000)" \
    -v address="$address" 'BEGIN { print 1024 * (many - tenth) / n - address }')
  row "memory per sender beyond its address (of $address bytes)" "$bytes" '<=' 64 ' B'
}

different_rows() {
  row 'CPU of 100/1h/to, different recipients, against 100/1h/remote' "$(paired ratio 5 to_bulk remote_bulk)" '<=' 1.5 ' x'
  row 'memory of 100/1h/to against 100/1h/remote' "$(paired ratio 3 to_memory remote_memory)" '<=' 1.5 ' x'
}

time_rows() {
  row 'newline written to alert read, 99th percentile, 10,000 lines/s' \
    "$(repeat 5 latency | awk '{ print $1 / 1000 }')" '<=' 25 ' ms'
  row 'longest gap beyond cat: a million keys come and expire' \
    "$(paired more 5 gap_expiry gap_cat | awk '{ print $1 / 1000 }')" '<=' 10 ' ms'
  row 'longest gap beyond cat: eviction, -m 16M' \
    "$(paired more 5 gap_eviction gap_cat | awk '{ print $1 / 1000 }')" '<=' 10 ' ms'
}

replay_rows() {
  size=$(wc -c <"$B/log.log")
  half=$(awk -v size="$size" -v t="$(repeat 7 count_lines)" \
    'BEGIN { wc = size / t / 1000; printf "%.2f", (wc < 1 ? wc : 1) / 2 }')
  row 'replay of a file to /dev/null, by processor time' "$(repeat 7 replay | awk -v size="$size" '{ print size / $1 / 1000 }')" \
    '>=' "$half" ' GB/s'
  row 'warm start (-w), by processor time' "$(repeat 5 warm_start | awk -v size="$size" '{ print size / $1 / 1000 }')" '>=' "$half" ' GB/s'
}

size_rows() {
  strip -o "$B/stripped" "$(readlink -f "$X")"
  row 'size of the stripped program' "$(wc -c <"$B/stripped" | awk '{ print $1 / 1024 }')" '' 0 ' KB'
}

# The same messages, taken by a stand-in for qmail-queue with ratetap-gate before it and without.
gate_takes() { "$B/mailing" 200 "$1" "$(dirname "$(readlink -f "$X")")/ratetap-gate" "$B/gate" "$B/standin"; }
standin_takes() { "$B/mailing" 200 "$1" "$B/standin"; }
small_gated() { gate_takes 4000; }
small_alone() { standin_takes 4000; }
large_gated() { gate_takes 20000000; }
large_alone() { standin_takes 20000000; }

gate_rows() {
  "${CC:-cc}" -O2 -std=c11 -D_GNU_SOURCE -o "$B/standin" tests/fault/standin.c
  mkdir -p "$B/gate"
  row "ratetap-gate: CPU for a message, beside a stand-in's $(repeat 3 small_alone | awk '{ print $1 / 1000 }') ms" \
    "$(paired more 9 small_gated small_alone | awk '{ print $1 / 1000 }')" '<=' 1 ' ms'
  row "ratetap-gate: the same, 20 MB, beside $(repeat 1 large_alone | awk '{ print $1 / 1000 }') ms" \
    "$(paired more 3 large_gated large_alone | awk '{ print $1 / 1000 }')" '<=' 1 ' ms'
}

echo "making the logs ..." >&2
logs
echo "$(nproc) CPUs ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), $(uname -sr), load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "scale $BENCH_SCALE; cat takes $(repeat 7 cat_bulk | awk '{ printf "%.1f", $1 / 1000 }') ms for $(wc -l <"$B/log.log") lines"
echo "latency and gaps are measured with ${first:-no priority}"
same_alerts >/dev/null && echo "the Perl and the awk script give the same $(wc -l <"$B/alerts.ours") alerts as ratetap"
echo
printf '| %-64s | %9s | %-12s | met |\n' figure measured goal
echo "|---|---|---|---|"
[ $# -gt 0 ] || set -- bulk live rivals memory different time replay size gate
for rows; do
  "${rows}_rows"
done
