/* gen_script.c - a random command line that the logs of gen trip often. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static char const *one_of(gen *g, char const *const *list, size_t n)
{
  return list[gen_below(g, n)];
}

#define ONE_OF(g, list) one_of(g, list, sizeof(list) / sizeof *(list))

static gen_text text; /* the directive that is being made */

static void selection(gen *g)
{
  static char const *const patterns[] = {"*",
                                         "*@example.org",
                                         "mallory@example.org",
                                         "ANN@example.org",
                                         "*@*.example.org",
                                         "?*@example.[no]*",
                                         "list-return@lists.example.org",
                                         "*-return*",
                                         "srs@*",
                                         "#@*",
                                         "root",
                                         "*[!a-z]*",
                                         "[A-M]*",
                                         "eve\\.1@example.net",
                                         "*@long.example.org",
                                         "success",
                                         "*example.*",
                                         "[0-9]*",
                                         "(unknown)",
                                         "remote",
                                         "news-bounces@*",
                                         "*\303*",
                                         "\320\260*"};
  static char const *const uids[] = {
      "0", "89", "1001", "1001", "0001002", "4294967294", "18446744073709551615"};

  char sign = gen_in(g, 3) ? '+' : '-';

  if (gen_in(g, 3))
    gen_add(&text, "%cuid %s", sign, ONE_OF(g, uids));
  else
    gen_add(&text, "%c%s", sign, ONE_OF(g, patterns));
}

static void limit(gen *g, int bytes)
{
  uint64_t n = gen_in(g, 8) ? 0 : gen_below(g, gen_in(g, 5) ? 60 : 5);

  if (bytes && !gen_in(g, 4)) {
    gen_add(&text, "%lluk", (unsigned long long)n);
    if (gen_in(g, 3))
      gen_add(&text, ":%llu", (unsigned long long)gen_below(g, n * 1000 + 1));
    return;
  }
  gen_add(&text, "%llu", (unsigned long long)n);
  if (gen_in(g, 3))
    gen_add(&text, ":%llu", (unsigned long long)gen_below(g, n + 1));
}

/* PATTERNs of line rules, with one word or two. */
static char const *const words[] = {" to ",
                                    "to ",
                                    "*Remote_host_said:_",
                                    "authuser=",
                                    "*authuser=",
                                    " authuser=\"",
                                    "from <",
                                    " qp ",
                                    "uid ",
                                    "delivery",
                                    "*x",
                                    "@",
                                    "*@{}>",
                                    "msg/",
                                    "*: ",
                                    "%",
                                    "status: local ",
                                    "{}",
                                    "*{}*",
                                    "{}:",
                                    "{} msg",
                                    "* {} ",
                                    "info msg*from <*@{}> *uid {}",
                                    "info msg {}:*<{}>",
                                    "delivery *: {}: *",
                                    "delivery *: deferral: {}_*said:_{}_",
                                    "to remote *@{}",
                                    "to {} *@{}",
                                    "{}*@{}",
                                    "*s*s{}",
                                    "* *e{}e",
                                    "login success {}:",
                                    "login success {}:{}",
                                    "auth: {}*origin_ip: {}",
                                    "authuser={}*host={}",
                                    "user=<{}>*rip={},",
                                    "\\*{}",
                                    "a\\nn{}",
                                    "*\\@{}",
                                    "helo=authuser={}*ip={}.",
                                    "*<{}@{}>",
                                    "mail() on [{}:",
                                    "mail() on [*{}.php*user@{}",
                                    "to\\ ",
                                    "*to\\\\ ",
                                    "\320{}@",
                                    "'{}"};

static void rule(gen *g)
{
  static char const *const periods[] = {"1",  "1s",  "5s", "10s", "30s", "60", "1m", "1m",  "90s",
                                        "2m", "10m", "1h", "60m", "3h",  "1d", "1w", "400d"};
  static char const *const counts[] = {"msg", "remote", "rcpt", "byte", "fail", "defer", "bounce",
                                       "to",  "host",   "from", "line", "line", "line"};
  static char const *const keys[] = {"", "/sender", "/domain", "/uid", "/all"};
  char const *count = ONE_OF(g, counts);
  int bare = gen_in(g, 8);

  limit(g, !bare && !strcmp(count, "byte"));
  gen_add(&text, "/%s", ONE_OF(g, periods));
  if (!bare)
    gen_add(&text, "/%s", count);
  if (!bare && !strcmp(count, "line"))
    gen_add(&text, "/%s",
            gen_in(g, 2) ? ONE_OF(g, words) : one_of(g, words + 22, sizeof words / sizeof *words - 22));
  else if (!bare && !strcmp(count, "from"))
    gen_add(&text, "%s", keys[2 + gen_below(g, 3)]);
  else if (!bare)
    gen_add(&text, "%s", ONE_OF(g, keys));
}

/* Writes the directive.  In a file blanks and CRs around it do not count, so its own space at the end gets a
 * backslash. */
static void finish(gen *noise)
{
  static char const *const before[] = {"", "", " ", "\t  ", "# 5/1h\n", "\n", " \r\n"};
  static char const *const after[] = {"", "", "\r", " ", "  \t\r", "\t"};
  size_t slashes = 0;

  if (noise) {
    while (slashes + 1 < text.n && text.s[text.n - 2 - slashes] == '\\')
      slashes++;
    if (text.n && text.s[text.n - 1] == ' ' && slashes % 2 == 0) {
      text.s[text.n - 1] = '\\';
      gen_add(&text, " ");
    }
    printf("%s%s%s\n", ONE_OF(noise, before), text.s, ONE_OF(noise, after));
  } else {
    puts(text.s);
  }
  text.n = 0;
  *text.s = 0;
}

static void options(gen *g, int as_file)
{
  static char const *const chars[] = {"+", "+.", "+.-", "=", "_", "-", "%"};
  char const *cut = 0;
  int exact = gen_in(g, 4);

  if (!exact && gen_in(g, 3))
    cut = ONE_OF(g, chars);
  if (as_file)
    return;
  if (exact)
    puts("-e");
  if (cut)
    printf("-x\n%s\n", cut);
  puts("--");
}

void gen_script(gen *g, int as_file)
{
  static gen noise;
  unsigned rules = 1 + (unsigned)gen_below(g, gen_in(g, 2) ? 12 : 4);

  noise.random = g->random;
  options(g, as_file);
  for (unsigned i = 0; i < rules; i++) {
    for (uint64_t n = gen_in(g, 2) ? gen_below(g, 4) : 0; n; n--) {
      selection(g);
      finish(as_file ? &noise : 0);
    }
    rule(g);
    finish(as_file ? &noise : 0);
  }
  if (gen_in(g, 5)) {
    selection(g);
    finish(as_file ? &noise : 0);
  }
}
