#!/bin/sh
# doc/install.md followed word by word, under a real svscan in a scratch folder: installed twice, upgraded, removed, while
# a log flows. TAP. Run from the top folder. It uses ./ratetap.
# Only places are replaced, and the pauses, in whose place the test waits for what it wants to see.
# shellcheck disable=SC2016,SC2034,SC2317 # functions and variables are called from the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
stay=1 also=$tmp/errors
dir=$tmp/host
boss=''
stop_all() {
  for p in $boss $(left_over "$tmp"); do
    [ "$p" = $$ ] || kill -KILL "$p" 2>/dev/null
  done
}
trap 'stop_all; clean_up' EXIT
if ! command -v svscan >/dev/null || ! command -v multilog >/dev/null; then
  skip 'doc/install.md, followed word by word' 'daemontools is not installed'
  done_testing
fi

# block SECTION N: the Nth block of a section, with the places of this test.
block() {
  awk -v title="## $1" -v n="$2" '
    /^## / { inside = $0 == title }
    inside && /^```/ { open = !open; blocks += open; next }
    inside && open && blocks == n' "$top/doc/install.md" |
    sed -e 's/^sleep [0-9]*; //' -e '/^make install$/d' -e "s,/usr/local/share/ratetap/examples,$dir/examples,g" \
      -e "s,/var/qmail/,$dir/qmail/,g" -e "s, /service/, $dir/service/,g" -e "s,/etc/ratetap.rules,$dir/rules,g" \
      -e "s,/etc/ratetap-accounts.rules,$dir/accounts.rules,g"
}
typed() { # SECTION N...: as typed in a row, in one shell
  section=$1
  shift
  for n; do block "$section" "$n"; done >"$tmp/typed"
  # What is for systemd has no places of this test: it would be installed on the machine itself.
  [ -s "$tmp/typed" ] && ! grep -e systemctl -e systemd "$tmp/typed" && sh "$tmp/typed" 2>&1
}
stored() { cat "$dir"/qmail/supervise/qmail-send/log/main/@* "$dir/qmail/supervise/qmail-send/log/main/current" 2>/dev/null | cut -d' ' -f2-; }
say() { cat "$1" >>"$dir/qmail/supervise/qmail-send/feed" && cat "$1" >>"$tmp/said.all"; }
whole() { within 30 '[ "$(stored | wc -l)" -ge "$(wc -l <"$tmp/said.all")" ]' && stored | cmp - "$tmp/said.all"; }
log_pid() { svstat "$dir/service/qmail-send/log" | sed -n 's/.*(pid \([0-9]*\)).*/\1/p'; }
# restarted COMMAND: the log service has another process after it.
restarted() {
  before=$(log_pid)
  "$@" && within 30 '[ -n "$(log_pid)" ] && [ "$(log_pid)" != "$before" ]'
}
keeps() { ps -o args= -p "$(log_pid)" | grep -q "$1"; }

PATH=$top:$top/examples:$PATH
if [ "$(id -u)" != 0 ]; then
  mkdir "$tmp/shim" && printf '#!/bin/sh\nshift\nexec "$@"\n' >"$tmp/shim/setuidgid" && chmod +x "$tmp/shim/setuidgid"
  PATH=$tmp/shim:$PATH
fi
LOGUSER=$(id -un) ALERTUSER=$(id -un) SENDMAIL=/bin/false GATE=$dir/qmail/gate DOMAINS=example.org
RULES=$dir/rules ACCOUNTS_GATE=$dir/qmail/gate-accounts ACCOUNTS_RULES=$dir/accounts.rules
export PATH LOGUSER ALERTUSER SENDMAIL GATE DOMAINS RULES ACCOUNTS_GATE ACCOUNTS_RULES
mkdir -p "$dir/service" "$dir/qmail/supervise/qmail-send/log/main"
cp -R "$top/examples" "$dir/examples"
sed -i "s, /service/, $dir/service/,g; s, /etc/service/[a-z-]*,,g" "$dir"/examples/daemontools/qmail-*/log/run
echo 100:50/1h/remote >"$dir/rules"
cd "$dir/qmail/supervise/qmail-send" || exit 111
mkfifo feed
printf '#!/bin/sh\nexec <>feed\nexec cat\n' >run
printf '#!/bin/sh\nexec multilog t ./main\n' >log/run
chmod +x run log/run
cp -p log/run "$tmp/original"
mkdir -p ../qmail-smtpd/log/main && mkfifo ../qmail-smtpd/feed && cp -p run ../qmail-smtpd && cp -p log/run ../qmail-smtpd/log
ln -s "$dir/qmail/supervise/qmail-smtpd" "$dir/service/qmail-smtpd"
ln -s "$dir/qmail/supervise/qmail-send" "$dir/service/qmail-send"
: >"$tmp/said.all"
for n in 1 2 3 4 5; do
  cut -d' ' -f2- "$top/examples/breach.log" | sed "s/tina@/tina$n@/g" >"$tmp/live.$n"
done
cd "$tmp" || exit 111
svscan "$dir/service" 2>"$tmp/errors" &
boss=$!

it 'a host with qmail-send and multilog' 'within 30 "[ -n \"\$(log_pid)\" ]" && say live.1 && whole'
it 'daemontools: as printed' 'restarted typed daemontools 1 2 && within 30 "keeps \"^ratetap -a 3 -w\""'
it 'the alerts have a reader, and no file takes them' '[ -p $dir/service/alerts/fifo ] && [ ! -e $dir/qmail/supervise/qmail-send/log/alerts ] && within 30 "grep -qs \" note start \" $dir/service/alerts/log/main/current"'
it 'a second time over the first: the original script is kept, no folder is put into the other' \
  'restarted typed daemontools 1 2 && cmp original $dir/qmail/supervise/qmail-send/log/run.before && [ ! -e $dir/qmail/supervise/alerts/alerts ]'
it 'the log is whole, and the alert is there' 'say live.2 && whole && within 30 "grep -qs \" over .* tina2@example.org \" $dir/service/alerts/log/main/current"'
if command -v ratetap-hold >/dev/null; then
  it 'the gate, step 1: as printed; whom the restarted ratetap still finds over is held' \
    'ex=$dir/examples/daemontools; export ex; restarted typed "Stop who is over" 1 && within 60 "[ -e $GATE/sender:tina2@example.org ]"'
  it 'hold passes the alerts on to the reader' 'say live.3 && whole && within 30 "grep -qs \" over .* tina3@example.org \" $dir/service/alerts/log/main/current" && within 30 "[ -e $GATE/sender:tina3@example.org ]"'
  it 'accounts: as printed; one with 20 logins in an hour is not held, one with 101 logins is' \
    'typed "Stop who is over" 8 10 && within 30 "[ -p $dir/service/hold-accounts/fifo ] && svstat $dir/service/qmail-smtpd/log | grep -q \": up \" && grep -qs \" note start rules=1 \" $dir/service/alerts-accounts/log/main/current" &&
    logins() { for n in $(seq $2); do echo "qmail-smtpd: pid 1 from 198.51.100.1 auth: auth-success type=login user=<$1>"; done >>$dir/qmail/supervise/qmail-smtpd/feed; } && logins ann@example.org 20 && logins tina@example.org 101 &&
    within 30 "[ -e $ACCOUNTS_GATE/account:tina@example.org ]" && [ "$(ls $ACCOUNTS_GATE)" = account:tina@example.org ]'
fi
it 'upgrade: as printed' 'restarted typed Upgrade 1 && say live.4 && whole && within 30 "grep -qs \" over .* tina4@example.org \" $dir/service/alerts/log/main/current"'
it 'removal: the original scripts run again' 'restarted typed Removal 1 && cmp original $dir/qmail/supervise/qmail-send/log/run && cmp original $dir/qmail/supervise/qmail-smtpd/log/run && within 30 "keeps \"^multilog t ./main\"" && say live.5 && whole'
gone_for_good() {
  typed Removal 3 || return 1
  [ "$(ls "$dir/qmail/supervise") $(ls "$dir/service")" = 'qmail-send
qmail-smtpd qmail-send
qmail-smtpd' ] &&
    within 10 '[ -z "$(left_over "$dir/qmail/supervise/alerts")$(left_over "$dir/qmail/supervise/hold")$(left_over "$dir/qmail/supervise/hold-accounts")" ]'
}
it 'removal: the readers are down before their folders go, and nothing of them comes back' gone_for_good
it 'and qmail-send has not noticed' 'say live.1 && whole'
svc -dx "$dir"/service/qmail-* "$dir"/service/qmail-*/log
kill "$boss"
it 'nothing is left running' 'within 30 "[ -z \"\$(left_over $dir)\" ]"'
boss=''
done_testing
