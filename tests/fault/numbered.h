/* numbered.h - the log that the fault tests send: line i is made from i alone.
 *
 * So neither the writer nor the reader stores it, and the reader can tell a lost line from a doubled one. The
 * lines are a qmail log that counts, four lines a message. Indices start at 0; every line ends with a
 * newline.
 *
 * kinds: 'q'  lines up to 800 bytes
 *        'l'  the same with a line of 9,000 bytes now and then, longer than a page
 *        'a'  stamped, 20 lines a message, a new sender every millisecond of log time
 *        's'  a new sender every line, and every 500th line from thief@example.org */

#ifndef NUMBERED_H
#define NUMBERED_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { NUMBERED_MAX = 10240 };

static inline size_t numbered_qmail(char *s, uint64_t i, int with_long)
{
  uint64_t const g = i / 4;
  size_t const pad = with_long && g % 97 == 5 ? 9000 : g % 64 == 9 ? 700 : (size_t)(g * 7919 % 180);
  int n = 0;

  switch (i % 4) {
  case 0:
    n = sprintf(s, "info msg %" PRIu64 ": bytes %u from <user%u@example.org> qp %" PRIu64 " uid 89\n", g,
                (unsigned)(g % 9000) + 300, (unsigned)(g % 977), g);
    break;
  case 1:
    n = sprintf(s, "starting delivery %" PRIu64 ": msg %" PRIu64 " to remote r@example.net\n", g, g);
    break;
  case 2:
    n = sprintf(s, "delivery %" PRIu64 ": success: ", g);
    memset(s + n, 'x', pad);
    s[(size_t)n + pad] = '\n';
    return (size_t)n + pad + 1;
  default: n = sprintf(s, "end msg %" PRIu64 "\n", g);
  }
  return (size_t)n;
}

static inline size_t numbered_stamped(char *s, uint64_t i)
{
  uint64_t const g = i / 20;
  int const n = sprintf(s, "@%016" PRIx64 "%08x ", UINT64_C(0x4000000057000000) + g / 1000,
                        (unsigned)(g % 1000) * 1000000U);

  if (i % 20 == 0)
    return (size_t)(n + sprintf(s + n, "new msg %" PRIu64 "\n", g));
  if (i % 20 == 1)
    return (size_t)(n + sprintf(s + n,
                                "info msg %" PRIu64 ": bytes 900 from <u%" PRIu64 "@example.org> qp %" PRIu64
                                " uid 89\n",
                                g, g, g));
  if (i % 20 == 19)
    return (size_t)(n + sprintf(s + n, "end msg %" PRIu64 "\n", g));
  return (size_t)(n + sprintf(s + n, "status: local 0/10 remote %u/20\n", (unsigned)(i % 20)));
}

static inline size_t numbered_senders(char *s, uint64_t i)
{
  uint64_t const m = i % 1000 + 1;

  if (i % 500 == 499)
    return (size_t)sprintf(
        s, "info msg %" PRIu64 ": bytes 900 from <thief@example.org> qp %" PRIu64 " uid 89\n", m, i);
  return (size_t)sprintf(
      s, "info msg %" PRIu64 ": bytes 900 from <s%" PRIu64 "@example.org> qp %" PRIu64 " uid 89\n", m, i, i);
}

/* Writes line i to s, which holds NUMBERED_MAX bytes. Returns its length. */
static inline size_t numbered_line(char *s, char kind, uint64_t i)
{
  if (kind == 'a')
    return numbered_stamped(s, i);
  if (kind == 's')
    return numbered_senders(s, i);
  return numbered_qmail(s, i, kind == 'l');
}

/* Reads the index from a whole line of kind 'q' or 'l'. Returns 1, or 0 if this is no such line. */
static inline int numbered_index(char const *s, size_t n, char kind, uint64_t *i)
{
  static char const first[] = "isde";
  static char again[NUMBERED_MAX];
  char const *const kind_of_line = n ? memchr(first, s[0], 4) : 0;
  size_t k = 0;
  uint64_t g = 0;

  if (!kind_of_line || (kind != 'q' && kind != 'l'))
    return 0;
  while (k < n && (s[k] < '0' || s[k] > '9'))
    k++;
  for (; k < n && s[k] >= '0' && s[k] <= '9' && g < UINT64_MAX / 64; k++)
    g = 10 * g + (uint64_t)(s[k] - '0');
  *i = 4 * g + (uint64_t)(kind_of_line - first);
  return numbered_line(again, kind, *i) == n && !memcmp(s, again, n);
}

#endif
