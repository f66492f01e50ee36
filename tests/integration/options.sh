#!/bin/sh
# What the options mean, to the last value that they take.

# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/tap.sh
. tests/tap.sh

accepted() { "$ratetap" -n "$@" 10/30m >got 2>err && echo 10/30m/msg/sender | cmp - got && [ ! -s err ]; }

for value in 1048576 1024k 1M 128G 131072M 137438953472; do
  it "-m $value is taken" "accepted -m $value"
done
it '-r 0 is taken' 'accepted -r 0'
it '-r 1000000 is taken' 'accepted -r 1000000'
it '-a takes a descriptor that is open for reading and writing' 'accepted -a 7 7<>both'
it '-a takes 2' 'accepted -a 2'

it 'the rules are read without a standard input, too' 'echo 10/30m >rules && "$ratetap" -n -f rules <&- >got && echo 10/30m/msg/sender | cmp - got'

# A message from each of 30,000 senders, which -m 1M has no room for.
awk 'BEGIN { for (i = 1; i <= 30000; i++)
  printf "@400000006500%04x00000000 info msg %d: bytes 900 from <s%d@example.org> qp %d uid 89\n", i / 100, i, i, i }' >"$tmp/many"
evicted() { "$ratetap" -m "$1" -a 3 5/1d <../many 3>&1 >/dev/null | sed -n 's/.* note full evicted=//p'; }
same_memory() {
  evicted 1M >want && [ -s want ] || return 1
  for value in "$@"; do evicted "$value" | cmp want - || return 1; done
}
it '-m 1M, 1024k and 1048576 are the same memory' 'same_memory 1024k 1048576'
less() {
  evicted 1M | awk '{ n += $1 } END { print n + 0 }' >one
  evicted 2M | awk '{ n += $1 } END { print n + 0 }' >two
  echo "# $(cat one) and $(cat two) evicted" && [ "$(cat two)" -lt "$(cat one)" ]
}
it '-m 2M evicts fewer' less
it '-m 1G evicts none' '[ -z "$(evicted 1G)" ]'
it 'without -m it evicts none' '"$ratetap" -a 3 5/1d <../many 3>got >/dev/null && [ ! -s got ]'

# What after a -- is directive and what program.
runs() {
  printf 'a line\n' | timeout -s KILL 10 "$ratetap" "$@" >got 2>err && printf 'a line\n' | cmp - got && grep -q 'note start rules=1 over=0$' err
}
it 'after a -- the first word that is no directive is the program' 'runs -- 1/1h cat'
it 'without a -- before, a second one is needed' 'runs 1/1h -- cat'
it 'after a -- a second one may stand all the same' 'runs -- -a@x +b@x 1/1h -- cat'
it 'a program may look like a directive after a second --' \
  'mkdir bin && printf "#!/bin/sh\nexec cat\n" >bin/9cat && chmod +x bin/9cat && PATH=$PWD/bin:$PATH && runs -- 1/1h -- 9cat'
it 'options of the program are its own' 'runs 1/1h -- cat -u'
it 'a -- that is the value of an option is no --' \
  'printf "1/1h\n" >-- && "$ratetap" -n -f -- 2/1h >got && printf "1/1h/msg/sender\n2/1h/msg/sender\n" | cmp - got && ! "$ratetap" -n -f -- 1/1h cat 2>/dev/null'

# How senders are folded is said at the start.
starts() { # FIELD OPTION...
  field=$1
  shift
  "$ratetap" "$@" 1/1h -- cat </dev/null 2>alerts && grep -qx "@[0-9a-f]* note start rules=1 over=0${field:+ $field}" alerts || { cat alerts; exit 1; }
}
it 'note start says how senders are folded' 'starts ""; starts fold=exact -e; starts fold=+- -x +-; starts fold=+%25 -x +%+'

# Selections that do nothing.
told() { grep -qxF "ratetap: warning: the selection $1" err; }
# shellcheck disable=SC2034 # the claims use it
late='has no effect: no rule that it bears on follows it'
it 'a selection after the last rule is warned of, once for all' \
  '"$ratetap" -n -- 1/1h -a@x -b@x -c@x >/dev/null 2>err && told "-a@x $late (and 2 more like it)" && [ "$(wc -l <err)" = 1 ]'
it 'a user ID before line rules only, too' '"$ratetap" -n -- 1/1h "-uid 7" 1/1h/line/a >/dev/null 2>err && told "-uid 7 $late"'
it 'a pattern that can match no sender, too' '"$ratetap" -n -- -a%b@x 1/1h >/dev/null 2>err &&
  grep -q "the selection -a%b@x matches no sender" err'
it 'at the start of a run, too' '"$ratetap" -- 1/1h -a@x </dev/null 2>err && told "-a@x $late"'
it 'a blank in a pattern is an error' '! "$ratetap" -n -- "-a b" 1/1h 2>err && grep -q "fatal: a blank in" err'
it 'a final blank of a line rule survives its way through -n and a file' \
  '"$ratetap" -n "1/1h/line/to " >rules && "$ratetap" -n -f rules >again && cmp rules again && grep -qF "to\\ " rules'

done_testing
