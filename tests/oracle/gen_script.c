/* gen_script.c - a random command line that the logs of gen trip often. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static char const *one_of(gen *g, char const *const *list, size_t n)
{
  return list[gen_below(g, n)];
}

#define ONE_OF(g, list) one_of(g, list, sizeof(list) / sizeof *(list))

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
                                         "remote"};

  printf("%c%s\n", gen_in(g, 3) ? '+' : '-', ONE_OF(g, patterns));
}

static void limit(gen *g, int bytes)
{
  uint64_t n = gen_in(g, 8) ? 0 : gen_below(g, gen_in(g, 5) ? 60 : 5);

  if (bytes && !gen_in(g, 4)) {
    printf("%lluk", (unsigned long long)n);
    if (gen_in(g, 3))
      printf(":%llu", (unsigned long long)gen_below(g, n * 1000 + 1));
    return;
  }
  printf("%llu", (unsigned long long)n);
  if (gen_in(g, 3))
    printf(":%llu", (unsigned long long)gen_below(g, n + 1));
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
  printf("/%s", ONE_OF(g, periods));
  if (!bare)
    printf("/%s", count);
  if (!bare && !strcmp(count, "line"))
    printf("/%s", gen_in(g, 2) ? ONE_OF(g, words) : one_of(g, words + 22, sizeof words / sizeof *words - 22));
  else if (!bare && !strcmp(count, "from"))
    fputs(keys[2 + gen_below(g, 3)], stdout);
  else if (!bare)
    fputs(ONE_OF(g, keys), stdout);
  putchar('\n');
}

void gen_script(gen *g)
{
  static char const *const chars[] = {"+", "+.", "+.-", "=", "N", "-"};
  unsigned rules = 1 + (unsigned)gen_below(g, gen_in(g, 2) ? 12 : 4);

  if (gen_in(g, 4))
    puts("-e");
  else if (gen_in(g, 3))
    printf("-x\n%s\n", ONE_OF(g, chars));
  puts("--");
  for (unsigned i = 0; i < rules; i++) {
    for (uint64_t n = gen_in(g, 2) ? gen_below(g, 4) : 0; n; n--)
      selection(g);
    rule(g);
  }
  if (gen_in(g, 5))
    selection(g);
}
