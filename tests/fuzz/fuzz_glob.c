/* fuzz_glob.c - a pattern matches what fnmatch(3) says, and is a literal only if it matches just that.
 *
 * The first line of the input is the pattern, the rest the address. */
#include "fuzz.h"
#include "rule/glob.h"
#include <fnmatch.h>

static char *string(span s)
{
  char *p = fuzz_room(s.len + 1);

  if (s.len)
    memcpy(p, s.s, s.len);
  p[s.len] = 0;
  return p;
}

/* What the C library can be asked about, in bounded time; inside brackets POSIX leaves much open. */
static int comparable(span pattern, span address)
{
  size_t stars = 0;

  for (size_t i = 0; i < pattern.len; i++)
    stars += pattern.s[i] == '*';
  return stars < 5 && pattern.len < 64 && address.len < 64 && !memchr(pattern.s, 0, pattern.len) &&
         !memchr(address.s, 0, address.len) && !memchr(pattern.s, '[', pattern.len);
}

static void as_fnmatch(span pattern, span address, int matches)
{
  char *p, *a;

  if (pattern.len && address.len && !comparable(pattern, address))
    return;
  p = string(pattern);
  a = string(address);
  if (pattern.len && address.len)
    PROMISE(matches == !fnmatch(p, a, FNM_CASEFOLD), "as fnmatch(3)");
  free(p);
  free(a);
}

static void check_literal(glob const *g, span pattern, span address, int matches)
{
  char *out = fuzz_room(g->len);

  PROMISE(g->len <= pattern.len, "there are no more steps than bytes");
  if (glob_literal(out, g)) {
    PROMISE(glob_match(g, (span){out, g->len}), "a literal matches its pattern");
    PROMISE(!matches || address.len == g->len, "and nothing of another length does");
  }
  free(out);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size}, part = fuzz_until(&in, '\n');
  span pattern = fuzz_exact(part.s, part.len), address = fuzz_exact(in.s, in.len);
  glob g;
  int matches;

  if (size <= 2000 && glob_compile(&g, pattern)) {
    matches = glob_match(&g, address);
    as_fnmatch(pattern, address, matches);
    check_literal(&g, pattern, address, matches);
    glob_free(&g);
  }
  fuzz_free(pattern);
  fuzz_free(address);
  return 0;
}
