#!/bin/sh
# The recipes for other programs' logs (examples/accounts, doc/accounts.md) and the forgeries that examples/rules must find.
# TAP. Run from the top folder; it uses ./ratetap.
# shellcheck disable=SC2317 # functions are called from the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
ex=$top/examples
of=$ex/accounts
PATH=$top:$ex:$PATH
export PATH

# told FORMAT N: the alerts that the N-th rule of a recipe gives on its log, without labels.
told() {
  rule=$(grep -n '^[0-9]' "$of/$1.rules" | sed -n "$2"p | cut -d: -f1)
  sed "$rule!{/^[0-9]/d;}" "$of/$1.rules" >rules && ratetap -f rules <"$of/$1.log" 2>&1 >/dev/null
}
overs() { sed -n 's/^[^ ]* over [^ ]* //; s/ within=[0-9]*//p'; }
when() { tai64nlocal | awk '$3 == "over" { print substr($2, 1, 8) }'; }

it 'the sample logs are what their maker writes' 'awk -f $of/make && for log in *.log; do cmp $log $of/$log || exit 1; done'
it 'there are rules for each log' 'ls $of/*.log $of/*.rules | sed "s/\.[a-z]*\$//" | sort | uniq -u | wc -l | grep -qx 0'
it 'a refused or forged line names bob in every log' \
  'for log in $of/*.log; do [ "$(grep -c "bob@example.org" $log)" -ge 36 ] || [ ${log##*/} = sagredo.log ] || exit 1; done'

for log in "$of"/*.log; do
  name=$(basename "$log" .log)
  it "$name: the account that sent eleven messages in half an hour is named, and nobody else" \
    '[ "$(told $name 1 | overs)" = "tina@example.org count=11" ]'
  it "$name: at its eleventh message" '[ "$(told $name 1 | when)" = 09:25:06 ]'
done
for name in qlog vchkpw chkuser plesk dovecot; do
  it "$name: the account with a fourth client address is named, and nobody else" \
    '[ "$(told $name 2 | overs)" = "tina@example.org count=4 word=203.0.113.101" ]'
  it "$name: within two minutes" '[ "$(told $name 2 | when)" = 09:21:36 ]'
done
for name in spamdyke sqmail simscan postfix exim; do
  it "$name: the address with a fourth account is named, and nobody else" \
    '[ "$(told $name 2 | overs)" = "203.0.113.100 count=4 word=user4@example.org" ]'
done
it "sagredo: there is one rule, for all types of login" '[ "$(grep -c "^[0-9]" $of/sagredo.rules)" = 1 ]'

# ---- examples/rules: what would I send to stay unseen?
forged() { awk -v how="$1" -f "$top/tests/hostile/forge.awk"; }
found() { forged "$1" | ratetap -f "$ex/rules" 2>&1 >/dev/null | grep -q "$2"; }
it 'examples/rules finds random users of the own domain' 'found own " over 500:250/10m/remote/domain example.org "'
it 'examples/rules finds the null sender' 'found null " over 100:50/10m/remote/all "'
it 'examples/rules finds <@[]>, which is the null sender, too' 'found verp " over 100:50/10m/remote/all "'
it "examples/rules finds a sender that folds to a list's name" 'found list " over 1000:500/30m/remote/sender news-return@lists.example.org "'
it 'examples/rules is silent on the same morning without a thief' '[ -z "$(make-breach honest | ratetap -f $ex/rules 2>&1 >/dev/null)" ]'

done_testing
