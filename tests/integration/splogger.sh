#!/bin/sh
# Tests lines that splogger has cut: senders of all lengths around its buffer, on two hosts that use the same
# numbers at the same time. TAP. Run from the top folder.
# shellcheck disable=SC2154,SC2317 # tap.sh sets and calls these
# shellcheck source=tests/tap.sh
. tests/tap.sh
stay=1 # the tests share their files
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O1 -o "$tmp/splog" tests/hostile/splog.c || exit 111
cd "$tmp" || exit 111

# messages FROM TO STEP: one from a sender of each of these lengths, to two recipients.
messages() {
  awk -v from="$1" -v to="$2" -v step="$3" '
    function say(text) { printf "%d.%06d %s\n", 1700000000 + int(n / 1000), n % 1000 * 1000, text; n++ }
    BEGIN {
      while (length(a) < to)
        a = a "abcdefghi."
      for (len = from; len <= to; len += step) {
        m++
        say("new msg " m)
        say("info msg " m ": bytes 900 from <" substr(a, 1, len - 12) "@example.org> qp " m " uid 7")
        say("starting delivery " 2 * m - 1 ": msg " m " to remote ann@example.net")
        say("status: local 0/10 remote 1/20")
        say("starting delivery " 2 * m ": msg " m " to remote bob@example.net")
        say("delivery " 2 * m - 1 ": failure: " substr(a a, 1, len * 2))
        say("delivery " 2 * m ": success: 192.0.2.1_accepted_message.")
        say("end msg " m)
      }
    }'
}

# cut RULE...: the alerts of the log, cut and whole, on two hosts; both must be the same, and not none.
cut() {
  "$tmp/splog" mx1 mx2 <log >parts && "$tmp/splog" -w mx1 mx2 <log >whole || return 1
  [ "$(grep -c '[0-9]+' parts)" -gt 20 ] || return 1
  "$ratetap" -a 3 "$@" <parts 3>alerts >out && "$ratetap" -a 3 "$@" <whole 3>expected >/dev/null || return 1
  [ -s expected ] && cmp expected alerts && cmp parts out
}
overs() { [ "$(grep -c ' over ' alerts)" -eq "$1" ] || { cut -c 1-300 alerts | head -n 20 && return 1; }; }

messages 700 920 1 >log
senders=221
it 'each sender is found by sender, for each of its four recipients' \
  "cut 3/1h/remote && overs $senders && ! cut 4/1h/remote"
it 'all of them are found by their user ID'    "cut $((senders * 4 - 1))/1h/remote/uid && overs 1"
it 'and in all'                                "cut $((senders * 2 - 1))/1h/msg/all && overs 1"
it 'and by messages'                           "cut 1/1h && overs $senders"
it 'failures that are cut count once'          "cut $((senders * 2 - 1))/1h/fail/all && overs 1"
it 'bytes are those of the line'               "cut $((senders * 1800 - 1))/1h/byte/all && overs 1"
it 'different recipients and domains are found' 'cut 1/1h/to && cut 0/1h/host && overs 221'
it 'a line rule finds words after the cut'    "cut $((senders * 2 - 1))/1h/line/'uid ' && overs 1"
it 'a line rule counts a line once, wherever it is cut' "cut $((senders * 2 - 1))/1h/line/'info msg {}*from' 1/1h/line/'new msg {}'"
it 'nothing is unknown, and nothing odd'       '"$ratetap" -a 3 -r 0 1/1h/remote <parts 3>alerts >out && grep -q " odd=0 unknown=0 .* messages=0 " alerts'

messages 1600 65000 7919 >log
it 'senders of up to 65,000 bytes, in up to 82 parts' 'cut 3/1h/remote && overs 9'
messages 65400 65600 199 >log
it 'no further than what is examined'          "\"\$tmp/splog\" mx1 <log >parts && \"\$ratetap\" -a 3 -r 0 0/1h <parts 3>alerts >out && cmp parts out && overs 1"

messages 800 900 50 >log
"$tmp/splog" mx1 mx2 <log >parts
it 'parts of no line are no event'             'grep "[0-9]+" parts >rests && [ -s rests ] && "$ratetap" -a 3 -r 0 0/1h 0/1h/line/uid <rests 3>alerts >out && grep -q " events=0 odd=0 " alerts && ! grep " over " alerts'
it 'firsts without their rest are no event'    'grep -v "[0-9]+" parts >firsts && "$ratetap" -a 3 -r 0 0/1h <firsts 3>alerts >out && grep -q " events=0 odd=6 " alerts'
it 'a rest belongs to its host'                'sed "/+/{s/ mx1 / mx3 /;s/ mx2 / mx1 /;s/ mx3 / mx2 /;}" parts | "$ratetap" -a 3 -r 0 0/1h 3>alerts >out && grep -q " events=6 " alerts'
it 'a rest after another number is none'      'sed "s/\([0-9]\)+/\11+/;s/\.[0-9]*1+/.000000+/" parts | "$ratetap" -a 3 -r 0 0/1h 3>alerts >out && grep -q " events=0 " alerts'
it 'blanks at the end of each part do not count, but for one' \
  "messages 700 920 1 >log && cut 3/1h/remote && sed 's/\$/	/' parts | \"\$ratetap\" -a 3 3/1h/remote 3>again >out && cmp alerts again && sed 's/\$/\r/' parts | \"\$ratetap\" -a 3 3/1h/remote 3>again >out && cmp alerts again"
done_testing
