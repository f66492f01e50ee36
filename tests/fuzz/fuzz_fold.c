/* fuzz_fold.c - a folded sender is never longer, does not depend on case, and is the oracle's.
 *
 * The first line of the input is what -x takes ("-e" alone: no folding), the rest is the sender. */
#include "../oracle/ora.h"
#include "fuzz.h"
#include "mail/fold.h"

/* Folds into a block of exactly the size that the header asks for. */
static span fold(span sender, folding const *how)
{
  span in = fuzz_exact(sender.s, sender.len);
  char *out = fuzz_room(sender.len);
  size_t len = fold_sender(out, in, how);

  PROMISE(len <= sender.len, "a folded sender is never longer");
  fuzz_free(in);
  return (span){out, len};
}

static void upper(char *s, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (s[i] >= 'a' && s[i] <= 'z')
      s[i] = (char)(s[i] - 32);
}

static void check_case(span sender, span folded, folding const *how)
{
  span loud = fuzz_exact(sender.s, sender.len), again;

  upper((char *)(uintptr_t)loud.s, loud.len);
  again = fold(loud, how);
  PROMISE(span_equal(again, folded), "case does not matter");
  for (size_t i = 0; i < folded.len; i++)
    PROMISE(folded.s[i] < 'A' || folded.s[i] > 'Z', "no capital is left");
  fuzz_free(loud);
  fuzz_free(again);
}

static char *lower_string(span s)
{
  char *p = fuzz_room(s.len + 1);

  for (size_t i = 0; i < s.len; i++)
    p[i] = (char)(s.s[i] >= 'A' && s.s[i] <= 'Z' ? s.s[i] + 32 : s.s[i]);
  p[s.len] = 0;
  return p;
}

static void as_the_oracle(span sender, span folded, folding const *how)
{
  ora_pool pool = {0};
  ora_script script = {.exact = how->exact};
  char *chars = lower_string(how->cut);
  ora_str o;

  script.chars = (ora_str){chars, how->cut.len};
  if (setjmp(pool.out))
    abort();
  o = ora_fold(&pool, &script, (ora_str){sender.s, sender.len});
  PROMISE(span_equal(folded, (span){o.p, o.n}), "the oracle folds to the same");
  ora_free(&pool);
  free(chars);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size}, domain, folded;
  folding how = {0, fuzz_until(&in, '\n')};

  if (span_equal(how.cut, span_of("-e")))
    how = (folding){1, {"", 0}};
  folded = fold(in, &how);
  domain = fold_domain(folded);
  PROMISE(fuzz_inside(domain, folded), "the domain lies in the folded sender");
  PROMISE(!domain.len || domain.s[-1] == '@', "after an '@'");
  PROMISE(!domain.len || !memchr(domain.s, '@', domain.len), "the last one");
  if (how.exact)
    PROMISE(span_equal(folded, in), "an exact sender is as it was");
  else
    check_case(in, folded, &how);
  as_the_oracle(in, folded, &how);
  fuzz_free(folded);
  return 0;
}
