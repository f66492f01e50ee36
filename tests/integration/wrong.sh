#!/bin/sh
# Tests that a wrong command line or rules file is refused with the right words and exit code, and that nothing has
# begun by then: no byte of standard input is taken, none is written to standard output, no program starts. TAP.
# Run from the top folder. The tables are tests/hostile/wrong-lines and wrong-files.
# shellcheck disable=SC1091,SC2154,SC2317,SC2034,SC2016 # tap.sh sets and calls these; it evaluates the claims
. tests/tap.sh
nl='
'
export nl

seq 1 1000 >"$tmp/in"

# Runs with the arguments $3, which are shell text, and compares exit code $1 and message $2.
refused() {
  code=$1 message=$2
  eval "set -- $3"
  {
    timeout -s KILL 10 "$ratetap" "$@" 2>err >out 8</dev/null 9>&-
    echo $? >code
    cat >rest
  } <"$tmp/in"
  case $message in
  usage) grep -q '^ratetap: usage: ratetap ' err || { cat err; return 1; } ;;
  *) echo "ratetap: fatal: $message" | cmp - err || { cat err; return 1; } ;;
  esac
  [ "$(cat code)" = "$code" ] || { echo "exit code $(cat code)"; return 1; }
  [ ! -s out ] && [ ! -e started ] && cmp "$tmp/in" rest
}

refused_file() {
  printf '%b' "$3" >rules
  refused "$1" "$2" '-f rules'
}

while IFS='~' read -r claim code args message; do
  case $claim in '#'*) continue ;; esac
  it "$claim" 'refused "$code" "$message" "$args"'
done <tests/hostile/wrong-lines
while IFS='~' read -r claim code text message; do
  case $claim in '#'*) continue ;; esac
  it "$claim" 'refused_file "$code" "$message" "$text"'
done <tests/hostile/wrong-files
done_testing
