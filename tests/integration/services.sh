#!/bin/sh
# Tests of the services in examples/: each is started from its files in a scratch folder by its own supervisor,
# a log with a breach is written into it, the alert must arrive, the log must be whole, nothing may stay. TAP.
# Run from the top folder. It uses ./ratetap.
# shellcheck disable=SC2317 # functions are called from the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
under_supervisor
stay=1 also=$tmp/errors
ex=$top/examples
PATH=$top:$ex:$PATH
boss=''
trap 'stop_all; clean_up' EXIT

# For the end of a test that went wrong: only what was started here, in its own folder.
stop_all() {
  for p in $boss $(left_over "$tmp"); do
    [ "$p" = $$ ] || kill -KILL "$p" 2>/dev/null
  done
}

# Without root's rights nobody can become somebody else: then these stand in for the programs that do it.
if [ "$(id -u)" != 0 ]; then
  mkdir "$tmp/shim"
  printf '#!/bin/sh\nshift\nexec "$@"\n' | tee "$tmp/shim/setuidgid" >"$tmp/shim/s6-setuidgid"
  printf '#!/bin/sh\nshift 2\nexec "$@"\n' >"$tmp/shim/chpst"
  chmod +x "$tmp"/shim/*
  PATH=$tmp/shim:$PATH
fi
mkdir "$tmp/bin" "$tmp/mails"
cat >"$tmp/bin/sendmail" <<'END'
#!/bin/sh
n=1
while [ -e "$MAILS/$n" ]; do n=$((n + 1)); done
cat >"$MAILS/.new" && mv "$MAILS/.new" "$MAILS/$n"
END
chmod +x "$tmp/bin/sendmail"
me=$(id -un)
LOGUSER=$me ALERTUSER=$me WINDOW=1 SENDMAIL=$tmp/bin/sendmail MAILS=$tmp/mails POSTMASTER=postmaster@example.org
export LOGUSER ALERTUSER WINDOW SENDMAIL MAILS POSTMASTER PATH
GATE=$tmp/gate ACCOUNTS_GATE=$tmp/gate-accounts ACCOUNTS_RULES=$ex/accounts/chkuser.rules DOMAINS=example.org
RULES=$tmp/rules # is not there: the rules of log/run itself
export GATE ACCOUNTS_GATE ACCOUNTS_RULES DOMAINS RULES
cut -d' ' -f2- "$ex/breach.log" | tee "$tmp/live" | sed 's/tina@/mona@/g' >"$tmp/live.2"
sed 's/tina@/lisa@/g' "$tmp/live" >"$tmp/live.3" # as qmail-send writes it, without stamps
lines=$(wc -l <"$tmp/live")

# setup NAME: the example's files, and a qmail-send that says what is written to its FIFO "feed". All services start at
# once on a fresh machine: no FIFO is there, no folder main.
setup() {
  dir=$tmp/$1
  cp -R "$ex/$1" "$dir"
  for service in qmail-send qmail-smtpd; do
    mkfifo "$dir/$service/feed"
    printf '#!/bin/sh\nexec <>feed\nexec cat\n' >"$dir/$service/run"
  done
  chmod +x "$dir"/*/run "$dir"/*/log/run
  FIFO=$dir/hold/fifo ACCOUNTS_FIFO=$dir/hold-accounts/fifo
  export FIFO ACCOUNTS_FIFO
  rm -rf "$GATE" "$ACCOUNTS_GATE"
  rm -f "$MAILS"/*
  : >"$tmp/errors"
}

say() { cat "$1" >>"$dir/qmail-send/feed"; }

# All that is stored in a log directory, in order, without its stamps.
stored() {
  for file in "${1-$dir/qmail-send/log/main}"/@* "${1-$dir/qmail-send/log/main}/current"; do
    [ ! -f "$file" ] || cat "$file"
  done | cut -d' ' -f2-
}
overs() { cat "$dir"/alerts/log/main/@* "$dir/alerts/log/main/current" 2>/dev/null | grep -c " over 100:50/1h/remote/sender $1 "; }

# What the readers keep is for nobody else: FIFOs are 600, and a folder that others cannot enter is around the rest.
modes() { stat -c '%n %a %U' "$@"; }
private() {
  cd "$dir" && modes ./*/fifo alerts*/mail alerts*/log/main | sort >modes
  cut -d' ' -f2,3 modes | sort -u | tr '\n' ' ' >kinds
  [ "$(cat kinds)" = "600 $me 700 $me " ] || { cat modes; return 1; }
  [ ! -e "$dir/alerts/mail/known" ] || [ "$(modes alerts/mail/known)" = "alerts/mail/known 600 $me" ]
}

# checks NAME RESTART-LOG RESTART-ALERTS STOP: what is the same for every supervisor.
checks() {
  it "$1: the services come up" "within 30 '[ -e $dir/qmail-send/log/main/current ] && grep -qs \" note start rules=2\" $dir/alerts/log/main/current'"
  say "$tmp/live"
  it "$1: the log is stored, whole and in order" "within 30 '[ \$(stored | wc -l) -ge $lines ]'; stored | cmp - $tmp/live"
  it "$1: the alert arrives in the reader's log, once" "within 30 '[ \$(overs tina@example.org) -ge 1 ]'; [ \$(overs tina@example.org) = 1 ] && [ \$(overs '[^ ]*') = 1 ]"
  it "$1: and as a mail" "within 30 'grep -qs \"over 100:50/1h/remote/sender tina@example.org \" $MAILS/*'"
  it "$1: what the readers keep is for nobody else" private
  it "$1: ratetap-hold holds the sender" "within 30 '[ -e $GATE/sender:tina@example.org ]' && [ \$(modes $GATE | cut -d' ' -f2) = 711 ] && [ \$(ls $GATE | wc -l) = 1 ]"
  cat "$ex/accounts/chkuser.log" >>"$dir/qmail-smtpd/feed"
  it "$1: and the account, by the SMTP server's log, in a GATE of its own" "within 30 '[ -e $ACCOUNTS_GATE/account:tina@example.org ]' && [ \$(ls $ACCOUNTS_GATE | wc -l) = 1 ] &&
    within 30 'grep -qs \" note held kind=account key=tina@example.org rule=3/1h/line/\" $dir/alerts-accounts/log/main/current'"
  it "$1: its alerts have a reader of their own: no other ratetap's start ends what it has told" "[ \"\$(cat $dir/alerts/log/main/* | grep -c ' note start ')\" = 1 ] && [ \"\$(cat $dir/alerts-accounts/log/main/* | grep -c ' note start ')\" = 1 ] && ! grep -q /line/ $dir/alerts/log/main/current"
  it "$1: the mail of the account says that it is held, and how to release it" "within 30 'grep -qs \"^account:tina@example.org is held: \" $MAILS/*' && grep -qx \"  release:  rm $ACCOUNTS_GATE/account:tina@example.org && .*\" $MAILS/*"
  it "$1: the mail of the sender says what is held and queued by the log, with the places to type" "within 30 'grep -qs \"^sender:tina@example.org is held: .* by the log: 0\" $MAILS/*' && grep -qx \"  queued:   queue-of -q /var/qmail/queue sender:tina@example.org $dir/qmail-send/log/main\" $MAILS/* && grep -qx \"  discard:  touch $GATE/discard:sender:tina@example.org && .*\" $MAILS/*"
  it "$1: the mail says that the sender is held" "within 30 'grep -qs \" note held kind=sender key=tina@example.org rule=100:50/1h/remote/sender\" $MAILS/* $dir/alerts/log/main/current'"
  it "$1: the log service is restarted" "$2"
  say "$tmp/live.2"
  it "$1: no line lost, none doubled" "within 30 '[ \$(stored | wc -l) -ge $((2 * lines)) ]'; cat $tmp/live $tmp/live.2 >$tmp/twice; stored | cmp - $tmp/twice"
  it "$1: the new ratetap said that it started, and finds the next breach" "within 30 '[ \$(overs mona@example.org) = 1 ]' && [ \$(overs tina@example.org) = 1 ] && [ \"\$(cat $dir/alerts/log/main/* | grep -c ' note start rules=2 ')\" = 2 ]"
  echo '2/1d' >"$RULES"
  it "$1: with a rules file the log service takes its rules from there" "$2 && within 30 'grep -qs \" note start rules=1 \" $dir/alerts/log/main/current' && rm $RULES"
  it "$1: the alert service is restarted" "$3"
  it "$1: and the log service once more" "$2"
  say "$tmp/live.3"
  it "$1: the new reader gets the alert" "within 30 '[ \$(overs lisa@example.org) = 1 ]'"
  it "$1: all stops" "$4; within 30 '[ -z \"\$(left_over $dir)\" ]'"
  it "$1: nothing of the log is missing at the end" "cat $tmp/live.3 >>$tmp/twice; stored | cmp - $tmp/twice"
  boss=''
}

# ---- daemontools
if command -v svscan >/dev/null && command -v multilog >/dev/null; then
  setup daemontools
  (cd "$dir" && exec svscan . 2>>"$tmp/errors") &
  boss=$!
  again() {
    within 30 "svstat $1 | grep -q ': up '" || return 1
    pid=$(svstat "$1" | sed 's/.*(pid \([0-9]*\)).*/\1/')
    svc -t "$1"
    within 30 "svstat $1 | grep ': up ' | grep -qv '(pid $pid)'"
  }
  checks daemontools "again $dir/qmail-send/log" "again $dir/alerts" \
    "kill $boss; for s in $dir/*/; do svc -dx \$s; done; for s in $dir/*/log; do svc -dx \$s; done"
else
  skip 'daemontools' 'daemontools is not installed'
fi

# ---- runit
if command -v runsv >/dev/null; then
  setup runit
  (cd "$dir" && exec runsvdir . 2>>"$tmp/errors" >&2) &
  boss=$!
  again() {
    within 30 "pid=\$(cat $1/supervise/pid) && [ -n \"\$pid\" ]" || return 1
    pid=$(cat "$1/supervise/pid")
    sv term "$1"
    within 30 "[ -s $1/supervise/pid ] && [ \"\$(cat $1/supervise/pid)\" != $pid ]"
  }
  checks runit "again $dir/qmail-send/log" "again $dir/alerts" "kill -HUP $boss"
else
  skip 'runit' 'runit is not installed'
fi

# ---- s6
if command -v s6-svscan >/dev/null; then
  setup s6
  (cd "$dir" && exec s6-svscan . 2>>"$tmp/errors") &
  boss=$!
  checks s6 "s6-svc -r -wr -T 20000 $dir/qmail-send/log" "s6-svc -r -wr -T 20000 $dir/alerts" "s6-svscanctl -t $dir"
else
  skip 's6' 's6 is not installed'
fi

# ---- whose senders are held
for start in daemontools/hold/run runit/hold/run s6/hold/run systemd/ratetap-hold-start; do
  be=$(sed -n 's/^exec \([^ ]*\) .*ratetap-hold .*/\1/p' "$ex/$start")
  if command -v "${be:-sh}" >/dev/null; then
    dir=$tmp/domains/$start
    mkdir -p "$dir/control" "$dir/bin" && mkfifo "$dir/hold" "$dir/fifo"
    printf '#!/bin/sh\necho "$@" >"%s/asked"\n' "$dir" >"$dir/bin/ratetap-hold"
    chmod +x "$dir/bin/ratetap-hold"
    asks() { (cd "$dir" && unset DOMAINS && PATH=$dir/bin:$PATH CONTROL=$dir/control NEXT=$dir/fifo RUNTIME_DIRECTORY=$dir timeout 5 "$ex/$start" >said 2>&1); }
    it "$start: the domains of rcpthosts and of morercpthosts, without a leading dot" "cd $dir && printf 'example.org\n.Example.net\n# no\nlast.example' >control/rcpthosts && printf 'more.example\n.mail.example:x\n' >control/morercpthosts &&
      asks && [ \"\$(cat asked)\" = '-p -d example.org -d Example.net -d last.example -d more.example -d mail.example $GATE' ]"
    it "$start: one of the two alone" "cd $dir && rm control/rcpthosts && asks && [ \"\$(cat asked)\" = '-p -d more.example -d mail.example $GATE' ]"
    printf '#!/bin/sh\n' >"$dir/bin/sleep" && chmod +x "$dir/bin/sleep"
    it "$start: refuses to start without any" "cd $dir && rm -f asked control/* && { asks; [ \$? = 100 ]; } && [ ! -e asked ] && grep -q 'no domain is ours: name them in DOMAINS' said && echo '# none' >control/rcpthosts && { asks; [ \$? = 100 ]; } && [ ! -e asked ]"
  else
    skip "$start: the domains of rcpthosts and of morercpthosts" "no $be"
  fi
done

# ---- without a FIFO
for name in daemontools runit s6; do
  dir=$tmp/$name.plain
  mkdir -p "$dir/main"
  if command -v "$(sed -n 's/^exec \([^ ]*\) .*/\1/p' "$ex/$name/qmail-send/log/run" | tail -n 1)" >/dev/null; then
    it "$name: without a FIFO the alerts are in a file beside the log" \
      "cd $dir && FIFO=$dir/none $ex/$name/qmail-send/log/run <$tmp/live && grep -q ' over .* tina@example.org ' alerts && stored main | cmp - $tmp/live"
  else
    skip "$name: without a FIFO the alerts are in a file beside the log" "$name is not installed"
  fi
done

# ---- who makes the FIFO
lone() { # NAME: its log/run alone, with a service alerts that has not started
  mkdir -p "$dir/service/alerts" "$dir/log/main" && : >"$dir/service/alerts/run" && cd "$dir/log" || return 1
  FIFO=$dir/service/alerts/fifo
  export FIFO
}
for name in daemontools runit s6; do
  dir=$tmp/$name.lone
  it "$name: log/run makes the reader's FIFO if it is missing" "lone &&
    $ex/$name/qmail-send/log/run <$tmp/live && [ -p \$FIFO ] && [ \$(stat -c '%a %U' \$FIFO | tr ' ' -) = 600-$me ] &&
    [ ! -e alerts ] && [ \$(ls ../service/alerts | tr '\n' ,) = fifo,run, ]"
  it "$name: without a service it says on standard error where the alerts are, and only the owner can read them" \
    "rm -rf $dir/plain && mkdir -p $dir/plain/main && cd $dir/plain && FIFO= $ex/$name/qmail-send/log/run <$tmp/live 2>told && grep -q \"the file $dir/plain/alerts\" told && [ \$(stat -c %a alerts) = 600 ] && ! grep fatal told"
done
dir=$tmp/run.lone
it "run: makes the reader's FIFO if it is missing" "lone && ALERTS=\$FIFO $top/run <$tmp/live && [ -p \$FIFO ] && [ \$(stat -c '%a %U' \$FIFO | tr ' ' -) = 600-$me ]"
it 'run: without a service it says where the alerts are, and only the owner can read them' \
  "rm -rf $dir/plain && mkdir $dir/plain && cd $dir/plain && $top/run <$tmp/live 2>told && grep -q 'the file ./alerts in $dir/plain' told && [ \$(stat -c %a alerts) = 600 ] && grep -q ' over .* tina@' alerts"
it 'run: what it keeps is stored as before' "cmp $tmp/live $dir/plain/main/current || cut -d' ' -f2- $dir/plain/main/current | cmp - $tmp/live"
it 'run: a rules file with a mistake is told, and the rules of the script hold' "cd $dir/plain && rm -rf main alerts && echo 10/30x >bad &&
  RULES=./bad $top/run <$tmp/live 2>told; grep -q 'bad.*unknown unit' told && grep -q './bad is not used' told && [ \$(wc -l <main/current) = $lines ] && grep -q ' over .* tina@' alerts"
it 'run: a good one is used' "cd $dir/plain && rm -rf main alerts && echo 90000/1h/fail >good && RULES=./good $top/run <$tmp/live 2>told && grep -q ' note start rules=1' alerts && ! grep -q tina alerts"
it 'alert-fifo: two who make it at once end up with one, of the right owner and mode' "mkdir $tmp/race && cd $tmp/race && for n in 1 2 3 4 5 6 7 8 9 10; do
  rm -f fifo; for p in 1 2 3 4; do alert-fifo fifo $me & done; while [ ! -p fifo ]; do :; done; [ \"\$(stat -c '%a %U' fifo)\" = '600 $me' ] || exit 1; wait; [ \$(ls) = fifo ] || exit 1; done"
it 'alert-fifo: what is no FIFO is left alone, and told' "cd $tmp/race && rm -f fifo && echo x >fifo && ! alert-fifo fifo $me 2>said && grep -q 'no FIFO' said && [ \$(cat fifo) = x ]"

# ---- root writes nothing through a link of the users to whom the services give folders
owned_by() { # USER: what it could do to the folders of a service that are its own
  mkdir -p "$dir/main" "$dir/mail" && chown "$1" "$dir/main" "$dir/mail" && for name in config config.new; do
    ln -s "$tmp/victim" "$dir/main/$name" && chown -h "$1" "$dir/main/$name"
  done
}
victim_is_well() { [ "$(cat "$tmp/victim")" = secret ] && [ "$(stat -c '%a %U' "$tmp/victim")" = '600 root' ]; }
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1; then
  (umask 077 && echo secret >"$tmp/victim")
  chmod 711 "$tmp"
  for script in daemontools/alerts/log daemontools/hold/log daemontools/qmail-send/log daemontools/qmail-smtpd/log runit/alerts/log runit/hold/log runit/qmail-send/log runit/qmail-smtpd/log s6/alerts/log s6/hold/log s6/qmail-send/log s6/qmail-smtpd/log; do
    dir=$tmp/links/$script
    it "$script: root writes nothing through a link of the user" "owned_by nobody && cd $dir && { ALERTUSER=nobody LOGUSER=nobody FIFO= timeout -s KILL 5 $ex/$script/run <$ex/smtpd.log; :; } && victim_is_well"
  done
  it 'run: root gives away nothing through a link of the user' "mkdir -p $tmp/links/run/his $tmp/links/run/ours && cd $tmp/links/run && chown nobody his && ln -s ../ours his/main && chown -h nobody his/main &&
    { LOGDIR=his/main LOGUSER=nobody timeout -s KILL 5 $top/run <$ex/smtpd.log; :; } && [ \$(stat -c %U ours) = root ]"
else
  skip 'root writes nothing through a link of the user' 'not root'
fi
cd "$tmp" || exit 111

# ---- systemd: there is none here to start; its files are checked, and its script is run with a false journal
dir=$tmp/systemd
mkdir -p "$dir/run"
cd "$dir" || exit 111
if command -v systemd-analyze >/dev/null; then
  for unit in ratetap ratetap-alerts ratetap-mail ratetap-hold ratetap-accounts ratetap-hold-accounts ratetap-alerts-accounts; do
    sed "s,^ExecStart=[^ ]*,ExecStart=/bin/true,; s,=qmailq,=daemon,; s,=ratetap\$,=daemon," "$ex/systemd/$unit.service" >"$dir/$unit.service"
    it "systemd: $unit.service is well-formed" "systemd-analyze verify --man=no $dir/$unit.service && ! systemd-analyze verify --man=no $dir/$unit.service 2>&1 | grep -q $unit"
    it "systemd: $unit.service is exposed by less than 3 (systemd-analyze security)" "systemd-analyze security --no-pager --offline=true $ex/systemd/$unit.service >score && sed -n 's/.*: \\([0-9.]*\\) .*/\\1/p' score | tail -n 1 | awk '{ n++; print; high = \$1 >= 3 } END { exit n != 1 || high }'"
  done
  it 'systemd: ratetap-mail.path is well-formed' "cp $ex/systemd/ratetap-mail.path $dir && systemd-analyze verify --man=no $dir/ratetap-mail.path && ! systemd-analyze verify --man=no $dir/ratetap-mail.path 2>&1 | grep -q ratetap-mail"
else
  skip 'systemd: the units are well-formed' 'no systemd-analyze'
fi
printf '#!/bin/sh\necho "$@" >%s/asked\nexec cat %s/live\n' "$dir" "$tmp" >"$tmp/bin/journalctl"
chmod +x "$tmp/bin/journalctl"
it 'systemd: without its FIFO it ends and says so' "! PATH=$tmp/bin:\$PATH RUNTIME_DIRECTORY=$dir/run $ex/systemd/ratetap-journal 2>said && grep -q 'no FIFO $dir/run/fifo' said"
mkfifo run/fifo
exec 5<>run/fifo
QMAIL_USERS="$me daemon"
export QMAIL_USERS
unset RULES
it 'systemd: the alerts on accounts never go to the reader of the others' "! PATH=$tmp/bin:\$PATH RUNTIME_DIRECTORY=$dir/run HOLD=hold-accounts ALERTS=alerts-accounts $ex/systemd/ratetap-journal 2>said && grep -q 'no FIFO $dir/run/alerts-accounts' said &&
  grep -q '^Environment=HOLD=hold-accounts ALERTS=alerts-accounts ' $ex/systemd/ratetap-accounts.service && grep -q ' 1<>/run/ratetap/alerts-accounts' $ex/systemd/ratetap-hold-accounts.service && grep -q 'alert-mail -p /run/ratetap/alerts-accounts ' $ex/systemd/ratetap-alerts-accounts.service"
it 'systemd: what starts journalctl can see its boot id, which is in /proc/sys' "grep -l '^ExecStart=.*/ratetap-journal' $ex/systemd/*.service | sort >units && [ \$(wc -l <units) = 2 ] && ! xargs grep -H '^ProcSubset=pid' <units"
it 'systemd: the journal goes to ratetap, nothing to stdout' "[ -z \"\$(PATH=$tmp/bin:\$PATH RUNTIME_DIRECTORY=$dir/run $ex/systemd/ratetap-journal)\" ]"
it 'systemd: nothing old is replayed' "grep -q -e '-f -n 0 ' asked"
it 'systemd: only lines of that unit and these users are asked for, not an identifier that anybody can take' "[ \"\$(cat asked)\" = '-f -n 0 -o cat _SYSTEMD_UNIT=qmail.service _SYSTEMD_UNIT=qmail-send.service _UID=$(id -u) _UID=$(id -u daemon)' ]"
it 'systemd: a letter that cannot be left leaves nothing, and alert-mail tries again' "mkdir -p none && for n in 1 2; do ! echo letter | STATE_DIRECTORY=$dir/none $ex/systemd/ratetap-letter -i -f '' postmaster || exit 1; done && [ -z \"\$(ls none)\" ]"
it 'systemd: a letter is left whole, for the group and nobody else, under a name of its own' "mkdir -p state/out && for n in 1 2; do echo letter \$n | STATE_DIRECTORY=$dir/state $ex/systemd/ratetap-letter -i -f '' postmaster || exit 1; done && [ \$(ls state/out | wc -l) = 2 ] && [ \$(ls state) = out ] && [ \"\$(stat -c %a state/out/* | sort -u)\" = 640 ]"
if [ "$(id -u)" = 0 ]; then
  it 'systemd: what tmpfiles make is as the units want it' "mkdir -p $dir/root/var/qmail $dir/root/etc && cp /etc/passwd /etc/group $dir/root/etc && echo 'ratetap:x:4711:4711::/:/bin/false' >>$dir/root/etc/passwd && echo 'ratetap:x:4711:' >>$dir/root/etc/group &&
    for f in ratetap ratetap-hold ratetap-accounts; do systemd-tmpfiles --root=$dir/root --create $ex/systemd/\$f.tmpfiles || exit 1; done; cd $dir/root && stat -c '%n %A %u' run/ratetap run/ratetap/fifo run/ratetap/hold run/ratetap/hold-accounts run/ratetap/alerts-accounts var/lib/ratetap/out var/lib/ratetap/accounts var/qmail/gate var/qmail/gate-accounts | tr '\n' , >$dir/made; cat $dir/made;
    [ \"\$(cat $dir/made)\" = 'run/ratetap drwxr-xr-x 0,run/ratetap/fifo prw------- 4711,run/ratetap/hold prw------- 4711,run/ratetap/hold-accounts prw------- 4711,run/ratetap/alerts-accounts prw------- 4711,var/lib/ratetap/out drwxrws--- 4711,var/lib/ratetap/accounts drwx------ 4711,var/qmail/gate drwx--x--x 4711,var/qmail/gate-accounts drwx--x--x 4711,' ]"
else
  skip 'systemd: what tmpfiles make is as the units want it' 'not root'
fi
(exec 5<&-; exec alert-log run/fifo kept 2>/dev/null) &
boss=$!
it 'systemd: the alert is in the FIFO' "within 30 'grep -qs \" over 100:50/1h/remote/sender tina@example.org \" kept/current'"
kill "$boss"
wait "$boss" 2>/dev/null
boss=''

# ---- chaining
dir=$tmp/chaining
mkdir "$dir"
cd "$dir" || exit 111
it 'chaining: tai64n before, all is stored with stamps' "$ex/chaining/stamp-before cat $tmp/live && stored main | cmp - $tmp/live && grep -q ' over .* tina@example.org ' alerts"
rm -rf main alerts
it 'chaining: grep after, no status line is stored, all others are' "$ex/chaining/grep-after <$tmp/live && grep -v ^status: $tmp/live >want && stored main | cmp - want && grep -q ' over .* tina@example.org ' alerts"
rm -rf main alerts
it 'chaining: two ratetaps, the log is whole' "$ex/chaining/two-ratetaps <$tmp/live && stored main | cmp - $tmp/live"
it 'chaining: each has alerts of its own' "grep -q ' over 100:50/1h/remote/sender tina@' alerts && grep -q ' note start rules=2' statistics && ! grep -q 100:50 statistics && ! grep -q rules=2 alerts"
it 'chaining: the files of alerts are for their owner only' "[ \"\$(stat -c %a alerts statistics | sort -u)\" = 600 ]"
it 'chaining: local time after the alerts' "TZ=UTC0 $ex/chaining/local-time <$ex/breach.log | grep -q '^2026-11-23 09:[0-9:.]* over .* tina@example.org '"
mkdir -p hold alerts.d mail
mkfifo -m 600 hold/fifo alerts.d/fifo
(cd hold && NEXT=../alerts.d/fifo exec "$ex/chaining/two-readers" 2>told) &
boss=$!
(exec alert-mail -w 1 alerts.d/fifo mail postmaster) >/dev/null &
boss="$boss $!"
rm -f "$MAILS"/*
exec 5<>hold/fifo
ratetap -a 5 100:50/1h/remote <"$ex/breach.log" >/dev/null
it 'chaining: two readers, the first would hold the sender' "within 30 'grep -q \"would hold sender:tina@example.org\" hold/told'"
it 'chaining: two readers, the second mails the same alert' "within 30 'grep -qs \"over 100:50/1h/remote/sender tina@example.org \" $MAILS/*'"
exec 5<&-
for p in $boss; do
  kill "$p"
  wait "$p" 2>/dev/null
done
boss=''
it 'nothing is left running' "cd /; within 30 '[ -z \"\$(left_over $tmp | grep -vx $$)\" ]'"

cd "$top" || exit 111
done_testing
