#!/bin/sh
# Many messages at once through ratetap-gate, while ratetap-hold holds and lets go; and 10,000 hostile alerts.

# shellcheck disable=SC2016,SC2034,SC2086,SC2317
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/tap.sh
. tests/tap.sh

bin=$(dirname "$(readlink -f "$ratetap")")
hold=$bin/ratetap-hold
if [ -n "${SOAK:-}" ]; then mails=10000; else mails=1000; fi

it "$mails messages, 50 at once: who is held is held, all others arrive byte for byte, no process is left" \
  '"$tools/crowd" "$bin" "$tools/standin" "$PWD/work" $mails 50'
it 'the test sees a gate that lets all pass' '
  mkdir bin; ln -s "$hold" bin; printf "#!/bin/sh\nexec \"\$2\"\n" >bin/ratetap-gate; chmod +x bin/ratetap-gate
  ! "$tools/crowd" "$PWD/bin" "$tools/standin" "$PWD/work" 300 10 >out; grep -c "exit code 0" out'
it 'and one that holds all' '
  mkdir bin; ln -s "$hold" bin; printf "#!/bin/sh\ncat >/dev/null <&1\ncat >/dev/null\nexit 71\n" >bin/ratetap-gate; chmod +x bin/ratetap-gate
  ! "$tools/crowd" "$PWD/bin" "$tools/standin" "$PWD/work" 300 10 >out; grep -c "exit code 71" out'

# What strangers can bring into an alert: anything visible, in each field; and what is no alert at all.
hostile() {
  awk 'BEGIN {
    srand(11)
    n = split("../x / /etc/passwd . .. .held .held.new .held.file * ? [a-z]* ~root $(id) `id` ;id; |id -rf --help %2e%2e%2f %00 \\ \\n \\0 " \
      "<> <a>@b sender:x@y domain:y uid:0 sha256-00 hand@x HAND@x a@b@c @ @x x@ #@[] 0 00 1 -1 99999999999999999999 \" \047", word, " ")
    split("over under still note more OVER top stat", does, " ")
    split("9/1h/msg/sender 9/1h/msg/domain 9/1h/msg/uid 9/1h/msg/all 9/1h/line/x 9/1h/line/sender 9/1h/remote/sender 9/1h/line/a%20{}%25 x / 9/1h/remote", rules, " ")
    for (i = 0; i < 10000; i++) {
      key = word[1 + int(rand() * n)]
      if (rand() < 0.3) key = key word[1 + int(rand() * n)]
      if (rand() < 0.02) { key = "x"; for (j = int(rand() * 11); j > 0; j--) key = key key }
      line = sprintf("@%024x %s %s %s count=%s within=1 msg=1 qp=2 uid=3 peak=4 total=5 lasted=6 since=@%024x over=%d from=%s to=%s",
        i, does[1 + int(rand() * 8)], rules[1 + int(rand() * 11)], key, rand() < 0.7 ? i : word[1 + int(rand() * n)], i, int(rand() * 3),
        word[1 + int(rand() * n)], word[1 + int(rand() * n)])
      if (rand() < 0.02) line = "@4000000065656565" sprintf("%08x", i) " note start rules=1 over=" int(rand() * 4)
      if (rand() < 0.05) line = substr(line, 1, int(rand() * length(line)))
      if (rand() < 0.05) line = sprintf("%c%c%c", 1 + int(rand() * 255), 1 + int(rand() * 255), 1 + int(rand() * 255)) line
      print line
    }
  }'
}
# All that is outside GATE, and what is in it that was not made there, with owner, mode and content
outside() {
  find "$PWD" ! -path "$PWD/gate/*" ! -name seen.\* -printf '%p %m %u %i %n %s %T@ %l\n' | grep -v "^$PWD \|^$PWD/gate " | sort
  find gate -name '*hand*' ! -name 'account:*' -printf '%p %m %u %i %n %s %T@ %l\n' | sort
  cat victim x 'gate/sender:hand@x'
}
by_hand() {
  mkdir -m 711 gate 'gate/sender:hand-folder@x' && echo victim >victim && echo x >x && echo mine >'gate/sender:hand@x' || return 1
  ln -s ../victim 'gate/sender:hand-link@x' && ln victim 'gate/sender:hand-hard@x' && mkfifo 'gate/sender:hand-fifo@x' || return 1
  ln -s ../victim gate/domain:hand && : >gate/uid:7hand
}
it '10,000 hostile alerts, in any pieces: nothing but its own files is touched' '
  by_hand && hostile >seen.in && [ "$(grep -ac "" seen.in)" -ge 10000 ]
  for k in "hand-link@x" "hand-hard@x" "hand-fifo@x" "hand-folder@x" "hand@x"; do
    printf "@400000006565656500000000 over 9/1h/msg/sender %s count=10 within=1 msg=1 qp=1 uid=1 from=x\n@400000006565656500000001 under 9/1h/msg/sender %s count=9 peak=10 total=10 since=@400000006565656500000000 lasted=0\n" $k $k
  done >>seen.in
  outside >seen.before; [ -s seen.before ] || exit 1
  for size in 1000 65536 7; do head -c 150000 seen.in | dd obs=$size 2>/dev/null | "$hold" -u -r "*" gate 2>seen.err || exit 1; done
  cat seen.in | "$hold" -u -r "*" -p gate >seen.out 2>seen.err || exit 1
  echo compared; outside >seen.after; cmp seen.before seen.after || { diff seen.before seen.after; exit 1; }
  find gate ! -name gate ! -name "*hand*" ! -name "sender:*" ! -name "domain:*" ! -name "uid:[1-9]*" ! -name "account:*" ! -name .held >seen.strange; cat seen.strange; [ ! -s seen.strange ] &&
  n=$(find gate -type f | wc -l); echo "files: $n"; [ "$n" -gt 10 ] && [ -z "$(find gate -name "uid:0*" -o -name "sender:#*" -o -name "sender:")" ]'
it 'and when they all end, no other file is left' '
  by_hand && hostile | "$hold" -u -r "*" gate 2>/dev/null && ls -A gate | grep -v hand | grep -q sender: &&
  echo "@400000006565656500000000 note start rules=1 over=0" | "$hold" -u gate 2>/dev/null && [ "$(ls -A gate | grep -v hand)" = .held ] && [ "$(cat gate/.held)" = "still 0" ]'

done_testing
