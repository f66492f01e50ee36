#!/bin/sh
# Gives the two sample logs and a slow one to programs that people use today to watch a mail log, and to ratetap, and prints one table
# of what each said. From the top folder: sh tests/bench/peers.sh. Installs what apt-get has; a program that cannot be
# had gets a row that says so. Settings, the best that each manual allows, are in tests/bench/peers.
set -u
TZ=UTC LC_ALL=C
export TZ LC_ALL
conf=tests/bench/peers
tmp=$(mktemp -d) || exit 111
trap 'rm -rf "$tmp"' EXIT

need() {
  command -v "$1" >/dev/null 2>&1 && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$2" >/dev/null 2>&1
}

# unpack PACKAGE: its files below $tmp/PACKAGE, for a package whose installation would start a service.
unpack() {
  [ -d "$tmp/$1" ] || (mkdir "$tmp/$1" && cd "$tmp/$1" && apt-get download -qq "$1" >/dev/null 2>&1 &&
    dpkg-deb -x "$1"_*.deb . && rm -f "$1"_*.deb)
}

local_time() { tai64nlocal <"$tmp/$1.log"; }
whole_seconds() { local_time "$1" | sed -E 's/^(.{19})\.[0-9]+/\1/'; }
iso() { local_time "$1" | sed -E 's/^(.{10}) (.{15})[0-9]*/\1T\2Z/'; }

# Each of these is given breach or forged and prints a line for each alert: WHEN, a tab, WHO. Standard error is for
# those who look for a fault.
logwatch_says() {
  rm -rf "$tmp/logwatch" && mkdir -p "$tmp/logwatch/qmail" "$tmp/logwatch/conf/services" &&
    cp "$tmp/$1.log" "$tmp/logwatch/qmail/current" && cp $conf/logwatch.conf "$tmp/logwatch/conf/services/qmail-send.conf" &&
    logwatch --logdir "$tmp/logwatch" --service qmail-send --range all --detail high --output stdout |
    sed -n '/Emails from/,/^ *$/s/^[[:space:]]*\([^ ]*\) - [0-9]* Time(s)$/-\t\1/p' |
    sed 's/\t$/\t<>/'
}
exim_says() { # for each key the peak of a smoothed rate, once all is read
  regex='info msg \d+: bytes \d+ from <([^>\s]+)>' most=10 period=1800
  [ "$1" != forged ] || regex='info msg \d+: bytes \d+ from <[^>\s]+(?<!@example\.org)>' most=30 period=600
  whole_seconds "$1" | perl -T "$tmp/exim4-base/usr/share/doc/exim4-base/examples/ratelimit.pl" "$period" "$regex" 2>/dev/null |
    awk -F ' *: *' -v most="$most" '$2 + 0 > most { sub(/^ +/, "", $1); print "-\t" ($1 == "" ? "*" : $1) }'
}
fail2ban_says() {
  set -- "$1" failregex 11 1800
  [ "$1" != forged ] || set -- "$1" pooled 31 600
  /usr/bin/python3 $conf/replay-fail2ban.py $conf/fail2ban.conf "$2" "$3" "$4" <"$tmp/$1.log" |
    tai64nlocal | awk '{ print $1 " " $2 "\t" ($4 == "info" ? "*" : $4) }'
}
sec_says() {
  sec --conf=$conf/sec"$(pooled "$1")".conf --input=- --notail --nointevents <"$tmp/$1.log" 2>"$tmp/sec" |
    awk '$(NF - 1) == "over" || $(NF - 1) == "under" { print "-\t" $NF }'
}
swatchdog_says() {
  local_time "$1" >"$tmp/swatch.log"
  HOME=$tmp swatchdog -c $conf/swatchdog"$(pooled "$1")".conf --examine "$tmp/swatch.log" 2>/dev/null |
    awk -v who="$(pooled "$1")" '/info msg/ { print $1 " " $2 "\t" (who ? "*" : substr($9, 2, length($9) - 2)) }'
}
crowdsec_says() {
  etc=$tmp/crowdsec-run
  rm -rf "$etc" && mkdir -p "$etc/parsers/s00-raw" "$etc/parsers/s01-parse" "$etc/parsers/s02-enrich" "$etc/scenarios" \
    "$etc/postoverflows" "$etc/hub" "$etc/data"
  cp $conf/crowdsec/parser.yaml "$etc/parsers/s00-raw" && cp $conf/crowdsec/date.yaml "$etc/parsers/s02-enrich" &&
    cp $conf/crowdsec/scenario"$(pooled "$1")".yaml "$etc/scenarios/scenario.yaml" &&
    cp -r "$tmp/crowdsec/etc/crowdsec/patterns" "$tmp/crowdsec/etc/crowdsec/profiles.yaml" "$etc" &&
    cp "$tmp/crowdsec/usr/share/crowdsec/hub/.index.json" "$etc/hub"
  echo 'simulation: false' >"$etc/simulation.yaml"
  printf 'labels: {type: qmail}\n' >"$etc/acquis.yaml"
  printf 'url: http://127.0.0.1:18089/\nlogin: peer\npassword: peer\n' >"$etc/login.yaml"
  sed "s|ETC|$etc|g" $conf/crowdsec/config.yaml >"$etc/config.yaml"
  iso "$1" >"$etc/log"
  "$tmp/crowdsec/usr/bin/cscli" -c "$etc/config.yaml" machines add peer --password peer -f "$etc/login.yaml" >/dev/null 2>&1
  timeout 120 "$tmp/crowdsec/usr/bin/crowdsec" -c "$etc/config.yaml" -dsn "file://$etc/log" -type qmail 2>&1 |
    sed -n "s/.*msg=\"sender \([^ ]*\) performed .* at \([^ ]* [0-9:.]*\) .*/\2\t\1/p"
}
ratetap_says() {
  set -- "$1" 100:50/1h/remote
  [ "$1" != forged ] || set -- "$1" -- '-*@example.org' 50/10m/remote/all
  told "$@"
}
ratetap_counts_messages() {
  set -- "$1" 10/30m
  [ "$1" != forged ] || set -- "$1" -- '-*@example.org' 30/10m/msg/all
  told "$@"
}
told() {
  log=$1
  shift
  ./ratetap "$@" <"$tmp/$log.log" 2>&1 >/dev/null | tai64nlocal | awk '{ print $1 " " $2 "\t" $5 " (" $3 ")" }'
}
pooled() { [ "$1" != forged ] || echo -pooled; }

# cell FILE: who was named first and when, and how many alerts there were.
cell() {
  awk -F '\t' 'NR == 1 { who = $2; when = $1 } { n++ } END {
    sub(/ \(.*/, "", who); sub(/^[^ ]* /, "", when); sub(/\..*/, "", when)
    if (!n) print "nobody"; else printf "%s, %s; %d", who, when == "-" ? "no time" : when, n }' "$1"
}

# row NAME FUNCTION UNIT END LOG: runs it twice on both logs.
row() {
  for log in breach forged slow; do
    "$2" $log >"$tmp/$log.1"
    "$2" $log >"$tmp/$log.2"
  done
  same=no
  cmp -s "$tmp/breach.1" "$tmp/breach.2" && cmp -s "$tmp/forged.1" "$tmp/forged.2" && same=yes
  echo "| $1 | $3 | $(cell "$tmp/breach.1") | $(cell "$tmp/forged.1") | $(cell "$tmp/slow.1") | $4 | $same | $5 |"
}
absent() { echo "| $1 | not to be had here | | | | | | |"; }

for tool in logwatch:logwatch sec:sec swatchdog:swatch fail2ban-client:fail2ban tai64nlocal:daemontools; do
  need "${tool%:*}" "${tool#*:}"
done
unpack exim4-base
unpack crowdsec

cp examples/breach.log examples/forged.log "$tmp"
# One message with one recipient every ten minutes, 150 of them: no limit is near.
awk 'BEGIN {
  for (i = 0; i < 150; i++) {
    at = sprintf("@400000006b%06x00000000", 251523 + 600 * i)
    print at " new msg 7"
    print at " info msg 7: bytes 900 from <bob@example.org> qp " 100 + i " uid 89"
    print at " starting delivery " i + 1 ": msg 7 to remote friend" i "@lima.example"
    print at " delivery " i + 1 ": success: 192.0.2.1_accepted_message./"
    print at " end msg 7"
  }
}' >"$tmp/slow.log"

# shellcheck disable=SC2016 # no commands
echo '| | counts | `breach.log`: named, when; alerts | `forged.log` | slow, nobody is over | end told | replay the same | the log |'
echo '|---|---|---|---|---|---|---|---|'
if command -v logwatch >/dev/null; then row logwatch logwatch_says 'messages' 'no' 'read once a day'; else absent logwatch; fi
if [ -d "$tmp/exim4-base/usr" ]; then row "exim's ratelimit.pl" exim_says 'messages' 'no' 'read afterwards'; else absent "exim's ratelimit.pl"; fi
if command -v fail2ban-client >/dev/null; then row fail2ban fail2ban_says 'messages' 'after a fixed time' 'a second reader'; else absent fail2ban; fi
if command -v swatchdog >/dev/null; then row swatchdog swatchdog_says 'messages' 'no' 'a second reader'; else absent swatchdog; fi
if command -v sec >/dev/null; then row SEC sec_says 'recipients, joined in Perl' 'yes, by its own clock' 'a second reader'; else absent SEC; fi
if [ -d "$tmp/crowdsec/usr" ]; then row crowdsec crowdsec_says 'messages, leaking' 'no' 'a second reader'; else absent crowdsec; fi
row 'ratetap, as these' ratetap_counts_messages 'messages' 'yes, at its instant' 'passes through, unchanged'
row ratetap ratetap_says 'recipients' 'yes, at its instant' 'passes through, unchanged'
