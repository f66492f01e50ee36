#!/bin/sh
# The way of the data is the way of the includes: a folder includes only folders after it, and no files include each
# other in a circle. And what no source may call.
layers='hold gate main pipe watch mail rule log count base'

# A folder and those after it in the list above.
reach() {
  found=
  for l in $layers; do
    if [ "$l" = "$1" ]; then found=1; fi
    if [ -n "$found" ]; then printf '%s ' "$l"; fi
  done
}

wrong=
for file in src/*/*.[ch]; do
  dir=${file#src/} dir=${dir%/*}
  for header in $(sed -n 's/^#include "\(.*\)"/\1/p' "$file"); do
    case " $(reach "$dir")" in
    *" ${header%/*} "*) ;;
    *) wrong="$wrong $file:$header" ;;
    esac
  done
done
if [ -z "$wrong" ]; then echo "ok 1 - folders include only what comes after them: $layers"
else echo "not ok 1 - folders include only what comes after them:$wrong"; fi

# A module is a .c with its .h; tsort(1) complains about a circle.
circles=$(for file in src/*/*.[ch]; do
  module=${file#src/} module=${module%.*}
  sed -n 's/^#include "\(.*\)\.h"/\1/p' "$file" | while read -r other; do
    if [ "$module" != "$other" ]; then echo "$module $other"; fi
  done
done | tsort 2>&1 >/dev/null)
if [ -z "$circles" ]; then echo 'ok 2 - no modules include each other in a circle'
else echo "not ok 2 - no modules include each other in a circle: $circles"; fi

# An empty text is not copied by skalibs from 2.14 on: what was there stays. Set the length to 0, and append.
copies=$(grep -nE 'stralloc_copy[a-z]*\(' src/*/*.[ch] | cut -d: -f1,2 | tr '\n' ' ')
if [ -z "$copies" ]; then echo 'ok 3 - nothing is copied by stralloc_copy*, which leaves the old text in the place of an empty one'
else echo "not ok 3 - nothing is copied by stralloc_copy*, which leaves the old text in the place of an empty one: $copies"; fi
echo 1..3
