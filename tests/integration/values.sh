#!/bin/sh
# Different values and words: over a warm start, a reload and a report, within -m, and in lines that their senders wrote.

# shellcheck disable=SC1091,SC2015,SC2016,SC2154,SC2317 # tap.sh sets and calls these
. tests/tap.sh

# at SECONDS: a stamp; noon of a day in 2019
at() { printf '@4000000%09x00000000' $((1551355210 + $1)); }
# logged SECONDS TEXT: a line
logged() { echo "$(at "$1") $2"; }
# says RULE... <LOG: the alerts without stamps
says() { "$ratetap" -a 3 "$@" 3>&1 >/dev/null | sed 's/^@[0-9a-f]* //'; }
# gives WANTED RULE... <LOG: the alerts are these, a line each
gives() {
  want=$1
  shift
  says "$@" >said
  printf '%b' "$want" | diff - said
}

# ---- what is shown of a word
accounts_of_cyrillic_letters() {
  for word in анна анна иван иван; do logged 0 "imap: Login: user=<$word@example.org>"; done >log
  logged 65 'imap: Login: user=<x@example.org>' >>log
  one=%D0%B0%D0%BD%D0%BD%D0%B0@example.org two=%D0%B8%D0%B2%D0%B0%D0%BD@example.org
  printf '%s\n' "over $one" "over $two" "under $one" "under $two" >want
  says '1/1m/line/Login: user=<{}>' <log | sed 's|^\([a-z]*\) [^ ]* \([^ ]*\) .*|\1 \2|' | diff want -
}
it 'two accounts that differ are never shown alike, and each has its own under' accounts_of_cyrillic_letters

# ---- what stands in the line by the will of its sender
# Logins by the pattern that the manual shows, with a blank in front: eve, whatever she writes.
forged() { logged 0 "$1" | gives 'over 0/1h/line/%20authuser= eve count=1 within=0\n' '0/1h/line/ authuser='; }
it 'a forged sender does not name the account' \
  'forged "smtpd: mail from=<authuser=bob@example.org> rcpts=2, ip=192.0.2.1, authuser=eve, tls=TLSv1.3"'
it 'nor does a forged HELO' 'forged "smtpd: helo=authuser=bob@example.org ip=192.0.2.1, authuser=eve, tls=TLSv1.3"'
it 'nor a forged HELO with the blank that loggers write as _' \
  'forged "smtpd: helo=x_authuser=bob ip=192.0.2.1, authuser=eve, tls=TLSv1.3"'
it 'nor a forged recipient in quotes' 'forged "smtpd: rcpt=\"authuser=bob\"@example.org, authuser=eve, tls=TLSv1.3"'
it 'nor does a tab, which no pattern with a blank takes for one' 'forged "smtpd: helo=x	authuser=bob authuser=eve"'
many_names() {
  i=0
  while [ $i -lt 40 ]; do
    logged $i "smtpd: mail from=<authuser=u$i@x, authuser=v$i> ip=192.0.2.1, authuser=eve, tls=no" | sed 's/, authuser=v/,_authuser=v/'
    i=$((i + 1))
  done | gives 'over 30/10m/line/authuser= eve count=31 within=30\n' 30/10m/line/authuser=
}
it 'names that change with each message do not hide one who sends them all' many_names
it 'the pattern without a blank in front begins where a word begins, too' \
  'logged 0 "mail from=<authuser=bob> authuser=eve" | gives "over 0/1h/line/authuser= eve count=1 within=0\n" 0/1h/line/authuser='
it 'a pattern that begins with a star believes the sender' \
  'logged 0 "mail from=<authuser=bob> authuser=eve" | gives "over 0/1h/line/*authuser= bob> count=1 within=0\n" "0/1h/line/*authuser="'

# ---- words
words() {
  logged 0 "auth: $1 origin_ip: 192.0.2.1"
  logged 1 "auth: $2 origin_ip: 192.0.2.2"
}
it 'words are one key whatever their case' \
  'words Ann@ ANN@ | gives "over 1/1h/line/auth:%20 ann@ count=2 within=1\n" "1/1h/line/auth: "'
it 'but not with -e' 'words Ann@ ANN@ | gives "" -e "1/1h/line/auth: "'
it 'with -e the key is the word as it stands' 'words Ann@ Ann@ | gives "over 1/1h/line/auth:%20 Ann@ count=2 within=1\n" -e "1/1h/line/auth: "'
it 'second words are one value whatever their case' \
  'words ann ann | sed "s/192.*1\$/A/; s/192.*/a/" | gives "" "1/1h/line/auth: {} *: {}"'
it 'but not with -e' \
  'words ann ann | sed "s/192.*1\$/A/; s/192.*/a/" | gives "over 1/1h/line/auth:%20{}%20*:%20{} ann count=2 within=1 word=a\n" -e "1/1h/line/auth: {} *: {}"'
it 'anonymous mail can be left out' \
  'words "(unknown)" "(Unknown)" | gives "" -- "-(unknown)" "0/1h/line/auth: {}*origin_ip: {}"'
it 'a word of 65,000 bytes is a key, another one another' \
  'w=$(head -c 65000 /dev/zero | tr "\0" w); words "$w" "$w" | sed "2s/ww /wx /" | says 0/1h/line/auth:\  1/1h/line/auth:\  >said;
   [ "$(grep -c " over 0/1h\|^over 0/1h" said)" = 2 ] && [ "$(wc -l <said)" = 2 ]'
it 'and comes again as the same' \
  'w=$(head -c 65000 /dev/zero | tr "\0" w); words "$w" "$w" | says 1/1h/line/auth:\  | grep -c "^over 1/1h/line/auth:%20 w* count=2"'

# ---- the report, and starts anew
# login SECONDS NAME ADDRESS
login() { logged "$1" "auth: $2 origin_ip: $3"; }
rule='2/100s/line/auth: {} *: {}'
shown='2/100s/line/auth:%20{}%20*:%20{}'
travels() {
  login 0 ann 192.0.2.1
  login 10 ann 192.0.2.2
  login 20 ann 192.0.2.1
  login 30 ann 192.0.2.3
  login 50 ann 192.0.2.2
  login 200 ann 192.0.2.1
  login 200 bob 192.0.2.1
}
it 'an episode ends when the values that came again leave' \
  'travels | gives "over $shown ann count=3 within=20 word=192.0.2.3\nunder $shown ann count=2 peak=3 total=3 since=$(at 30) lasted=90\n" "$rule"'
in_the_report() {
  travels | says -r 5 "$rule" | sed -n "s/^top //p" >said
  diff - said <<END
$shown ann now=1 peak=3 at=$(at 30) total=4 over=1
$shown bob now=1 peak=1 at=$(at 200) total=1 over=0
END
}
it 'the report has how many there are now, the most there were, and how often one came in' in_the_report

mail() {
  echo "$(at "$1") info msg $2: bytes 900 from <$3> qp $2 uid 89"
}
to() { echo "$(at "$1") starting delivery $2: msg $3 to remote $4"; }
sends() {
  mail 0 7 ann@example.org
  to 1 2 7 a@example.net
  to 2 3 7 b@example.net
  to 3 4 7 c@example.net
  to 4 5 7 A@Example.net
}
stored() {
  mkdir main
  sends >main/current
  to 5 6 7 d@example.com | "$ratetap" -w main -a 3 3:1/1h/to 1/1h/host 2>&1 3>alerts >/dev/null
  sed -n 's/^@[0-9a-f]* \(over\|under\|still\) //p' alerts >said
  diff - said <<END
3:1/1h/to/sender ann@example.org count=4 within=3 msg=7 qp=7 uid=89 from=ann@example.org to=d@example.com
1/1h/host/sender ann@example.org count=2 within=1 msg=7 qp=7 uid=89 from=ann@example.org to=d@example.com
END
}
it 'a warm start restores different values: the next one is the fourth' stored

within_m() {
  awk -v at="$(at 0)" 'BEGIN { for (i = 0; i < 60000; i++) printf "%s auth: u%d origin_ip: 192.0.2.%d\n", at, i % 300, i }' >log
  "$ratetap" -m 1M -r 0 -a 3 '100/1h/line/auth: {} *: {}' <log 3>alerts >out && cmp log out &&
    memory=$(sed -n 's/.* stat .*memory=\([0-9]*\)$/\1/p' alerts) && [ "$memory" -le 1048576 ] && grep -q ' note full evicted=' alerts
}
native 'within -m 1M values of 300 keys come and go' within_m

# One line of 64 KiB under each of the patterns that would take long if every place were tried.
long_lines() {
  awk 'BEGIN { for (i = 0; i < 32000; i++) s = s "a "; for (i = 0; i < 60000; i++) x = x "x"
    for (i = 0; i < 100; i++) print s "\n" x "\n" x " y" }' >log
  timeout 100 "$ratetap" -a 3 '0/1h/line/a*b' '0/1h/line/*x{}y' '0/1h/line/*x{}x{}y' '0/1h/line/*a *a *a *b' <log 3>alerts >out &&
    cmp log out && [ ! -s alerts ]
}
it 'long lines of the same again and again pass, and match nothing' long_lines

# ---- what is wrong is told
wrong() {
  "$ratetap" -n "$1" 2>err >out
  [ $? -eq 100 ] && [ ! -s out ] && [ "$(cat err)" = "ratetap: fatal: bad rule $2" ] || { cat err; return 1; }
}
it 'a third word' 'wrong "1/1h/line/{} {} {}" "1/1h/line/{}_{}_{}: a third {} in the pattern (at most two)"'
it 'two words with nothing between them' \
  'wrong "1/1h/line/a {}*{}" "1/1h/line/a_{}*{}: no text between the two {} of the pattern (as in {} from {})"'
it 'an empty pattern' 'wrong 1/1h/line/ "1/1h/line/: no pattern after line (line/PATTERN, 1 to 200 bytes)"'
it 'a limit that no number of values can pass' \
  'wrong 70k/1h/to "70k/1h/to: the limit 70k is too large for different values (at most 65535)"'
it 'different senders of one sender' \
  'wrong 10/1h/from/sender "10/1h/from/sender: different senders need another key than sender (from/domain, from/uid or from/all)"'
it 'the canonical form keeps a pattern as it is' \
  'printf "5/1h/line/a \\\\* {} *: {}\n7/1d/to/sender\n7/7d/host/uid\n1/1s/from/all\n" >want
   "$ratetap" -n "5/60m/line/a \\* {} *: {}" 7/24h/to 7/1w/host/uid 1/1/from/all | diff want -'

done_testing
