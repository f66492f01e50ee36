#!/bin/sh
# Runs the documents: what is printed there is what happens. TAP. Run from the top folder; it uses ./ratetap.
#
# In README.md and doc/*.md a fenced block is one of
#   sh    commands; they are run as printed, in a folder that looks like the top folder, and must succeed
#   out   what the commands of the block before it write to standard output, exactly
#   text  not run: it needs root, a live qmail or another host, or it is no command at all
# In the man pages, doc/*.[1-9], a display with lines that begin with "$ " is a session: commands, lines of theirs that go on
# (four blanks in front), and what they write.
# "make check", "make bench" and the like are only looked up, since they run this test or run for long.
# shellcheck disable=SC2016,SC2317 # functions are called from the text that "it" evaluates
# shellcheck source=tests/tap.sh
. tests/tap.sh
stay=1

mkdir "$tmp/bin"
cat >"$tmp/bin/make" <<END
#!/bin/sh
case \$1 in
  check | soak | bench | fuzz | lint | coverage | mutants | platforms) exec $(command -v make) -n "\$@" >/dev/null ;;
esac
exec $(command -v make) "\$@"
END
chmod +x "$tmp/bin/make"
PATH=$tmp/bin:$top:$top/examples:$PATH
export PATH

# A folder in which a document's commands can write without leaving anything behind.
playground() {
  mkdir "$1" && ln -s "$top"/* "$1"
}

# blocks FILE DIR: each fenced block into DIR/LINE.KIND, and DIR/list of their names in order.
blocks() {
  mkdir "$2" && : >"$2/list" || return 1
  dir=$2 awk '
    /^```/ && !open {
      kind = substr($0, 4)
      name = sprintf("%s/%04d.%s", ENVIRON["dir"], NR, kind == "" ? "none" : kind)
      print name >(ENVIRON["dir"] "/list")
      printf "" >name
      open = 1
      next
    }
    /^```/ { open = 0; close(name); next }
    open { print >name }
    !open && /^(    |\t)/ && before == "" { print NR ": " $0 >(ENVIRON["dir"] "/indented") }
    { before = $0 }
    END { exit open }' "$1"
}

run_block() { (cd "$1" && timeout -s KILL 300 sh -e "$2" >"$tmp/out" </dev/null); }

all_kinds_are_known() {
  [ ! -e "$1/indented" ] || { cat "$1/indented"; return 1; }
  ! grep -v -e '\.sh$' -e '\.out$' -e '\.text$' "$1/list"
}

# Are all files there that stdin names?
absent() {
  missing=0
  while read -r file; do
    [ -e "$file" ] || { echo "$file is not there"; missing=1; }
  done
  return "$missing"
}

# A heading's anchor, as the usual renderers of Markdown make it.
anchors() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 -]//g; s/ /-/g'
}
links_lead_somewhere() {
  (cd "$(dirname "$1")" || exit 1
  grep -o '](.[^)]*)' "$(basename "$1")" | sed 's/^](//; s/)$//' | grep -v '^https\{0,1\}:' >"$tmp/links"
  sed 's/#.*//' "$tmp/links" | grep . | absent || exit 1
  sed -n "s/^#/$(basename "$1")#/; s/#/ /p" "$tmp/links" | while read -r file anchor; do
    anchors "$file" | grep -qx -e "$anchor" || { echo "$file has no heading for #$anchor"; exit 1; }
  done)
}

# The places that doc/alert.md asks for in its first block.
places() {
  mkdir "$1/main" && cp examples/breach.log "$1/main/current"
  cp examples/rules "$1/ratetap.rules"
  who=tina@example.org log=main gate=gate rules=ratetap.rules
  export who log gate rules
}

for doc in README.md doc/*.md; do
  name=$(basename "$doc" .md)
  it "$doc: each block is sh, out or text, and none is merely indented" \
    'blocks $doc $tmp/$name && all_kinds_are_known $tmp/$name'
  it "$doc: links lead to files and headings that are there" 'links_lead_somewhere $doc'
  playground "$tmp/$name.top"
  [ "$name" != alert ] || places "$tmp/$name.top"
  [ -e "$tmp/$name/list" ] || continue # with ONLY
  while read -r block; do
    at=${block##*/}
    at=$(echo "${at%.*}" | sed 's/^0*//')
    case $block in
      *.sh) it "$doc:$at: the commands run as printed" 'run_block $tmp/$name.top $block' ;;
      *.out) it "$doc:$at: and write what is printed" 'diff $block $tmp/out' ;;
    esac
  done <"$tmp/$name/list"
done

it 'doc/alert.md: who was exempted is not any more, and nothing else has changed' 'cmp examples/rules $tmp/alert.top/ratetap.rules'

# ---- all documents
targets_exist() {
  grep -ohE '(`|^)make [a-z]+' README.md doc/*.md doc/*.[1-9] | sed 's/.*make //' | sort -u >"$tmp/targets"
  grep -q check "$tmp/targets" || return 1
  while read -r target; do
    make -n "$target" >/dev/null || return 1
  done <"$tmp/targets"
}
files_exist() {
  sed 's,/usr/local/share/ratetap/,,g' README.md doc/*.md doc/*.[1-9] |
    grep -oh '\(examples\|tests\|src\|doc\)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]' | grep -vx 'doc/ratetap' | sort -u | absent
}
rules_are_rules() {
  grep -ohE '[0-9]+[kMG]?(:[0-9]+[kMG]?)?/[0-9]+[smhdw]?/(line/[^`|'"'"']+|[a-z]+(/[a-z]+)?)' README.md doc/*.md | sort -u >"$tmp/rules"
  [ -s "$tmp/rules" ] && ratetap -n -f "$tmp/rules"
}
it 'every rule that is printed is one' rules_are_rules
it 'every make target that is named exists' targets_exist
it 'every file of the project that is named exists' files_exist

# ---- README
it 'README.md is no longer than two screens' '[ "$(wc -l <README.md)" -le 64 ]'
it 'every rule in README.md has its COUNT written out' \
  '! grep -oE "[0-9]+[kMG]?(:[0-9]+[kMG]?)?/[0-9]+[smhdw]([^/]|$)" README.md'

# ---- the man pages
pages=$(cd doc && ls ./*.[1-9] | sed 's,^\./,,')
# mandoc knows only installed pages; which are there is asked below.
lint() { ! mandoc -T lint doc/*.[1-9] 2>&1 | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db'; }
if command -v mandoc >/dev/null; then
  it 'mandoc has nothing to say about the man pages' lint
else
  skip 'mandoc has nothing to say about the man pages' 'mandoc is not installed'
fi
# Each page ends with all the others, and names none of the package that is not there.
see_also() {
  for page in $pages; do
    sed -n '/^\.Sh SEE ALSO/,/^\.Sh [^S]/p' "doc/$page" >"$tmp/see"
    for other in $pages; do
      [ "$page" = "$other" ] || grep -q "^\.Xr ${other%.*} ${other##*.}\( ,\)*\$" "$tmp/see" ||
        { echo "$page does not name $other"; return 1; }
    done
    sed -n 's/^\.Xr \(ratetap[^ ]*\|queue-of\) \([0-9]\).*/\1.\2/p' "doc/$page" | sed 's,^,doc/,' | absent || return 1
  done
}
it 'SEE ALSO of each page has all the others' see_also

# session PAGE: its commands, and what it prints of their output, into $tmp/session and $tmp/session.out.
session() {
  rm -f "$tmp/session" "$tmp/session.out"
  to=$tmp/session awk '
    /^\.Bd/ { inside = 1; shown = 0; next }
    /^\.Ed/ { inside = 0; next }
    !inside { next }
    { gsub(/\\e/, "\\"); sub(/^\\&/, "") }
    sub(/^\$ /, "") { shown = 1; command = 1; print >ENVIRON["to"]; next }
    shown && command && /^    / { print >ENVIRON["to"]; next }
    shown { command = 0; print >(ENVIRON["to"] ".out") }' "doc/$1"
}
first_display_is_a_session() {
  awk '/^\.Bd/ { getline; exit !/^\$ / }' "doc/$1" && session "$1" && [ -s "$tmp/session" ] && [ -s "$tmp/session.out" ]
}
for page in $pages; do
  it "doc/$page begins with an example and its output" 'first_display_is_a_session $page'
  playground "$tmp/$page.top"
  it "doc/$page: the commands write what is printed" \
    'session $page && run_block $tmp/$page.top $tmp/session && diff $tmp/session.out $tmp/out'
done

# A usage line has the options of the page, and the page those of the usage line. The last argument: what is only taken.
options_of_usage() { sed 's/^/ /' | grep -o '[[ ]-[A-Za-z]\>' | cut -c3 | sort -u; }
options_of_man() { sed -n 's/^\.It Fl //p' "doc/$1" | sed 's/ , Fl /\n/g' | cut -c1 | sort -u; }
options_agree() { # PAGE IGNORED, the usage line in $tmp/usage
  options_of_usage <"$tmp/usage" | grep -v "[$2]" >"$tmp/usage.options"
  options_of_man "$1" | grep -v "[$2]" | diff "$tmp/usage.options" -
}
usage_of() { "$@" 2>&1 </dev/null >/dev/null | grep usage: >"$tmp/usage"; }
man=doc/ratetap.8
it 'ratetap(8) and the usage line have the same options' 'ratetap -h >$tmp/usage && options_agree ratetap.8 hV'
it 'both have -h and -V' 'grep -q "^.It Fl h" $man && grep -q "^.It Fl V" $man && ratetap -h && ratetap -V'
it 'ratetap-hold(8) and its usage line' 'usage_of ratetap-hold; options_agree ratetap-hold.8 k'
it 'ratetap-gate(8) and its usage line' 'usage_of ratetap-gate; options_agree ratetap-gate.8 ex'
it 'queue-of(8) and its usage line' 'usage_of queue-of; options_agree queue-of.8 .'

# Each item of DIAGNOSTICS in its literal pieces: the sources have each of them.
said_by_the_sources() { cat src/*/*.c | tr -d '\n' | sed 's/" *"//g'; }
diagnoses() {
  said_by_the_sources >"$tmp/sources"
  for page in ratetap ratetap-hold ratetap-gate; do
    sed -n '/^\.Sh DIAGNOSTICS/,/^\.Sh S/p' "doc/$page.8" | sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' | grep '^\.It' |
      grep -o '"[^"]*"' | sed 's/^"//; s/"$//; s/^unable to *//' | grep '[a-z]' >"$tmp/pieces"
    while read -r piece; do
      grep -qF -e "$piece" "$tmp/sources" || { echo "$page.8: no source says: $piece"; return 1; }
    done <"$tmp/pieces"
  done
  [ -s "$tmp/pieces" ]
}
it 'DIAGNOSTICS has the words of the programs' diagnoses

# The commands of the man page's examples, one a line. Comments, exec and the pipe around ratetap go.
man_commands() {
  sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/p' "$man" | awk '
    /^\.Bd/ { inside = 1; next }
    /^\.Ed/ { inside = 0; next }
    inside { gsub(/\\e$/, "\\"); print }' | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}' |
    sed -e 's/.*\(ratetap .*\)/\1/' -e 's/ 2>&1.*//' -e 's/ -- multilog .*//' | grep '^ratetap '
}
# Each rule as printed is how a line of -n begins, and nothing that was printed is missing there.
canonical_forms_agree() {
  man_commands >"$tmp/commands"
  [ "$(wc -l <"$tmp/commands")" -ge 8 ] || return 1
  while read -r line; do
    case $line in *' -t '*) eval "$line" || return 1 ;; esac
    (eval "ratetap -n ${line#ratetap }" 3>/dev/null) >"$tmp/canonical" || return 1
    eval "printf '%s\n' ${line#ratetap }" | grep -E '^[0-9]+[^ ]*/[0-9]+[smhdw]' >"$tmp/printed"
    while read -r rule; do
      awk -v rule="$rule" 'index($0 "/", rule "/") == 1 || index($0, rule) == 1 { found = 1 } END { exit !found }' \
        "$tmp/canonical" || { echo "$rule is something else in: $line"; return 1; }
    done <"$tmp/printed"
    case $line in *' -f '*) continue ;; esac
    [ "$(grep -c '^[0-9]' "$tmp/canonical")" -eq "$(wc -l <"$tmp/printed")" ] || return 1
  done <"$tmp/commands"
}
it 'the rules in the man page are what ratetap -n makes of them' canonical_forms_agree
it 'what -n prints of the first example' \
  '[ "$(ratetap -n 100:50/1h/remote 500/1d/remote | tr "\n" ,)" = 100:50/1h/remote/sender,500/1d/remote/sender, ]'

# What stdin, the exit code and the message must be for what the man page says of mistakes.
code() { want=$1; shift; "$@" </dev/null 2>"$tmp/code" >"$tmp/code.out"; got=$?; cat "$tmp/code"; [ "$got" -eq "$want" ]; }
it 'exit 100: the command line or the rules are wrong' 'code 100 ratetap && code 100 ratetap 10/30x &&
  code 100 ratetap -e -x + 10/30m && code 100 ratetap -m 1000k 10/30m && code 100 ratetap -a 1 10/30m'
it 'exit 111: a system call fails at the start' 'code 111 ratetap -f /nonexistent && code 111 ratetap 1/1h -- /nonexistent'
it 'exit 0 at the end of input, else that of the program' 'code 0 ratetap 1/1h && code 7 ratetap 1/1h -- sh -c "exit 7" &&
  code 137 ratetap 1/1h -- sh -c "kill -9 \$\$"'
it 'suffixes of -m are binary, from 1M to 128G' 'code 0 ratetap -n -m 1048576 1/1h && code 100 ratetap -n -m 1048575 1/1h &&
  code 0 ratetap -n -m 1024k 1/1h && code 0 ratetap -n -m 128G 1/1h && code 100 ratetap -n -m 129G 1/1h'

done_testing
