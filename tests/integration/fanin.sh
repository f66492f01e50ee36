#!/bin/sh
# Four mail hosts, one syslog host, one ratetap: doc/many-hosts.md with a real rsyslogd, on loopback. TAP.
# Run from the top folder. It uses ./ratetap. All hosts use the same message and delivery numbers.
# shellcheck disable=SC2016,SC2034,SC2317 # functions and variables are used in the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
stay=1

PATH=$top:$PATH:/usr/sbin
for needed in rsyslogd multilog bash; do
  if ! command -v $needed >/dev/null; then
    skip 'four mail hosts, one syslog host, one ratetap' "$needed is not installed"
    done_testing
  fi
done
daemon='' reader=''
stop() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null
  [ -z "$daemon" ] || wait "$daemon"
  [ -z "$reader" ] || kill "$reader" 2>/dev/null
  daemon='' reader=''
}
trap 'stop; clean_up' EXIT

# printed FILE: the block of doc/many-hosts.md that says it is FILE.
printed() {
  awk -v file="$1" '/^```/ { inside = !inside; if (!inside && found) { printf "%s", block; exit } block = ""; next }
    inside { block = block $0 "\n"; if (index($0, "# " file)) found = 1 }' "$top/doc/many-hosts.md"
}

# start NAME TEMPLATE RULE: rsyslogd with ratetap after it as in doc/many-hosts.md, but in $tmp/NAME: alerts in
# $dir/alerts, the stored log in $dir/main. The port is the kernel's choice.
start() {
  dir=$tmp/$1 also=$tmp/$1/errors
  mkdir "$dir" && mkfifo "$dir/fifo" && : >"$dir/errors"
  cat <>"$dir/fifo" >"$dir/alerts" &
  reader=$!
  printed /usr/local/libexec/fan-in |
    sed -e "s|/var/log/fan-in|$dir|g" -e "s|/run/ratetap|$dir|g" -e "s|100:50/1h/remote|$3|g" \
      -e 's|-- multilog|& s16777215|' >"$dir/fan-in"
  chmod +x "$dir/fan-in"
  echo "global(workDirectory=\"$dir\" net.enableDNS=\"off\")" >"$dir/conf"
  printed /etc/rsyslog.d/ratetap.conf |
    sed -e "s|port=\"514\"|port=\"0\" address=\"127.0.0.1\" listenPortFileName=\"$dir/port\"|" \
      -e "s|/usr/local/libexec|$dir|" -e "s|RSYSLOG_FileFormat|$2|" >>"$dir/conf"
  (cd "$dir" && exec rsyslogd -n -f "$dir/conf" -i "$dir/pid" >"$dir/rsyslog.errors" 2>&1) &
  daemon=$!
  within 20 '[ -s "$dir/port" ]' || {
    echo 'Bail out! rsyslogd does not start' && sed 's/^/# /' "$dir/rsyslog.errors"
    exit 1
  }
}

# host NAME RECIPIENTS [SECONDS]: what a mail host with splogger sends: tina has RECIPIENTS remote recipients, in messages
# of ten, beside ordinary users; its clock is SECONDS ahead. M and D are the same on every host.
host() {
  host=$1 ahead=${3:-0} now=$(date +%s) awk -v recipients="$2" '
    function say(text) {
      printf "<22>%s %s qmail: %d.%06d %s\n", ENVIRON["date"], ENVIRON["host"], ENVIRON["now"] + ENVIRON["ahead"], ++n, text
    }
    BEGIN {
      for (message = 1; sent < recipients; message++) {
        say("new msg " 4000 + message)
        say("info msg " 4000 + message ": bytes 900 from <tina@example.org> qp " 500 + message " uid 89")
        for (i = 0; i < 10 && sent < recipients; i++) {
          say("starting delivery " ++d ": msg " 4000 + message " to remote r" ++sent "@" ENVIRON["host"] ".example")
          say("status: local 0/10 remote 1/20")
        }
        first = d - i + 1
        say("new msg 77")
        say("info msg 77: bytes 900 from <user" message "-" ENVIRON["host"] "@example.org> qp 9 uid 89")
        say("starting delivery " ++d ": msg 77 to remote someone@elsewhere.example")
        for (j = first; j < first + i; j++)
          say("delivery " j ": success: 192.0.2.1_accepted_message.")
        say("delivery " d ": success: 192.0.2.1_accepted_message.")
        say("end msg 77")
        say("end msg " 4000 + message)
      }
    }'
}
date=$(date '+%b %e %H:%M:%S')
export date

# deliver NAME...: the files lines.NAME, each over a connection of its own, one line from each in turn. rsyslogd reads a
# connection as far as it can, so for lines that mix, the hosts wait after every five until all are stored.
deliver() {
  cd "$tmp" && bash -c '
    dir=$1 port=$2 connections=() files=() before=$(cat "$1"/main/* 2>/dev/null | wc -l) sent=0 last=-1
    for host in "${@:3}"; do
      exec {c}<>"/dev/tcp/127.0.0.1/$port" {f}<"lines.$host" || exit 1
      connections+=("$c") files+=("$f")
    done
    for ((round = 1; sent > last; round++)); do
      last=$sent
      for i in "${!files[@]}"; do
        IFS= read -r line <&"${files[i]}" || continue
        printf "%s\n" "$line" >&"${connections[i]}" || exit 1
        sent=$((sent + 1))
      done
      for ((tries = 0; round % 5 == 0 && tries < 400; tries++)); do
        [ "$(cat "$dir"/main/* 2>/dev/null | wc -l)" -lt $((before + sent)) ] || break
        sleep 0.05
      done
    done' hosts "$dir" "$(cat "$dir/port")" "$@"
}
arrived() { [ "$(cat "$dir"/main/* | wc -l)" -eq "$1" ]; }

for name in mx1 mx2 mx3 mx4; do host "$name" 30 >"$tmp/lines.$name"; done
each=$(wc -l <"$tmp/lines.mx1")

# ---- the account is under the limit on each host, and over it on all together
for name in mx1 mx2 mx3 mx4; do
  cut -d' ' -f6- "$tmp/lines.$name" | ratetap -a 3 100/1h/remote 3>"$tmp/alone.$name" >/dev/null
done
start iso RSYSLOG_FileFormat '100/1h/remote'
it 'one host alone: 30 of 100 recipients, no alert' '[ ! -s $tmp/alone.mx1 ] && [ ! -s $tmp/alone.mx4 ]'
it 'four senders reach one log' 'deliver mx1 mx2 mx3 mx4 && within 20 "arrived $((4 * each))"'
stop
it 'lines of four hosts are mixed in the log' \
  '[ "$(cut -d" " -f2 "$dir/main/current" | uniq | wc -l)" -gt 20 ]'
it 'the account that is under the limit on each of four hosts is found, and nobody else' \
  'within 20 "grep \" over \" $dir/alerts" && [ "$(grep -v " note start " "$dir/alerts" | cut -d" " -f2-5)" = "over 100/1h/remote/sender tina@example.org count=101" ]'
it 'each host kept its messages apart: 120 recipients, none counted for somebody else' '
  ratetap -a 3 -r 3 100/1h/remote 200/1h/remote/all <"$dir/main/current" 3>"$dir/report" >/dev/null && cat "$dir/report" &&
  grep " top .* tina@example.org now=120 peak=120 " "$dir/report" && grep " top .*/all \* now=132 " "$dir/report" &&
  grep " stat .* unknown=0 .* messages=0 " "$dir/report"'

# ---- the traditional header, whose own time has no year
start plain RSYSLOG_TraditionalFileFormat '100/1h/remote'
it 'with the traditional header likewise, by the number of splogger' '
  deliver mx1 mx2 mx3 mx4 && within 20 "arrived $((4 * each))" && within 20 "grep \" over \" $dir/alerts" && cat "$dir/alerts" &&
  [ "$(grep -v " note start " "$dir/alerts" | cut -d" " -f2-5)" = "over 100/1h/remote/sender tina@example.org count=101" ]'
stop

# ---- live: the timer, and a clock that is off
start live RSYSLOG_FileFormat '100/3s/remote'
for name in mx1 mx2 mx3 mx4; do host "$name" 30 "$((${name#mx} * 20 - 80))" >"$tmp/lines.$name"; done
it 'hosts whose clocks are up to a minute behind: found' '
  deliver mx4 && within 20 "arrived $each" && deliver mx1 mx2 mx3 && within 20 "arrived $((4 * each))" &&
  within 20 "grep \" over .* tina@example.org count=101\" $dir/alerts"'
it 'and back to normal without another line' 'within 20 "grep \" under .* tina@example.org\" $dir/alerts"'
stop

# ---- a burst that fills rsyslogd's queues
start burst RSYSLOG_FileFormat '1000000/1h/remote'
host mx1 80000 >"$tmp/lines.mx1"
burst=$(wc -l <"$tmp/lines.mx1")
it "a burst of $burst lines is stored whole and in order, by one ratetap" '
  bash -c "cat $tmp/lines.mx1 >/dev/tcp/127.0.0.1/$(cat "$dir/port")" && within 20 "arrived $burst" &&
  cut -d" " -f6- "$tmp/lines.mx1" >$tmp/sent && cat "$dir"/main/@* "$dir/main/current" | cut -d" " -f4- | cmp - $tmp/sent &&
  [ "$(grep -c "note start" "$dir/alerts")" -eq 1 ]'
stop

it 'a host 10 minutes behind starts a new timeline: the counters are lost, and a note says so' '
  host mx1 30 >$tmp/lines.now && host mx2 30 -600 >$tmp/lines.behind &&
  cat $tmp/lines.now $tmp/lines.behind | cut -c5- | ratetap -a 3 50/1h/remote 3>&1 >/dev/null | grep " note timeline back=[56][0-9][0-9]$"'

done_testing
