#!/bin/sh
# Runs the tests with a program that counts which lines and branches of src/ they take, in a copy of this tree, and says how
# many, file by file. The lines that nothing reached follow. COVERAGE_CHECK: what to run instead of `make check`.
# A process that is killed cannot say what it did, so what only SIGKILL tests reach is not seen.
set -u
tree=build/coverage
rm -rf "$tree"
mkdir -p "$tree" || exit 111
for f in *; do
  case $f in build | ratetap) ;; *) cp -R "$f" "$tree" ;; esac
done
cd "$tree" || exit 111
unset MAKEFLAGS MAKELEVEL
# What ends by _exit, also in a library, says what it did, too; and by then no call fails any more that is made to fail.
cat >exit.c <<'END'
#include <sys/syscall.h>
#include <unistd.h>
extern void __gcov_dump(void);
extern void spoil_end(void) __attribute__((weak));
__attribute__((destructor)) static void end(void)
{
  if (spoil_end)
    spoil_end();
}
void _exit(int code)
{
  end();
  __gcov_dump();
  for (;;)
    syscall(SYS_exit_group, code);
}
END
cc -D_GNU_SOURCE -c exit.c || exit 111
${COVERAGE_CHECK:-make check} CFLAGS='-O0 -g --coverage' LDLIBS="$PWD/exit.o -lskarnet -lrt" \
  >log 2>&1 || echo "tests fail, see $tree/log"
tail -n 1 log

# Each file's summary as gcov gives it, in one line.
for c in src/*/*.c; do
  o=build/${c#src/}
  gcov -b -n -o "${o%.c}.o" "$c" 2>/dev/null
done | awk -F "[':% ]+" '
  /^File / { file = $2; wanted = file ~ /^src.*\.c$/ }
  /^$|^Calls executed|^No calls/ { wanted = 0 } # what follows is about all files
  wanted && /^Lines executed/ { taken[file] = $3; lines[file] = $5; order[++k] = file }
  wanted && /^Taken at least once/ { went[file] = $5; ways[file] = $7 }
  wanted && /^No branches/ { went[file] = 100; ways[file] = 0 }
  END {
    printf "%-24s %6s %7s %9s %7s\n", "file", "lines", "taken", "branches", "taken"
    for (i = 1; i <= k; i++) {
      f = order[i]
      printf "%-24s %6d %6.1f%% %9d %6.1f%%\n", f, lines[f], taken[f], ways[f], went[f]
      l += lines[f]; t += lines[f] * taken[f]; w += ways[f]; g += ways[f] * went[f]
    }
    if (k) printf "%-24s %6d %6.1f%% %9d %6.1f%%\n", "all", l, t / l, w, g / w
  }'
echo
echo 'not reached:'
for c in src/*/*.c; do
  o=build/${c#src/}
  gcov -t -o "${o%.c}.o" "$c" 2>/dev/null | awk -v file="$c" '
    /^ *-: *0:Source:/ { sub(/.*Source:/, ""); wanted = $0 == file }
    wanted && /^ *#####:/ { sub(/^ *#####: */, ""); print file ":" $0 }'
done
